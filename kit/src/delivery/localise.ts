/**
 * Puts texts into the recipient's language: ICU messages by key, formatted once a locale, not once a person.
 *
 * Invariant: whatever way a text came, what leaves here is fit to be shown (`model/notification/text.ts`), and an alert has a text.
 */
import type { IntlMessageFormat } from 'intl-messageformat';
import { asName, showable, type TextShape } from '../model/notification/text';
import { own } from '../model/own';
import type { Content, DeviceText, Draft, Text } from '../model/notification/content';
import { MAX_ARG_UNITS } from '../model/notification/shorten';
import type { MessageCatalogue } from '../model/message-catalogue';
import { nearestLocale } from '../model/nearest-locale';

/** A message of the catalogue with its arguments. */
type Message = Extract<Text, { readonly key: string }>;

type Name = 'title' | 'subtitle' | 'body';

const TEXTS: readonly Name[] = ['title', 'subtitle', 'body'];
const SHAPES: Readonly<Record<Name, TextShape>> = {
  title: 'line',
  subtitle: 'line',
  body: 'lines',
};
/** Problems that are remembered so that each is said once; an outbox can name any number of keys. */
const MAX_WARNED = 1000;

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
  /** Which way each language's text runs: asking `Intl` takes longer than formatting. */
  private readonly directions = new Map<string, 'ltr' | 'rtl'>();
  private readonly warned = new Set<string>();
  private readonly nearest: (wanted: unknown) => string;
  /** As the catalogue spells it. */
  private readonly defaultLocale: string;

  constructor(options: LocaliserOptions) {
    this.options = options;
    const available = Object.keys(options.messages);
    this.defaultLocale = nearestLocale(available, options.defaultLocale)(options.defaultLocale);
    this.nearest = nearestLocale(available, this.defaultLocale);
  }

  /**
   * The locale of the catalogue that serves a person best: the nearest by CLDR's language matching, else the default.
   *
   * @param wanted what stands in `users/{uid}.locale`, of whatever type.
   */
  localeFor(wanted: unknown): string {
    return this.nearest(wanted);
  }

  /** Whether a push differs from language to language. */
  isLocalised(draft: Draft): boolean {
    return TEXTS.some((name) => isMessage(draft[name]));
  }

  /** The push in a locale of the catalogue. */
  async localise(draft: Draft, locale: string): Promise<Content> {
    const { title: _title, subtitle: _subtitle, body: _body, choice: _ours, ...content } = draft;
    const texts: Partial<Record<Name, string>> = {};
    const deviceTexts: Partial<Record<Name, DeviceText>> = {};
    for (const name of TEXTS) {
      const text = draft[name];
      if (text === undefined) continue;
      let plain: string | undefined;
      if (typeof text === 'string') plain = text;
      else if (isMessage(text)) plain = await this.text(text, locale);
      else {
        deviceTexts[name] = deviceText(text);
        plain = text.fallback;
      }
      const shown = plain === undefined ? '' : showable(plain, SHAPES[name]);
      if (shown !== '') texts[name] = shown;
    }
    if (draft.style === 'alert' && texts.title === undefined && texts.body === undefined) {
      // Messages that came out empty: as for one that is missing, the key is better than an empty notification.
      const message = [draft.title, draft.body].find(isMessage);
      if (message !== undefined) texts.title = showable(message.key, 'line');
    }
    return {
      ...content,
      ...texts,
      ...(Object.keys(deviceTexts).length === 0 ? {} : { deviceTexts }),
    };
  }

  /**
   * The message in a locale of the catalogue. Falls back to the default locale's message, then to the key: a push in another
   * language is better than none. Values are one line, and kept apart where they run against the message's direction.
   */
  async text({ key, args = {} }: Message, locale: string): Promise<string> {
    for (const each of new Set([locale, this.defaultLocale])) {
      const format = await this.format(key, each);
      if (format === undefined) continue;
      try {
        return String(format.format(named(args, this.direction(each))));
      } catch (error) {
        this.warn(key, each, error instanceof Error ? error.message : String(error));
      }
    }
    return key;
  }

  /** Warns where the message of a locale is missing or does not parse. */
  async check(key: string, locale: string): Promise<void> {
    await this.format(key, locale);
  }

  private direction(locale: string): 'ltr' | 'rtl' {
    let direction = this.directions.get(locale);
    if (direction === undefined) this.directions.set(locale, (direction = directionOf(locale)));
    return direction;
  }

  private async format(key: string, locale: string): Promise<IntlMessageFormat | undefined> {
    const id = `${locale}/${key}`;
    if (this.formats.has(id)) return this.formats.get(id);
    const message = own(own(this.options.messages, locale) ?? {}, key);
    if (message === undefined) {
      this.warn(key, locale, 'there is no such message');
      return undefined;
    }
    const format = await this.compile(key, locale, message);
    this.formats.set(id, format);
    return format;
  }

  private async compile(
    key: string,
    locale: string,
    message: string,
  ): Promise<IntlMessageFormat | undefined> {
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
    if (this.warned.size >= MAX_WARNED) this.warned.clear();
    this.warned.add(id);
    this.options.warn({ key, locale, what });
  }
}

function isMessage(text: Text | undefined): text is Message {
  return typeof text === 'object' && 'key' in text;
}

/** Values of a message, each so that it cannot reach beyond its place. */
function named(
  args: NonNullable<Message['args']>,
  direction: 'ltr' | 'rtl',
): Record<string, string | number> {
  const values = Object.entries(args).map(([name, value]) => [
    name,
    typeof value === 'string' ? asName(value, direction, MAX_ARG_UNITS) : value,
  ]);
  return Object.fromEntries(values) as Record<string, string | number>;
}

function deviceText({
  locKey,
  locArgs = [],
}: Extract<Text, { readonly locKey: string }>): DeviceText {
  return {
    key: showable(locKey, 'lines'),
    // Which way the device's text runs is not known here: most run from left to right.
    args: locArgs.map((arg) => asName(arg, 'ltr', MAX_ARG_UNITS)),
  };
}

/** Which way a language's text runs. */
function directionOf(locale: string): 'ltr' | 'rtl' {
  return RIGHT_TO_LEFT_SCRIPTS.test(scriptOf(locale)) ? 'rtl' : 'ltr';
}

const RIGHT_TO_LEFT_SCRIPTS = /^(?:Adlm|Arab|Hebr|Mand|Mend|Nkoo|Rohg|Samr|Syrc|Thaa)$/;

function scriptOf(locale: string): string {
  try {
    return new Intl.Locale(locale.replaceAll('_', '-')).maximize().script ?? '';
  } catch (error) {
    // A catalogue may have any name, such as `klingon`.
    if (error instanceof RangeError) return '';
    throw error;
  }
}
