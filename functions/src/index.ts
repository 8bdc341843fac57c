/**
 * What is deployed: the kit's functions, and the catalogue.
 */
import { afterFirstDeploy } from 'firebase-functions/lifecycle';
import './push';

export * from '@firestore-push/push';
export * from './notifications';

// It counts what users have from before, and changes nothing: see docs/tokens.md.
afterFirstDeploy({ task: { function: 'backfillDryRun', body: { data: {} } } });
