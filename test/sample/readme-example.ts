/** The README's "Add a notification", as somebody who follows it word by word has it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export const ROOT = join(__dirname, '../..');

export interface Example {
  /** Name of the file below functions/src/notifications/, and what it holds. */
  readonly file: string;
  readonly code: string;
  /** The line for functions/src/notifications/index.ts. */
  readonly line: string;
  /** What firestore.rules become. */
  readonly rules: string;
}

/** @throws when the README does not have the example in three blocks, in this order: the file, the line, the rule. */
export function readmeExample(): Example {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
  const section = /^## Add a notification$(.*?)^## /ms.exec(readme)?.[1] ?? '';
  const file = /for instance `([\w-]+\.ts)`/.exec(section)?.[1];
  const [code, line, rule] = [...section.matchAll(/^```\w*\n(.*?)^```$/gms)].map(
    ([, block]) => block,
  );
  if (file === undefined || code === undefined || line === undefined || rule === undefined) {
    throw new Error('README.md, "Add a notification": expected a file, a line and a rule.');
  }
  return { file, code, line, rules: rulesWith(rule) };
}

function rulesWith(rule: string): string {
  const rules = readFileSync(join(ROOT, 'firestore.rules'), 'utf8');
  const opening = 'match /comments/{commentId} {\n';
  if (!rules.includes(opening)) throw new Error(`firestore.rules: expected "${opening}".`);
  return rules.replace(opening, () => opening + rule);
}
