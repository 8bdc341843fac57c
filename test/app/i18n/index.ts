import type { MessageCatalogue } from '@firestore-push/push/lib';
import de from './de.json';
import en from './en.json';

export const messages: MessageCatalogue = { de, en };
