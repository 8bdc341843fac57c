/**
 * `npx @firestore-push/push doctor`: looks at what is installed, and says what is wrong and what fixes it. It only reads.
 */
import { EXIT, readOptions, UsageError, type Command, type Surroundings } from '../command';
import { chooseInstallation, localProject } from '../installation';
import { accessToken } from './credentials';
import { diagnose } from './diagnose';
import type { Facts } from './facts';
import { googleAt } from './google';
import { originsOf } from './origins';
import { readCloud, type LocalFacts } from './read-cloud';
import { emulatorAddresses, readEmulators } from './read-emulators';
import { readLocal } from './read-local';
import { countOf, jsonReport, textReport } from './report';

const HELP = `Usage: npx @firestore-push/push doctor [options]

Looks at your project by your own credentials (gcloud auth application-default login): functions, roles, APIs,
indexes, settings, keys, deliveries. Each line says what is right or wrong, and what fixes it. It only reads.

Options:
  --project ID                An id, or an alias of .firebaserc. Default: the alias "default".
  --instance ID               The instance or codebase, where there are several.
  --emulators                 Looks at the running emulators; so it does where FIRESTORE_EMULATOR_HOST is set.
  --access-token-file FILE    Holds the access token to use; GOOGLE_OAUTH_ACCESS_TOKEN may be one, too.
  --json                      Prints JSON.

Exit code: 0 if there is no problem, 1 if there is one, 2 if it could not look at all.
`;

const OPTIONS = {
  project: { type: 'string' },
  instance: { type: 'string' },
  emulators: { type: 'boolean' },
  'access-token-file': { type: 'string' },
  json: { type: 'boolean' },
} as const;

export const doctorCommand: Command = {
  name: 'doctor',
  summary: 'Looks at what is deployed, and says what is wrong and what fixes it.',
  help: HELP,
  run: async (args, surroundings) => {
    const { values } = readOptions(args, OPTIONS);
    const { cwd, env, out, isTerminal = false } = surroundings;
    const isEmulated = values.emulators === true || Boolean(env['FIRESTORE_EMULATOR_HOST']);
    const project = localProject({ cwd, project: values.project, isEmulated });
    const installation = chooseInstallation(project, values.instance);
    const projectId = project.projectId ?? (isEmulated ? env['GCLOUD_PROJECT'] : undefined);
    if (projectId === undefined) {
      throw new UsageError(
        'Expected --project with the id of your project: .firebaserc names none.',
      );
    }
    const now = Date.now();
    const local = readLocal({ project, projectId, installation, cwd, now });
    const world = isEmulated
      ? await readEmulators(emulatorAddresses(env, project.config), local)
      : await readCloudAs(local, surroundings, values['access-token-file']);
    const facts: Facts = { ...local, world };
    const findings = diagnose(facts);
    const isColoured = isTerminal && !env['NO_COLOR'];
    out(
      values.json === true ? jsonReport(facts, findings) : textReport(facts, findings, isColoured),
    );
    if (countOf(findings, 'problem') > 0) return EXIT.wrong;
    // Without the functions nothing was looked at that matters: no script may take that for health.
    return findings.some(({ check }) => check === 'functions.unread') ? EXIT.usage : EXIT.ok;
  },
};

async function readCloudAs(
  local: LocalFacts,
  { env, cwd }: Surroundings,
  file: string | undefined,
) {
  const { projectId } = local;
  const origins = originsOf(env);
  const token = await accessToken({ env, cwd, file });
  const world = await readCloud(googleAt({ origins, token, projectId }), local);
  if (world.project.kind !== 'signed-out') return world;
  // One line instead of one for every fact.
  throw new UsageError(
    'Google did not accept your credentials: they may have expired. Sign in with: gcloud auth application-default login',
  );
}
