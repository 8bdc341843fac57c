import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');

type Message = { readonly line: number; readonly ruleId: string | null };

/** What the linter says of texts that stand where these files do; each file, from the root, and its text. */
function messagesOf(texts: readonly (readonly [string, string])[]): Message[][] {
  const { stdout, stderr } = spawnSync(process.execPath, [join(__dirname, 'lint-texts.js')], {
    cwd: ROOT,
    input: JSON.stringify(texts),
    encoding: 'utf8',
  });
  if (stdout === '') throw new Error(stderr);
  return JSON.parse(stdout) as Message[][];
}

/** Lines of one file, and the rules that each breaks. */
const LINES: [line: string, rules: string[]][] = [
  [`declare const id: string, event: { params: { a: string }; document: string };`, []],
  [`declare const dictionary: Record<string, number> | undefined, list: number[];`, []],
  [`declare const table: Record<'a' | 'b', number>, key: 'a' | 'b', map: Map<string, number>;`, []],
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
  [`export { onDocumentCreated } from 'firebase-functions/firestore';`, ['no-restricted-imports']],
  [
    `export { onDocumentWritten } from 'firebase-functions/v2/firestore';`,
    ['no-restricted-imports'],
  ],
  [`import { z } from 'zod';`, ['no-restricted-syntax']],
  [`export const setting = process.env.SETTING;`, ['no-restricted-properties']],
  [`import { env } from 'node:process';`, ['no-restricted-imports']],
  [`export const used = env;`, []],
  [`import type { z as types } from 'zod';`, []],
  [`import * as zod from 'zod';`, []],
  [`export const schemas = [z.string(), zod.string()] satisfies types.ZodType[];`, []],
];

const STATE_FILES = ['kit/src/store/users.ts', 'kit/src/push.ts'];
const STATE = [
  'let made;',
  'export let made;',
  'export const made = () => { let mine = 1; return mine++; };',
];

const PATH = 'import-x/no-restricted-paths';
const NAME = 'no-restricted-imports';
const SAMPLE = 'functions/src/notifications/index';

/** File, what it imports, and the rules that this breaks. */
type ImportCase = [file: string, from: string, rules: string[]];

const OF_ROOMS: ImportCase[] = [
  ['kit/src/model/notification/link.ts', '../../store/users', [PATH]],
  ['kit/src/store/users.ts', '../providers/provider', [PATH]],
  ['kit/src/providers/provider.ts', '../model/outcome', []],
  ['kit/src/devices/claims.ts', '../delivery/engine', [PATH]],
  ['kit/src/delivery/engine.ts', '../catalogue/reader', [PATH]],
  ['kit/src/delivery/engine.ts', '../config', [PATH]],
  ['kit/src/delivery/engine.ts', '../devices/device-store', []],
  ['kit/src/catalogue/compose.ts', '../delivery/ledger', []],
  ['kit/src/catalogue/compose.ts', '../push', [PATH]],
  ['kit/src/push.ts', './triggers/outbox', [PATH]],
  ['kit/src/triggers/outbox.ts', '../push', []],
  ['kit/src/triggers/outbox.ts', '../callables/tokens', [PATH]],
  ['kit/src/delivery/engine.ts', '../testing/content', [PATH]],
];

const OF_THE_SAMPLE: ImportCase[] = [
  ['kit/src/push.ts', `../../${SAMPLE}`, [PATH]],
  ['kit/src/push.apns.test.ts', `../../${SAMPLE}`, [PATH]],
  ['test/e2e/app.ts', `../../${SAMPLE}`, [PATH]],
  ['test/stack.ts', `../${SAMPLE}`, [PATH]],
  ['scripts/demo/scenario.ts', `../../${SAMPLE}`, [PATH]],
  ['bench/run.ts', `../${SAMPLE}`, [PATH]],
  ['test/sample/cost.test.ts', `../../${SAMPLE}`, []],
  ['functions/src/push.ts', './notifications/index', []],
  ['functions/src/push.ts', '../../scripts/demo', [PATH]],
  ['functions/src/push.ts', '@firestore-push/push/lib', []],
  ['functions/src/push.ts', '@firestore-push/push/lib/push', [NAME]],
  ['functions/src/push.ts', '../../kit/src/lib', [NAME]],
];

const IMPORTS = [...OF_ROOMS, ...OF_THE_SAMPLE];

let ofLines: Message[];
let ofState: Message[][];
let ofImports: Message[][];

beforeAll(() => {
  const state = STATE_FILES.flatMap((file) => STATE.map((text) => [file, text] as const));
  const imports = IMPORTS.map(
    ([file, from]) =>
      [file, `export type * from '${from}';\nexport const later = import('${from}');\n`] as const,
  );
  // Together: what takes its time is that the linter reads each project's types.
  const [first = [], ...others] = messagesOf([
    ['kit/src/model/notification/link.ts', LINES.map(([line]) => line).join('\n')],
    ...state,
    ...imports,
  ]);
  ofLines = first;
  ofState = others.slice(0, state.length);
  ofImports = others.slice(state.length);
});

test('what people choose is looked up in no plain object, and ids come from no event’s params', () => {
  const broken = LINES.map((_, index) =>
    ofLines.filter(({ line }) => line === index + 1).map(({ ruleId }) => ruleId),
  );
  expect(broken).toEqual(LINES.map(([, rules]) => rules));
});

test('module state is kept in push.ts alone', () => {
  const isBroken = ofState.map((messages) =>
    messages.some(({ ruleId }) => ruleId === 'no-restricted-syntax'),
  );
  expect(isBroken).toEqual([true, true, false, false, false, false]);
});

describe('an import', () => {
  const broken = () =>
    IMPORTS.map(([file, from], index) => {
      const rules = new Set((ofImports[index] ?? []).map(({ ruleId }) => ruleId));
      return [file, from, [PATH, NAME].filter((rule) => rules.has(rule))];
    });

  test('of a room of the kit is of what stands below it', () => {
    expect(broken().slice(0, OF_ROOMS.length)).toEqual(OF_ROOMS);
  });

  test('of the sample is in its own tests only, and those of the sample name the kit as it is published', () => {
    expect(broken().slice(OF_ROOMS.length)).toEqual(OF_THE_SAMPLE);
  });
});
