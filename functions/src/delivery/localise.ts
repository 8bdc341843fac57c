/**
 * Puts texts into the recipient's language: ICU messages by key, formatted once a locale, not once a person.
 */
import type { IntlMessageFormat } from 'intl-messageformat';
import type { MessageCatalogue } from '../i18n';
import { own } from '../model/own';
import type { Content, DeviceText, Draft, Text } from '../providers/content';

/** A message of `functions/src/i18n/*.json` with its arguments. */
type Message = Extract<Text, { readonly key: string }>;

const TEXTS = ['title', 'subtitle', 'body'] as const;

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

  /** Whether a push differs from language to language. */
  isLocalised(draft: Draft): boolean {
    return TEXTS.some((name) => isMessage(draft[name]));
  }

  /** The push in a locale of the catalogue. */
  async localise(draft: Draft, locale: string): Promise<Content> {
    const { title: _title, subtitle: _subtitle, body: _body, ...content } = draft;
    const texts: Partial<Record<(typeof TEXTS)[number], string>> = {};
    const deviceTexts: Partial<Record<(typeof TEXTS)[number], DeviceText>> = {};
    for (const name of TEXTS) {
      const text = draft[name];
      if (text === undefined) continue;
      if (typeof text === 'string') texts[name] = text;
      else if (isMessage(text)) texts[name] = await this.text(text, locale);
      else {
        deviceTexts[name] = { key: text.locKey, args: text.locArgs ?? [] };
        if (text.fallback !== undefined) texts[name] = text.fallback;
      }
    }
    return {
      ...content,
      ...texts,
      ...(Object.keys(deviceTexts).length === 0 ? {} : { deviceTexts }),
    };
  }

  /**
   * The message in a locale of the catalogue. Falls back to the default locale's message, then to the key: a push in another
   * language is better than none.
   */
  async text({ key, args }: Message, locale: string): Promise<string> {
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
    const message = own(own(this.options.messages, locale) ?? {}, key);
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

function isMessage(text: Text | undefined): text is Message {
  return typeof text === 'object' && 'key' in text;
}
