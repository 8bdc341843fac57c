/**
 * Puts texts into the recipient's language: ICU messages by key, formatted once a locale, not once a person.
 */
import type { IntlMessageFormat } from 'intl-messageformat';
import type { MessageCatalogue } from '../i18n';

/** A text as it stands, or the key of a message in `functions/src/i18n/*.json` with its arguments. */
export type Text =
  | string
  | { readonly key: string; readonly args?: Readonly<Record<string, string | number>> | undefined };

export interface LocaliserOptions {
  readonly messages: MessageCatalogue;
  /** Locale of whoever has none, or one without messages. */
  readonly defaultLocale: string;
  /** Says once for each that a message is missing or does not format. */
  readonly warn: (problem: {
    readonly key: string;
    readonly locale: string;
    readonly what: string;
  }) => void;
}

export class Localiser {
  private readonly options: LocaliserOptions;
  private readonly formats = new Map<string, IntlMessageFormat | undefined>();
  private readonly warned = new Set<string>();

  constructor(options: LocaliserOptions) {
    this.options = options;
  }

  /**
   * The locale of the catalogue that serves a person best: exactly theirs, its language, else the default.
   *
   * @param wanted what stands in `users/{uid}.locale`, of whatever type.
   */
  localeFor(wanted: unknown): string {
    const { messages, defaultLocale } = this.options;
    if (typeof wanted !== 'string') return defaultLocale;
    const tag = wanted.replaceAll('_', '-');
    for (const candidate of [tag, tag.split('-', 1)[0] ?? '']) {
      const known = Object.keys(messages).find(
        (locale) => locale.toLowerCase() === candidate.toLowerCase(),
      );
      if (known !== undefined) return known;
    }
    return defaultLocale;
  }

  /**
   * The text in a locale of the catalogue. Falls back to the default locale's message, then to the key: a push in another
   * language is better than none.
   */
  async text(text: Text, locale: string): Promise<string> {
    if (typeof text === 'string') return text;
    const { key, args } = text;
    for (const each of new Set([locale, this.options.defaultLocale])) {
      const format = await this.format(key, each);
      if (format === undefined) continue;
      try {
        return String(format.format(args));
      } catch (error) {
        this.warn(key, each, error instanceof Error ? error.message : String(error));
      }
    }
    return key;
  }

  private async format(key: string, locale: string): Promise<IntlMessageFormat | undefined> {
    const id = `${locale}/${key}`;
    if (this.formats.has(id)) return this.formats.get(id);
    const format = await this.compile(key, locale);
    this.formats.set(id, format);
    return format;
  }

  private async compile(key: string, locale: string): Promise<IntlMessageFormat | undefined> {
    const message = this.options.messages[locale]?.[key];
    if (message === undefined) {
      this.warn(key, locale, 'there is no such message');
      return undefined;
    }
    // Loaded when first needed: most deployments have one language.
    const { IntlMessageFormat } = await import('intl-messageformat');
    try {
      // Texts go to lock screens, not into pages: what looks like a tag is a text.
      return new IntlMessageFormat(message, locale, undefined, { ignoreTag: true });
    } catch (error) {
      this.warn(key, locale, error instanceof Error ? error.message : String(error));
      return undefined;
    }
  }

  private warn(key: string, locale: string, what: string): void {
    const id = `${locale}/${key}/${what}`;
    if (this.warned.has(id)) return;
    this.warned.add(id);
    this.options.warn({ key, locale, what });
  }
}
