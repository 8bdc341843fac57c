/**
 * `npx @firestore-push/push rules`: prints the rules to paste, or tries a team's own against everything that must be denied.
 */
import { resolve } from 'node:path';
import { chosenInstallations, INSTALLATION_HELP, INSTALLATION_OPTIONS } from '../chosen';
import {
  EXIT,
  readOptions,
  UsageError,
  type Command,
  type ExitCode,
  type Surroundings,
} from '../command';
import { firestoreFile, linesFor } from '../firestore-files';
import { readIfThere, type Installation, type LocalProject } from '../installation';
import { namesOf, type Names } from '../names';
import { rulesBlock } from './template';
import type { Finding, Report } from './check';

const HELP = `Usage: npx @firestore-push/push rules [options]
       npx @firestore-push/push rules --check [FILE] [options]

Prints the rules for the functions' collections, by the names that you gave them, to paste into your firestore.rules inside
"match /databases/{database}/documents {".

--check tries your rules in the Firestore emulator: attacks that must be denied, and what apps have to be allowed. It says
what is too open and what is missing, and exits with 1 where anything is. FILE is by default what firebase.json names.
It uses the emulator at FIRESTORE_EMULATOR_HOST, or starts one by the Firebase CLI, which needs Java.

Options:
  --check         try the rules
  --accept TEXT   do not count findings that have this text in their line; may be given several times
  --json          findings as JSON, for scripts
${INSTALLATION_HELP}  --help          this text
`;

export const rulesCommand: Command = {
  name: 'rules',
  summary: 'print the Firestore rules that the functions need, or try yours',
  help: HELP,
  run: async (args, surroundings) => {
    const { values, positionals } = readOptions(
      args,
      {
        ...INSTALLATION_OPTIONS,
        ...{ check: { type: 'boolean' }, json: { type: 'boolean' } },
        accept: { type: 'string', multiple: true },
      },
      { allowPositionals: true },
    );
    const { project, installations } = chosenInstallations(surroundings.cwd, values);
    if (values.check) {
      const [file, ...others] = positionals;
      if (others.length > 0) throw new UsageError(`--check: expected one file, got two.`);
      const { json = false, accept = [] } = values;
      return check({ project, installations, file, json, accept }, surroundings);
    }
    if (positionals.length > 0) throw new UsageError('FILE: expected only with --check.');
    print(installations, surroundings);
    return EXIT.ok;
  },
};

function print(installations: readonly Installation[], { out }: Surroundings): void {
  const [first, ...others] = distinctNames(installations);
  if (first === undefined) return;
  if (others.length > 0) {
    const ids = installations.map(({ id }) => id).join(', ');
    // One block each would declare the same functions twice.
    throw new UsageError(
      `Expected --instance with one of: ${ids}. Their collections have different names.`,
    );
  }
  out(rulesBlock(first));
}

interface CheckOptions {
  readonly project: LocalProject;
  readonly installations: readonly Installation[];
  readonly file: string | undefined;
  readonly json: boolean;
  readonly accept: readonly string[];
}

/** What is tried: one set of names against one file. */
interface Trial {
  readonly names: Names;
  readonly file: string;
  readonly rules: string;
}

async function check(options: CheckOptions, surroundings: Surroundings): Promise<ExitCode> {
  const trials = distinctNames(options.installations).map((names) =>
    trialOf(options, names, surroundings.cwd),
  );
  const report = await withEmulator(options, surroundings, (host) => reportOn(trials, host));
  const isAccepted = (finding: Finding): boolean =>
    options.accept.some((text) => lineOf(finding).includes(text));
  const findings = report.findings.filter((finding) => !isAccepted(finding));
  const accepted = report.findings.length - findings.length;
  const { out } = surroundings;
  if (options.json) out(`${JSON.stringify({ ...report, findings, accepted }, null, 2)}\n`);
  else out(textOf({ ...report, findings }, accepted));
  return findings.length > 0 ? EXIT.wrong : EXIT.ok;
}

/** @throws {UsageError} where there is no such file. */
function trialOf({ project, file }: CheckOptions, names: Names, cwd: string): Trial {
  const { database } = names;
  const named = firestoreFile(project, database, 'rules');
  if (file === undefined && named === undefined) {
    throw new UsageError(
      `Expected FILE, or one in firebase.json for the database ${database}. Add ${linesFor(project, database, 'rules', 'firestore.rules')}`,
    );
  }
  const path = file === undefined ? resolve(project.folder, named ?? '') : resolve(cwd, file);
  const rules = readIfThere(path);
  if (rules === undefined) throw new UsageError(`Expected rules in ${path}, found no such file.`);
  return { names, file: file ?? named ?? path, rules };
}

async function withEmulator<Result>(
  { project: { folder } }: CheckOptions,
  { env, err }: Surroundings,
  use: (host: string) => Promise<Result>,
): Promise<Result> {
  const running = env['FIRESTORE_EMULATOR_HOST'];
  if (running) return use(running);
  const { startEmulator } = await import('./start-emulator.js');
  err('Starting a Firestore emulator …\n');
  const emulator = await startEmulator({ folder, env });
  try {
    return await use(emulator.host);
  } finally {
    await emulator.stop();
  }
}

/** The SDK is loaded where it is needed. */
async function reportOn(trials: readonly Trial[], host: string): Promise<Report> {
  const { joined, tryRules } = await import('./check.js');
  const reports: Report[] = [];
  for (const { names, ...more } of trials) reports.push(await tryRules({ names, host, ...more }));
  return joined(reports);
}

function distinctNames(installations: readonly Installation[]): readonly Names[] {
  const all = installations.map(({ settings }) => namesOf(settings));
  // Rules say nothing of the database that they are for.
  return [
    ...new Map(all.map((names) => [JSON.stringify({ ...names, database: '' }), names])).values(),
  ];
}

function lineOf({ kind, on, attempt, consequence }: Finding): string {
  return kind === 'too open'
    ? `too open: ${on}: ${attempt}, and is allowed to: ${consequence}`
    : `missing: ${on}: ${attempt}, and is denied: ${consequence}`;
}

const WHAT_IS_SEEN =
  'The attempts know the claim "admin" and the fields of this package: a rule that opens something under another condition, ' +
  'such as another claim or a field of another document, is not seen.';

function textOf({ attempts, findings, unused }: Report, accepted: number): string {
  const lines = [
    ...findings.map(lineOf),
    ...unused.map((what) => `not used: ${what}`),
    `${attempts} attempts: ${findings.length || 'no'} ${findings.length === 1 ? 'finding' : 'findings'}` +
      `${accepted > 0 ? `, and ${accepted} accepted` : ''}. ${WHAT_IS_SEEN}`,
  ];
  return `${lines.join('\n')}\n`;
}
