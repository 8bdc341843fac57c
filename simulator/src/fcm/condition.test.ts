import fc from 'fast-check';
import { meets, parseCondition } from './condition.ts';

const holds = (text: string, topics: string[]) => {
  const condition = parseCondition(text);
  if (condition === undefined) throw new Error(`Expected a condition, got ${text}`);
  return meets(condition, new Set(topics));
};

describe('topic conditions', () => {
  it('combines topics with and, or, not and parentheses', () => {
    const text = "'a' in topics && ('b' in topics || !('c' in topics))";
    expect(holds(text, ['a', 'b', 'c'])).toBe(true);
    expect(holds(text, ['a'])).toBe(true);
    expect(holds(text, ['a', 'c'])).toBe(false);
    expect(holds(text, ['b'])).toBe(false);
  });

  it('reads from left to right: and binds no tighter than or', () => {
    expect(holds("'a' in topics || 'b' in topics && 'c' in topics", ['a'])).toBe(false);
  });

  it.each([
    ['nothing', ''],
    ['a bare name', 'a'],
    ['an unquoted topic', 'a in topics'],
    ['a single ampersand', "'a' in topics & 'b' in topics"],
    ['an operator at the end', "'a' in topics &&"],
    ['two topics without an operator', "'a' in topics 'b' in topics"],
    ['an open parenthesis', "('a' in topics"],
    ['a closed one that was never opened', "'a' in topics)"],
    ['a topic with a space', "'a b' in topics"],
    ['six topics', [1, 2, 3, 4, 5, 6].map((n) => `'t${n}' in topics`).join(' || ')],
    ['parentheses deeper than anyone means', `${'('.repeat(99)}'a' in topics${')'.repeat(99)}`],
  ])('refuses %s', (_what, text) => {
    expect(parseCondition(text)).toBeUndefined();
  });

  it('means what it spells out, however deep', () => {
    interface Expression {
      readonly text: string;
      readonly holds: (topics: readonly string[]) => boolean;
    }
    const topic = fc.constantFrom('a', 'b', 'c', 'd', 'e');
    const { expression } = fc.letrec<{ expression: Expression }>((tie) => ({
      expression: fc.oneof(
        { maxDepth: 5 },
        topic.map((name): Expression => ({
          text: `'${name}' in topics`,
          holds: (topics) => topics.some((each) => each === name),
        })),
        tie('expression').map((inner): Expression => ({
          text: `!(${inner.text})`,
          holds: (topics) => !inner.holds(topics),
        })),
        fc
          .tuple(tie('expression'), fc.boolean(), tie('expression'))
          .map(([left, isAnd, right]): Expression => ({
            text: `(${left.text}) ${isAnd ? '&&' : '||'} (${right.text})`,
            holds: (topics) =>
              isAnd
                ? left.holds(topics) && right.holds(topics)
                : left.holds(topics) || right.holds(topics),
          })),
      ),
    }));
    fc.assert(
      fc.property(expression, fc.uniqueArray(topic), (expected, topics) => {
        expect(holds(expected.text, topics)).toBe(expected.holds(topics));
      }),
    );
  });

  it('answers for any text whatever without throwing', () => {
    const piece = fc.constantFrom("'a' in topics", '&&', '||', '(', ')', '!', ' ', "'", 'in');
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.array(piece).map((all) => all.join('')),
        ),
        (text) => {
          parseCondition(text);
        },
      ),
    );
  });
});
