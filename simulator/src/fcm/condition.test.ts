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

  it('agrees with JavaScript on every expression whose order is spelled out', () => {
    const topic = fc.constantFrom('a', 'b', 'c', 'd', 'e');
    const { expression } = fc.letrec<{ expression: string }>((tie) => ({
      expression: fc.oneof(
        { maxDepth: 5 },
        topic.map((name) => `'${name}' in topics`),
        tie('expression').map((inner) => `!(${inner})`),
        fc
          .tuple(tie('expression'), fc.constantFrom('&&', '||'), tie('expression'))
          .map(([left, operator, right]) => `(${left}) ${operator} (${right})`),
      ),
    }));
    fc.assert(
      fc.property(expression, fc.uniqueArray(topic), (text, topics) => {
        const script = text.replaceAll(/'(\w)' in topics/g, (_match, name: string) => {
          return String(topics.includes(name));
        });
        // Booleans, operators and parentheses only, made above.
        const expected: unknown = new Function(`return ${script}`)();
        expect(holds(text, topics)).toBe(expected);
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
