/**
 * The texts of pushes by locale, in ICU message syntax. A new locale is a new file and a line below.
 */
import type { MessageCatalogue } from '@firestore-push/push/lib';
import de from './de.json';
import en from './en.json';

export const messages: MessageCatalogue = { de, en };
