import { compileApns } from '../providers/apns/compile';
import { type Text } from '../model/notification/content';
import { SENT_AT } from '../testing/content';
import { compileFcm } from '../providers/fcm/compile';
import { Localiser, type LocaliserOptions } from './localise';

const MESSAGES = {
  en: {
    likes: '{count, plural, one {# like} other {# likes}}',
    hello: 'Hello {name}',
    onlyEnglish: 'Only here',
    broken: '{name',
    tag: '<b>{name}</b>',
  },
  ru: {
    likes: '{count, plural, one {# лайк} few {# лайка} other {# лайков}}',
    hello: 'Привет, {name}',
  },
  'pt-BR': { hello: 'Oi, {name}' },
};

function localiser(more: Partial<LocaliserOptions> = {}) {
  const warnings: object[] = [];
  const made = new Localiser({
    messages: MESSAGES,
    defaultLocale: 'en',
    warn: (problem) => warnings.push(problem),
    ...more,
  });
  return { made, warnings };
}

describe('Localiser.localeFor', () => {
  it.each<[unknown, string]>([
    ['ru', 'ru'],
    ['ru-RU', 'ru'],
    ['RU_ru', 'ru'],
    ['pt-BR', 'pt-BR'],
    ['pt_br', 'pt-BR'],
    ['pt-PT', 'pt-BR'],
    ['tlh', 'en'],
    ['', 'en'],
    [undefined, 'en'],
    [7, 'en'],
  ])('of %j is %s', (wanted, locale) => {
    expect(localiser().made.localeFor(wanted)).toBe(locale);
  });
});

describe('Localiser.text', () => {
  it.each([
    ['en', 1, '1 like'],
    ['en', 2, '2 likes'],
    ['ru', 1, '1 лайк'],
    ['ru', 3, '3 лайка'],
    ['ru', 5, '5 лайков'],
  ])('chooses the plural of %s for %i', async (locale, count, expected) => {
    expect(await localiser().made.text({ key: 'likes', args: { count } }, locale)).toBe(expected);
  });

  it('keeps what looks like a tag', async () => {
    const text = await localiser().made.text({ key: 'tag', args: { name: '<i>' } }, 'en');
    expect(text).toBe('<b><i></b>');
  });

  it('falls back to the default locale and says so once', async () => {
    const { made, warnings } = localiser();
    expect(await made.text({ key: 'onlyEnglish' }, 'ru')).toBe('Only here');
    expect(await made.text({ key: 'onlyEnglish' }, 'ru')).toBe('Only here');
    expect(warnings).toEqual([
      { key: 'onlyEnglish', locale: 'ru', what: 'there is no such message' },
    ]);
  });

  it.each([
    ['a key nobody has', { key: 'nobody' }],
    ['a message that does not parse', { key: 'broken' }],
    ['an argument that is missing', { key: 'hello' }],
  ])('shows the key for %s, and says so once', async (_what, text) => {
    const { made, warnings } = localiser();
    expect(await made.text(text, 'en')).toBe(text.key);
    expect(await made.text(text, 'en')).toBe(text.key);
    expect(warnings).toHaveLength(1);
  });
});

describe('Localiser.text, of names', () => {
  const messages = {
    en: { liked: '{name} liked your post', 'constructor.x': 'x' },
    ar: { liked: 'أعجب {name} بمنشورك' },
  };

  it.each([
    ['en', 'Lia', 'Lia liked your post'],
    ['en', 'נועה', '\u2068נועה\u2069 liked your post'],
    ['ar', 'Lia', 'أعجب \u2068Lia\u2069 بمنشورك'],
    ['ar', 'ليا', 'أعجب ليا بمنشورك'],
    ['en', 'Google\nYour code is 1234', 'Google Your code is 1234 liked your post'],
    ['en', 'photo\u202Egpj', 'photogpj liked your post'],
  ])('in %s puts %j into its place', async (locale, name, text) => {
    const { made } = localiser({ messages });
    expect(await made.text({ key: 'liked', args: { name } }, locale)).toBe(text);
  });

  it.each(['constructor', '__proto__', 'toString'])('knows no message %s', async (key) => {
    const { made, warnings } = localiser({ messages });
    expect(await made.text({ key }, 'en')).toBe(key);
    expect(warnings).toHaveLength(1);
    expect(await made.text({ key: 'liked', args: { name: 'Lia' } }, key)).toBe(
      'Lia liked your post',
    );
  });
});

describe('Localiser.localise', () => {
  const DRAFT = {
    type: 'like',
    deliveryId: 'like-e1',
    style: 'alert',
    data: {},
    requiredData: [],
    tag: 't',
    priority: 'high',
    expiresAt: 1,
  } as const;

  it('leaves plain texts alone, whatever they look like', async () => {
    const draft = { ...DRAFT, title: '{count, plural,', body: 'key' };
    expect(localiser().made.isLocalised(draft)).toBe(false);
    expect(await localiser().made.localise(draft, 'ru')).toEqual(draft);
  });

  it('puts every message into the language', async () => {
    const draft = { ...DRAFT, title: { key: 'hello', args: { name: 'Оля' } }, body: 'as it is' };
    expect(localiser().made.isLocalised(draft)).toBe(true);
    expect(await localiser().made.localise(draft, 'ru')).toEqual({
      ...DRAFT,
      title: 'Привет, Оля',
      body: 'as it is',
    });
  });

  it('hands keys of the app on to the device, with the fallback for those who have none', async () => {
    const draft = {
      ...DRAFT,
      title: { locKey: 'LIKE_TITLE', fallback: 'A like' },
      body: { locKey: 'LIKE_BODY', locArgs: ['Lia'] },
    };
    expect(await localiser().made.localise(draft, 'ru')).toEqual({
      ...DRAFT,
      title: 'A like',
      deviceTexts: {
        title: { key: 'LIKE_TITLE', args: [] },
        body: { key: 'LIKE_BODY', args: ['Lia'] },
      },
    });
  });
});

describe('what is shown, whichever way it came', () => {
  const DRAFT = {
    type: 'like',
    deliveryId: 'like-e1',
    data: {},
    requiredData: [],
    tag: 't',
    priority: 'high',
    expiresAt: SENT_AT,
  } as const;
  const HOSTILE = 'a\u202E\u0000\u200B\u001B[31mb\u2066\nc\uD800';
  const messages = { en: { says: 'says {text}', empty: '{text}' } };
  /** Every way for a text: name → the text. */
  const ways: Record<string, (text: string) => Text> = {
    plain: (text) => text,
    'a value of a message': (text) => ({ key: 'says', args: { text } }),
    'a fallback': (fallback) => ({ locKey: 'KEY', fallback }),
    'a value on the device': (text) => ({ locKey: 'KEY', locArgs: [text] }),
  };
  const formats = ['plain', 'Expo'].flatMap((format) =>
    (['alert', 'data'] as const).flatMap((style) =>
      Object.keys(ways).map((way) => ({ format, style, way })),
    ),
  );

  it.each(formats)('is rid of what nobody may see: %j', async ({ format, style, way }) => {
    const { made } = localiser({ messages });
    const text = (ways[way] as (text: string) => Text)(HOSTILE);
    const expo = format === 'Expo' ? { expo: { experienceId: '@lia/birds' } } : {};
    const draft = { ...DRAFT, ...expo, style, title: text, subtitle: text, body: text };
    const push = await made.localise(draft, 'en');
    const sent = [
      compileFcm(push, SENT_AT).render('fid', 'x'),
      compileApns(push, SENT_AT).body,
    ].map((json) => JSON.parse(json) as unknown);
    const strings = sent.flatMap(stringsIn);
    expect(strings.some((each) => each.includes('[31mb'))).toBe(
      way !== 'a value on the device' || style === 'alert',
    );
    for (const each of strings) {
      expect(each).not.toMatch(/[\p{Cc}--\n]|[\u200B\u202E\u2066]|\\u[0-2]/v);
      expect(each.isWellFormed()).toBe(true);
    }
    for (const name of ['title', 'subtitle'] as const) expect(push[name] ?? '').not.toContain('\n');
  });

  it('is the key where a message came out empty and nothing else is there', async () => {
    const { made } = localiser({ messages });
    const title = { key: 'empty', args: { text: '\u200B' } };
    expect(await made.localise({ ...DRAFT, style: 'alert', title }, 'en')).toMatchObject({
      title: 'empty',
    });
    const push = await made.localise({ ...DRAFT, style: 'alert', title, body: 'b' }, 'en');
    expect(push).not.toHaveProperty('title');
  });
});

function stringsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(stringsIn) : [];
}

it.each(['en-US', 'en_GB', 'EN'])(
  'where the default locale is called %s, people without one get the texts, not their keys',
  async (defaultLocale) => {
    const localiser = new Localiser({
      messages: { de: { hello: 'Hallo' }, en: { hello: 'Hello' } },
      defaultLocale,
      warn: () => undefined,
    });
    const locale = localiser.localeFor(undefined);
    expect(await localiser.text({ key: 'hello' }, locale)).toBe('Hello');
  },
);
