/**
 * What is deployed: the kit's functions, and the catalogue.
 */
import './push';

export * from '@firestore-push/push';
export * from './notifications';
