/**
 * Which topics a user may join: the one place that decides. Leaving is always allowed.
 */
import { isTopic } from '../model/topic-condition';

/**
 * The policy of a list of patterns and of the catalogue's own topics.
 *
 * @param patterns separated by commas, e.g. `news-*,weather`; `*` stands for any characters of a topic's name, or none.
 * @param declared names that are open whatever the patterns say.
 * @throws {Error} for a pattern or name that no topic can match.
 */
export function topicPolicy(
  patterns: string,
  declared: readonly string[],
): (topic: string) => boolean {
  const wrong = declared.find((name) => !isTopic(name));
  if (wrong !== undefined) {
    throw new Error(`configurePush({ topics }): expected topic names, got "${wrong}".`);
  }
  const open = new Set(declared);
  const expressions = patterns
    .split(',')
    .map((pattern) => pattern.trim())
    .filter((pattern) => pattern !== '')
    .map(expressionOf);
  return (topic) =>
    isTopic(topic) && (open.has(topic) || expressions.some((expression) => expression.test(topic)));
}

function expressionOf(pattern: string): RegExp {
  if (!/^[a-zA-Z0-9-_.~%*]+$/.test(pattern)) {
    throw new Error(
      `TOPICS_ALLOWED: expected topics of a-z A-Z 0-9 - _ . ~ % and *, separated by commas, got "${pattern}".`,
    );
  }
  const parts = pattern.split('*').map((part) => part.replace(/[.~%-]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}$`);
}
