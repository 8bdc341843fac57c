/**
 * The texts of an app's pushes.
 */

/** Locale (BCP 47, e.g. `pt-BR`) → key → message in ICU syntax. */
export type MessageCatalogue = Readonly<Record<string, Readonly<Record<string, string>>>>;
