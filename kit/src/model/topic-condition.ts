/**
 * Conditions over topics, `'news' in topics && ('sport' in topics || 'weather' in topics)`: checked before they are sent, and built.
 *
 * Grammar as FCM documents it: topics in single quotes, `&&`, `||` and parentheses; operators of one level are read from left
 * to right; at most five topics.
 *
 * @see https://firebase.google.com/docs/cloud-messaging/send-topic-messages
 */

/** FCM's limit. */
const MAX_TOPICS = 5;
/** Parentheses in each other: five topics need no more than four, and whoever reads thousands runs out of stack. */
const MAX_DEPTH = 50;
/** FCM's grammar of a topic name (projects.registrations.topicSubscriptions). */
const TOPIC = /^[a-zA-Z0-9-_.~%]{1,900}$/;

export type Condition =
  | { readonly kind: 'topic'; readonly topic: string }
  | { readonly kind: 'and' | 'or'; readonly left: Condition; readonly right: Condition };

/** A condition or topic that FCM would refuse; the message points at the character. */
export class TopicSyntaxError extends Error {
  /** Index of the character in the text, from 0. */
  readonly position: number;

  constructor(text: string, position: number, expected: string) {
    const found = position < text.length ? `"${text.slice(position, position + 12)}"` : 'the end';
    super(
      `Expected ${expected} at character ${position + 1}, got ${found}:\n${text}\n${' '.repeat(position)}^`,
    );
    this.name = 'TopicSyntaxError';
    this.position = position;
  }
}

/** Whether FCM takes this as a topic's name: 1 to 900 of `a-z A-Z 0-9 - _ . ~ %`, without `/topics/` before it. */
export function isTopic(name: string): boolean {
  return TOPIC.test(name);
}

/**
 * Reads a condition.
 *
 * @throws {TopicSyntaxError} pointing at the first character that does not belong.
 */
export function parseCondition(text: string): Condition {
  const reader = new ConditionReader(text);
  return reader.all();
}

/** The topics that a condition names, in order, each once. */
export function topicsOf(condition: Condition): string[] {
  if (condition.kind === 'topic') return [condition.topic];
  return [...new Set([...topicsOf(condition.left), ...topicsOf(condition.right)])];
}

/** Whether a device with these topics is meant. */
export function holds(condition: Condition, topics: ReadonlySet<string>): boolean {
  switch (condition.kind) {
    case 'topic':
      return topics.has(condition.topic);
    case 'and':
      return holds(condition.left, topics) && holds(condition.right, topics);
    case 'or':
      return holds(condition.left, topics) || holds(condition.right, topics);
  }
}

/** A topic's name, or a condition that was built. */
export type Term = string | { readonly condition: string };

/**
 * Builds a condition that holds where all terms hold.
 *
 * @throws {TopicSyntaxError} for a name that is no topic, or more than five topics.
 * @example
 * ```ts
 * import { allOf, anyOf } from '@firestore-push/push/lib';
 *
 * const { condition } = allOf('news', anyOf('sport', 'weather'));
 * condition; // => "'news' in topics && ('sport' in topics || 'weather' in topics)"
 * ```
 */
export function allOf(first: Term, ...rest: Term[]): { readonly condition: string } {
  return combined('&&', [first, ...rest]);
}

/** Builds a condition that holds where any term holds; see {@link allOf}. */
export function anyOf(first: Term, ...rest: Term[]): { readonly condition: string } {
  return combined('||', [first, ...rest]);
}

function combined(operator: '&&' | '||', terms: readonly Term[]): { readonly condition: string } {
  const parts = terms.map((term) => {
    if (typeof term === 'string') return `'${term}' in topics`;
    return terms.length === 1 ? term.condition : `(${term.condition})`;
  });
  const condition = parts.join(` ${operator} `);
  parseCondition(condition);
  return { condition };
}

class ConditionReader {
  private readonly text: string;
  private readonly topics = new Set<string>();
  private at = 0;
  private depth = 0;

  constructor(text: string) {
    this.text = text;
  }

  all(): Condition {
    const condition = this.expression();
    if (this.at < this.text.length) this.fail('&&, || or the end');
    return condition;
  }

  private expression(): Condition {
    let left = this.operand();
    for (;;) {
      const operator = this.take('&&') ? 'and' : this.take('||') ? 'or' : undefined;
      if (operator === undefined) return left;
      left = { kind: operator, left, right: this.operand() };
    }
  }

  private operand(): Condition {
    if (this.take('(')) {
      this.depth += 1;
      if (this.depth > MAX_DEPTH) this.fail(`at most ${MAX_DEPTH} nested parentheses`);
      const inner = this.expression();
      if (!this.take(')')) this.fail('&&, || or )');
      this.depth -= 1;
      return inner;
    }
    return this.topic();
  }

  private topic(): Condition {
    if (!this.take("'")) this.fail("a topic in single quotes, such as 'news' in topics, or (");
    const start = this.at;
    const end = this.text.indexOf("'", start);
    if (end === -1) this.fail("a topic's name and a closing '");
    const topic = this.text.slice(start, end);
    if (!isTopic(topic)) this.fail("a topic's name of 1 to 900 of a-z A-Z 0-9 - _ . ~ %");
    this.topics.add(topic);
    if (this.topics.size > MAX_TOPICS) this.fail(`at most ${MAX_TOPICS} topics`);
    this.at = end + 1;
    for (const word of ['in', 'topics']) this.word(word);
    return { kind: 'topic', topic };
  }

  private take(word: string): boolean {
    this.skipSpace();
    if (!this.text.startsWith(word, this.at)) return false;
    this.at += word.length;
    // A topic's name begins right after its quote: spaces there are part of what is checked.
    if (word !== "'") this.skipSpace();
    return true;
  }

  /** A word after at least one space, and of its own. */
  private word(word: string): void {
    const start = this.at;
    this.skipSpace();
    const isThere = this.at > start && this.text.startsWith(word, this.at);
    const end = this.at + word.length;
    if (!isThere || /^\w/.test(this.text.slice(end, end + 1))) this.fail('in topics');
    this.at = end;
  }

  private skipSpace(): void {
    while (this.text[this.at] === ' ') this.at += 1;
  }

  private fail(expected: string): never {
    throw new TopicSyntaxError(this.text, this.at, expected);
  }
}
