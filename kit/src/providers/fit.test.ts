import fc from 'fast-check';
import type { Content } from '../model/notification/content';
import { content } from '../testing/content';
import { fit, PayloadTooLargeError } from './fit';

const measure = (candidate: Content): number => Buffer.byteLength(JSON.stringify(candidate));
/** Bytes of a push without texts and data. */
const BARE = measure(content({ title: '', body: '', data: {}, requiredData: [] }));

function fitted(over: Partial<Content>, room: number): Content {
  return fit(content({ data: {}, requiredData: [], ...over }), measure, BARE + room);
}

describe('what fits', () => {
  it('is left as it is, to the last byte', () => {
    const exact = content({
      title: 'a'.repeat(10),
      body: 'b'.repeat(20),
      data: {},
      requiredData: [],
    });
    expect(fit(exact, measure, BARE + 30)).toBe(exact);
    expect(fit(exact, measure, BARE + 29)).not.toBe(exact);
  });
});

describe('texts', () => {
  it('lose the end of the body first, as little as needed', () => {
    const { title, body } = fitted({ title: 'Anna', body: 'x'.repeat(50) }, 44);
    expect(title).toBe('Anna');
    expect(body).toBe(`${'x'.repeat(37)}…`);
  });

  it('lose the end of the title when the body is down to an ellipsis', () => {
    const { title, body } = fitted({ title: 'Anna and Bert', body: 'x'.repeat(50) }, 11);
    expect(title).toBe('Anna…');
    expect(body).toBe('…');
  });

  it('are shortened without a body, and without a title', () => {
    const withoutBody = { ...content({ data: {}, requiredData: [], title: 'x'.repeat(100) }) };
    const short = fit(withoutBody, measure, measure(withoutBody) - 50);
    expect(short.title).toBe(`${'x'.repeat(47)}…`);
    expect(short).not.toHaveProperty('body');
    const { title: _, ...withoutTitle } = withoutBody;
    const long: Content = { ...withoutTitle, body: 'y'.repeat(100) };
    expect(fit(long, measure, measure(long) - 50).body).toBe(`${'y'.repeat(47)}…`);
  });

  it('leave no space before the ellipsis', () => {
    expect(fitted({ title: '', body: 'one two three' }, 7).body).toBe('one…');
  });

  it.each([
    ['a family', '👨‍👩‍👧‍👦'],
    ['a flag', '🇩🇪'],
    ['a letter with marks', 'e\u0301\u0323'],
    ['a skin tone', '👍🏽'],
    ['a Devanagari syllable', 'क्षि'],
    ['a line break', '\r\n'],
  ])('are never cut within %s', (_what, grapheme) => {
    const bytes = measure(content({ body: grapheme.repeat(20) })) - measure(content({ body: '' }));
    for (let room = 3; room < bytes; room += 1) {
      const { body = '' } = fitted({ title: '', body: grapheme.repeat(20) }, room);
      expect(body.endsWith('…')).toBe(true);
      const kept = body.slice(0, -1);
      expect(kept).toBe(grapheme.repeat(kept.length / grapheme.length).trimEnd());
    }
  });

  it('become an ellipsis when their first character alone is too large', () => {
    const zalgo = `a${'\u0301'.repeat(5000)}`;
    expect(fitted({ title: '', body: zalgo }, 100).body).toBe('…');
  });

  it('of several megabytes are dealt with quickly', () => {
    const begun = performance.now();
    const { title, body } = fitted(
      { title: '👨‍👩‍👧‍👦'.repeat(100_000), body: 'x'.repeat(5_000_000) },
      4000,
    );
    expect(title?.endsWith('…')).toBe(true);
    expect(body).toBe('…');
    expect(performance.now() - begun).toBeLessThan(2000);
  });
});

describe('optional parts', () => {
  const image = 'https://img.example/1.png';
  const link = 'app://post/1';
  const data = { large: 'x'.repeat(100), small: 'y'.repeat(40), needed: 'z'.repeat(30) };
  const full = { title: 'Title', body: 'Body', image, link, data, requiredData: ['needed'] };
  const dropped = (room: number): string[] => {
    const { image: i, link: l, data: d } = fitted(full, room);
    return [
      i ? '' : 'image',
      ...Object.keys(data).filter((key) => !(key in d)),
      l ? '' : 'link',
    ].filter(Boolean);
  };

  it('go in the order image, data from the largest, link', () => {
    const seen = new Set<string>();
    for (let room = measure(content(full)) - BARE; room >= 60; room -= 1) {
      seen.add(dropped(room).join());
    }
    expect([...seen]).toEqual([
      '',
      'image',
      'image,large',
      'image,large,small',
      'image,large,small,link',
    ]);
  });

  it('are measured in bytes, not in characters', () => {
    const texts = { ascii: 'x'.repeat(30), emoji: '😀'.repeat(12) };
    const { data: kept } = fitted({ title: '', body: '', data: texts }, 70);
    expect(Object.keys(kept)).toEqual(['ascii']);
  });

  it('give their room back to the texts', () => {
    const many = { title: 'Anna', body: 'Good morning', data: { blob: 'x'.repeat(5000) } };
    const result = fitted(many, 200);
    expect(result).toMatchObject({ title: 'Anna', body: 'Good morning', data: {} });
  });

  it('are not dropped while shorter texts are enough', () => {
    const { image: kept, body } = fitted({ title: '', body: 'x'.repeat(500), image }, 100);
    expect(kept).toBe(image);
    expect(body?.endsWith('…')).toBe(true);
  });
});

describe('what can never fit', () => {
  it('is an error that names the bytes, the limit and the required data', () => {
    const impossible = content({ data: { a: 'x'.repeat(500), b: 'y' }, requiredData: ['a'] });
    let error: unknown;
    try {
      fit(impossible, measure, 400);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toBeInstanceOf(PayloadTooLargeError);
    const { bytes, limitBytes, message, name } = error as PayloadTooLargeError;
    const { link: _, ...rest } = impossible;
    const smallest = measure({ ...rest, title: '…', data: { a: 'x'.repeat(500) } });
    expect({ bytes, limitBytes, name }).toEqual({
      bytes: smallest,
      limitBytes: 400,
      name: 'PayloadTooLargeError',
    });
    expect(message).toBe(
      `Notification "like": expected a payload of at most 400 bytes, got ${smallest} bytes after its texts were ` +
        'shortened and its optional parts left out; shorten the required data (a) or the other fields.',
    );
  });

  it('names no data where none is required', () => {
    expect(() => fitted({}, -100)).toThrow('shorten the required data (none) or the other fields');
  });
});

describe('whatever the content', () => {
  const text = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 300 }),
    fc.string({ unit: 'binary', maxLength: 300 }),
  );
  const any = fc
    .record(
      {
        title: text,
        body: text,
        image: fc.webUrl(),
        link: fc.webUrl(),
        data: fc.dictionary(fc.string({ minLength: 1, maxLength: 20 }), text, { maxKeys: 8 }),
      },
      { requiredKeys: ['data'] },
    )
    .chain((over) =>
      fc
        .subarray(Object.keys(over.data))
        .map((requiredData): Content => content({ ...over, requiredData })),
    );

  it('fits or is an error; required data stays, and texts are beginnings of what they were', () => {
    fc.assert(
      fc.property(any, fc.integer({ min: 250, max: 1500 }), (given, limit) => {
        let result: Content;
        try {
          result = fit(given, measure, limit);
        } catch (error) {
          expect(error).toBeInstanceOf(PayloadTooLargeError);
          expect((error as PayloadTooLargeError).bytes).toBeGreaterThan(limit);
          return;
        }
        expect(measure(result)).toBeLessThanOrEqual(limit);
        for (const key of given.requiredData) expect(result.data[key]).toBe(given.data[key]);
        for (const field of ['title', 'body'] as const) {
          const [before, after] = [given[field], result[field]];
          if (before === after) continue;
          expect(after?.endsWith('…')).toBe(true);
          expect(before?.startsWith(after?.slice(0, -1) ?? 'nothing')).toBe(true);
        }
        // The same again changes nothing.
        expect(fit(result, measure, limit)).toBe(result);
      }),
      { seed: 20_261_122, numRuns: 300 },
    );
  });
});

it('what people put into texts that devices look up is shortened last, and then the push fits', () => {
  const long = { key: 'k', args: ['字'.repeat(200), '字'.repeat(200)] };
  const texts = { deviceTexts: { title: long, body: long }, data: { more: 'x'.repeat(2_000) } };
  const { deviceTexts, data } = fitted(texts, 2_000);
  expect(data).toEqual({});
  expect(deviceTexts?.body).toEqual({ key: 'k', args: Array(2).fill(`${'字'.repeat(99)}…`) });
  expect(fitted(texts, 3_000).deviceTexts).toEqual(texts.deviceTexts);
});
