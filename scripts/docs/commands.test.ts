/** Every call of the command line that is written down is one that the command takes. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { main } from '../../kit/src/cli/main.ts';

const ROOT = join(__dirname, '../..');
const FILES = globSync(
  [
    '*.md',
    '{kit,functions,simulator,monitoring}/*.md',
    'docs/**/*.md',
    'monitoring/alerts/*.json',
    'kit/src/cli/**/*.ts',
  ],
  { cwd: ROOT, exclude: ['**/*.test.ts'] },
);
const NAMES = 'backfill|cancel|console|doctor|indexes|retry|rules|status|why';
/** With `npx`, or as guides call it for short, in backticks. What ends a call is a comment, another command, or what quotes it. */
const CALL = new RegExp(
  `(?:@firestore-push/push |\`(?=(?:${NAMES}) --))(?<call>(?:${NAMES})(?: [^\`#|&\\\\\\n'";)(]+)?)`,
  'g',
);
/** No command has it, so that none of them does anything. */
const UNKNOWN = '--no-command-has-this';

interface Call {
  readonly file: string;
  readonly name: string;
  /** Up to the last option and its value: after it the sentence may go on. */
  readonly args: readonly string[];
}

function callsIn(file: string): Call[] {
  const text = readFileSync(join(ROOT, file), 'utf8');
  return [...text.matchAll(CALL)].map(({ groups: { call = '' } = {} }) => {
    const [name = '', ...words] = call.trim().split(/\s+/);
    const last = words.findLastIndex((word) => word.startsWith('--'));
    const isEnd = /[.,:]$/.test(words[last] ?? '');
    const said = words.slice(0, last + (isEnd ? 1 : 2)).map((word) => word.replace(/[.,:]+$/, ''));
    const args = said.filter((word) => !word.startsWith('['));
    return { file, name, args: args.map((word) => word.replace(/^\$\{.*/, 'VALUE')) };
  });
}

/** What the command says where it knows all of the options but the last one, which it does not do. */
async function refusal({ name, args }: Call): Promise<string> {
  let said = '';
  const surroundings = { cwd: ROOT, env: {}, out: () => {}, err: (text: string) => (said += text) };
  await main([name, ...args, UNKNOWN], surroundings);
  return said;
}

const CALLS = FILES.flatMap(callsIn).filter(({ args }) => args.some((arg) => arg.startsWith('--')));

it('finds calls of every command that has options in a guide', () => {
  const names = new Set(CALLS.map(({ name }) => name));
  expect([...names].sort()).toEqual(NAMES.split('|'));
  expect(CALLS.length).toBeGreaterThan(60);
});

it.each([...new Map(CALLS.map((call) => [[call.name, ...call.args].join(' '), call]))])(
  '%s has options that there are',
  async (_written, call) => {
    const said = await refusal(call);
    expect({ file: call.file, said }).toEqual({
      file: call.file,
      said: expect.stringContaining(UNKNOWN) as unknown,
    });
  },
);
