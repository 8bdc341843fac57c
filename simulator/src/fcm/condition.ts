/**
 * Topic conditions: `'A' in topics && ('B' in topics || !('C' in topics))`.
 *
 * What is in parentheses first, then left to right: `&&` binds no tighter than `||`.
 * Source: firebase.google.com/docs/cloud-messaging/send-topic-messages.
 */

/** A parsed condition. */
export type Condition =
  | { readonly topic: string }
  | { readonly not: Condition }
  | {
      readonly operator: '&&' | '||';
      readonly left: Condition;
      readonly right: Condition;
    };

/** Topics one condition may name. */
export const MAX_TOPICS = 5;
/** `!` and `(` nested deeper than this are no condition anyone means. */
const MAX_DEPTH = 50;

/** A topic's name (FCM topic API reference). */
export const TOPIC_NAME = /^[a-zA-Z0-9\-_.~%]{1,900}$/;

const TOKEN = /\s*(?:(&&|\|\||!|\(|\))|'([^']*)'\s+in\s+topics\b)/y;

type Token = '&&' | '||' | '!' | '(' | ')' | { readonly topic: string };

/** Parses a condition; undefined if it is none, names a bad topic, or names more than five. */
export function parseCondition(text: string): Condition | undefined {
  const tokens = tokenize(text);
  if (tokens === undefined) return undefined;
  const named = new Set(tokens.flatMap((token) => (typeof token === 'object' ? token.topic : [])));
  if (named.size > MAX_TOPICS) return undefined;
  const reader = new Reader(tokens);
  const condition = reader.expression(0);
  return reader.atEnd ? condition : undefined;
}

/** Whether a device with these topics meets the condition. */
export function meets(condition: Condition, topics: ReadonlySet<string>): boolean {
  if ('topic' in condition) return topics.has(condition.topic);
  if ('not' in condition) return !meets(condition.not, topics);
  return condition.operator === '&&'
    ? meets(condition.left, topics) && meets(condition.right, topics)
    : meets(condition.left, topics) || meets(condition.right, topics);
}

function tokenize(text: string): Token[] | undefined {
  const tokens: Token[] = [];
  const end = text.trimEnd().length;
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < end) {
    const match = TOKEN.exec(text);
    if (match === null) return undefined;
    const [, operator, topic] = match;
    if (operator !== undefined) tokens.push(operator as Extract<Token, string>);
    else if (topic !== undefined && TOPIC_NAME.test(topic)) tokens.push({ topic });
    else return undefined;
  }
  return tokens;
}

/** Reads tokens from left to right; every method answers undefined for what it cannot read. */
class Reader {
  readonly #tokens: readonly Token[];
  #next = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  get atEnd(): boolean {
    return this.#next === this.#tokens.length;
  }

  expression(depth: number): Condition | undefined {
    let left = this.#operand(depth);
    while (left !== undefined) {
      const operator = this.#tokens[this.#next];
      if (operator !== '&&' && operator !== '||') return left;
      this.#next += 1;
      const right = this.#operand(depth);
      left = right === undefined ? undefined : { operator, left, right };
    }
    return undefined;
  }

  #operand(depth: number): Condition | undefined {
    if (depth > MAX_DEPTH) return undefined;
    const token = this.#tokens[this.#next];
    this.#next += 1;
    if (typeof token === 'object') return token;
    if (token === '!') {
      const not = this.#operand(depth + 1);
      return not === undefined ? undefined : { not };
    }
    if (token !== '(') return undefined;
    const inner = this.expression(depth + 1);
    const closed = this.#tokens[this.#next] === ')';
    this.#next += 1;
    return closed ? inner : undefined;
  }
}
