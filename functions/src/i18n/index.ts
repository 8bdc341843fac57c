/**
 * The texts of pushes by locale, in ICU message syntax. A new locale is a new file and a line below.
 */
import de from './de.json';
import en from './en.json';

/** Locale (BCP 47) → key → message. */
export type MessageCatalogue = Readonly<Record<string, Readonly<Record<string, string>>>>;

export const messages: MessageCatalogue = { de, en };
