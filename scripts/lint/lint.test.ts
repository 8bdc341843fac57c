import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');

/** What the linter says of a text that stands where a file of the functions does: line → rules. */
function rulesBroken(lines: readonly string[]): string[][] {
  const { stdout, stderr } = spawnSync(
    process.execPath,
    [
      join(ROOT, 'node_modules/eslint/bin/eslint.js'),
      ...['--stdin', '--stdin-filename', join(ROOT, 'kit/src/model/link.ts')],
      ...['--format', 'json'],
    ],
    { cwd: ROOT, input: lines.join('\n'), encoding: 'utf8' },
  );
  const [file] = JSON.parse(stdout || `"${stderr}"`) as [
    { messages: { line: number; ruleId: string | null }[] },
  ];
  return lines.map((_, index) =>
    file.messages.filter(({ line }) => line === index + 1).map(({ ruleId }) => String(ruleId)),
  );
}

test('what people choose is looked up in no plain object, and ids come from no event’s params', () => {
  const cases: [string, string[]][] = [
    [`declare const id: string, event: { params: { a: string }; document: string };`, []],
    [`declare const dictionary: Record<string, number> | undefined, list: number[];`, []],
    [
      `declare const table: Record<'a' | 'b', number>, key: 'a' | 'b', map: Map<string, number>;`,
      [],
    ],
    [`export const found = dictionary?.[id];`, ['local/no-dictionary-lookup']],
    [`if (dictionary) dictionary[id] = 1;`, ['local/no-dictionary-lookup']],
    [`export const inside = id in table;`, ['local/no-dictionary-lookup']],
    [
      `export const fine = [table[key], list[0], list[list.length - 1], map.get(id), 'a' in table];`,
      [],
    ],
    [`export const literal = dictionary?.['a'];`, []],
    [`export const garbled = event.params.a;`, ['no-restricted-syntax']],
    [`export const path = event.document;`, ['no-restricted-syntax']],
    [
      `export { onDocumentCreated } from 'firebase-functions/firestore';`,
      ['no-restricted-imports'],
    ],
    [
      `export { onDocumentWritten } from 'firebase-functions/v2/firestore';`,
      ['no-restricted-imports'],
    ],
    [`import { z } from 'zod';`, ['no-restricted-syntax']],
    [`import type { z as types } from 'zod';`, []],
    [`import * as zod from 'zod';`, []],
    [`export const schemas = [z.string(), zod.string()] satisfies types.ZodType[];`, []],
  ];
  expect(rulesBroken(cases.map(([line]) => line))).toEqual(cases.map(([, rules]) => rules));
});
