import fc from 'fast-check';
import {
  allOf,
  anyOf,
  holds,
  isTopic,
  parseCondition,
  topicsOf,
  TopicSyntaxError,
  type Term,
} from './topic-condition';

describe('parseCondition', () => {
  it.each<[string, string[], boolean]>([
    ["'a' in topics", ['a'], true],
    ["'a' in topics", ['b'], false],
    ["'a' in topics && 'b' in topics", ['a', 'b'], true],
    ["'a' in topics && 'b' in topics", ['a'], false],
    ["'a' in topics || 'b' in topics", ['b'], true],
    ["'a' in topics && ('b' in topics || 'c' in topics)", ['a', 'c'], true],
    ["'a' in topics && ('b' in topics || 'c' in topics)", ['b', 'c'], false],
    // From left to right, without precedence: (a || b) && c.
    ["'a' in topics || 'b' in topics && 'c' in topics", ['a'], false],
    ["  ( 'a'   in topics)&&'b' in topics ", ['a', 'b'], true],
  ])('%s with %j: %s', (text, topics, expected) => {
    expect(holds(parseCondition(text), new Set(topics))).toBe(expected);
  });

  it.each<[string, number]>([
    ['', 0],
    ["'a'", 3],
    ["'a' in topic", 7],
    ["'a in topics", 1],
    ["'a b' in topics", 1],
    ["'' in topics", 1],
    ["'a' in topics &&", 16],
    ["'a' in topics & 'b' in topics", 14],
    ["('a' in topics", 14],
    ["'a' in topics)", 13],
    ["!('a' in topics)", 0],
    ["'a'in topics", 3],
    ["'a' intopics", 4],
    ["'a' in topicsX", 7],
    [`${'('.repeat(51)}'a' in topics`, 51],
    ['('.repeat(200_000), 51],
    ['"a" in topics', 0],
    [[...'abcdef'].map((topic) => `'${topic}' in topics`).join(' && '), 86],
  ])('refuses %j and points at character %i', (text, position) => {
    const act = () => parseCondition(text);
    expect(act).toThrow(TopicSyntaxError);
    expect(act).toThrow(expect.objectContaining({ position }) as Error);
  });

  it('shows where the mistake is', () => {
    expect(() => parseCondition("'a' in topics & 'b' in topics")).toThrow(
      "Expected &&, || or the end at character 15, got \"& 'b' in top\":\n'a' in topics & 'b' in topics\n              ^",
    );
  });

  it('counts a topic that is named twice once', () => {
    const twice = [...'abcdea'].map((topic) => `'${topic}' in topics`).join(' || ');
    expect(topicsOf(parseCondition(twice))).toEqual(['a', 'b', 'c', 'd', 'e']);
  });

  it('either reads a text or points into it, for any text', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^['a-z()&| ]{0,40}$/), (text) => {
        try {
          expect(topicsOf(parseCondition(text)).length).toBeGreaterThan(0);
        } catch (error) {
          expect(error).toBeInstanceOf(TopicSyntaxError);
          const { position } = error as TopicSyntaxError;
          expect(position).toBeGreaterThanOrEqual(0);
          expect(position).toBeLessThanOrEqual(text.length);
        }
      }),
    );
  });
});

describe('allOf and anyOf', () => {
  it('build the condition of the documentation', () => {
    expect(allOf('weather', anyOf('news', 'traffic')).condition).toBe(
      "'weather' in topics && ('news' in topics || 'traffic' in topics)",
    );
  });

  it('refuse what FCM would refuse', () => {
    expect(() => allOf('a b')).toThrow(TopicSyntaxError);
    expect(() => anyOf('a', 'b', 'c', 'd', 'e', 'f')).toThrow('at most 5 topics');
  });

  it('mean what they say, whatever is put together', () => {
    const topic = fc.constantFrom('a', 'b', 'c', 'd');
    type Tree = string | { readonly all: boolean; readonly parts: Tree[] };
    const { tree } = fc.letrec<{ tree: Tree }>((tie) => ({
      tree: fc.oneof(
        { depthSize: 'small' },
        topic,
        fc.record({
          all: fc.boolean(),
          parts: fc.array(tie('tree'), { minLength: 1, maxLength: 3 }),
        }),
      ),
    }));
    const build = (node: Tree): Term => {
      if (typeof node === 'string') return node;
      const [first, ...rest] = node.parts.map(build) as [Term, ...Term[]];
      return node.all ? allOf(first, ...rest) : anyOf(first, ...rest);
    };
    const truth = (node: Tree, topics: ReadonlySet<string>): boolean => {
      if (typeof node === 'string') return topics.has(node);
      return node.all
        ? node.parts.every((part) => truth(part, topics))
        : node.parts.some((part) => truth(part, topics));
    };
    fc.assert(
      fc.property(tree, fc.subarray(['a', 'b', 'c', 'd']), (node, subscribed) => {
        const built = build(node);
        const text = typeof built === 'string' ? allOf(built).condition : built.condition;
        const topics = new Set(subscribed);
        expect(holds(parseCondition(text), topics)).toBe(truth(node, topics));
      }),
    );
  });
});

describe('isTopic', () => {
  it.each([
    ['news', true],
    ['a-Z_0.9~%', true],
    ['x'.repeat(900), true],
    ['x'.repeat(901), false],
    ['', false],
    ['/topics/news', false],
    ['a b', false],
    ['ü', false],
  ])('%s: %s', (name, expected) => {
    expect(isTopic(name)).toBe(expected);
  });
});
