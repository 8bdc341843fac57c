import { messages as shipped } from '../i18n';
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
    ['pt-PT', 'en'],
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

describe('the messages that are shipped', () => {
  it('have the same keys in every locale, and all of them parse', async () => {
    const { made, warnings } = localiser({ messages: shipped });
    const keys = Object.keys(shipped['en'] ?? {}).sort();
    for (const [locale, own] of Object.entries(shipped)) {
      expect({ locale, keys: Object.keys(own).sort() }).toEqual({ locale, keys });
      for (const key of keys) await made.text({ key, args: { name: 'Lia', room: 'Trip' } }, locale);
    }
    expect(warnings).toEqual([]);
  });
});
