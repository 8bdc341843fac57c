import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');

type Message = { readonly line: number; readonly ruleId: string | null };

/** What the linter says of texts that stand where files of the kit do; each file and its text. */
function messagesOf(texts: readonly (readonly [string, string])[]): Message[][] {
  const { stdout, stderr } = spawnSync(process.execPath, [join(__dirname, 'lint-texts.js')], {
    cwd: ROOT,
    input: JSON.stringify(texts.map(([file, text]) => [join('kit/src', file), text])),
    encoding: 'utf8',
  });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as Message[][];
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
  const lines = cases.map(([line]) => line);
  const [messages = []] = messagesOf([['model/notification/link.ts', lines.join('\n')]]);
  const broken = lines.map((_, index) =>
    messages.filter(({ line }) => line === index + 1).map(({ ruleId }) => ruleId),
  );
  expect(broken).toEqual(cases.map(([, rules]) => rules));
});

test('each room of the kit imports from what stands below it', () => {
  const UP = 'import-x/no-restricted-paths';
  const cases: [string, string, string[]][] = [
    ['model/notification/link.ts', '../../store/users', [UP]],
    ['store/users.ts', '../providers/provider', [UP]],
    ['providers/provider.ts', '../model/outcome', []],
    ['devices/claims.ts', '../delivery/engine', [UP]],
    ['delivery/engine.ts', '../catalogue/reader', [UP]],
    ['delivery/engine.ts', '../config', [UP]],
    ['delivery/engine.ts', '../devices/device-store', []],
    ['catalogue/compose.ts', '../delivery/ledger', []],
    ['catalogue/compose.ts', '../push', [UP]],
    ['push.ts', './triggers/outbox', [UP]],
    ['triggers/outbox.ts', '../push', []],
    ['triggers/outbox.ts', '../callables/tokens', [UP]],
    ['delivery/engine.ts', '../testing/content', [UP]],
  ];
  const messages = messagesOf(
    cases.map(([file, from]) => [file, `export type * from '${from}';\n`] as const),
  );
  const broken = cases.map(([file, from], index) => [
    file,
    from,
    (messages[index] ?? []).map(({ ruleId }) => ruleId).sort(),
  ]);
  expect(broken).toEqual(cases);
});
