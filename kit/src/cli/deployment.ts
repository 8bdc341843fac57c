/**
 * The deployment that a command works on: which installation, of which project, on Google Cloud or in the emulators; and its Firestore.
 */
import type { Collections } from '../store/collections';
import { valuesIn } from '../settings';
import { INSTALLATION_OPTIONS } from './chosen';
import { UsageError, type Surroundings } from './command';
import { emulatorAddresses } from './doctor/read-emulators';
import {
  chooseInstallation,
  localProject,
  type Installation,
  type LocalProject,
} from './installation';
import { namesOf, type Names } from './names';

/** The options that say which; for `readOptions`. */
export const DEPLOYMENT_OPTIONS = {
  ...INSTALLATION_OPTIONS,
  emulators: { type: 'boolean' },
} as const;

export const DEPLOYMENT_HELP = `  --project ID          an id, or an alias of .firebaserc; default: the alias "default"
  --instance ID         the kit's instance or the codebase, if there are several
  --emulators           looks at the running emulators; so it does where FIRESTORE_EMULATOR_HOST is set
`;

export interface DeploymentChoice {
  readonly project?: string | undefined;
  readonly instance?: string | undefined;
  readonly emulators?: boolean | undefined;
  /** A real project has to be named: what happens to be the default is not enough to write to. */
  readonly mustBeNamed?: boolean;
}

export interface Deployment {
  /** The Firebase project's id. */
  readonly project: string;
  /** Address of Firestore's emulator; undefined on Google Cloud. */
  readonly emulator: string | undefined;
  readonly local: LocalProject;
  readonly installation: Installation;
  readonly names: Names;
}

/** @throws {UsageError} saying what is missing. */
export function chooseDeployment(
  { cwd, env }: Pick<Surroundings, 'cwd' | 'env'>,
  choice: DeploymentChoice,
): Deployment {
  const isEmulated = choice.emulators === true || Boolean(env['FIRESTORE_EMULATOR_HOST']);
  const local = localProject({ cwd, project: choice.project, isEmulated });
  const installation = chooseInstallation(local, choice.instance);
  const emulator = isEmulated ? emulatorAddresses(env, local.config).firestore : undefined;
  const named = choice.project === undefined ? undefined : local.projectId;
  const byDefault = isEmulated ? env['GCLOUD_PROJECT'] || local.projectId : local.projectId;
  const fallback = isEmulated || choice.mustBeNamed !== true ? byDefault : undefined;
  return {
    project: projectOf(named, fallback),
    emulator,
    local,
    installation,
    names: namesOf(installation.settings),
  };
}

function projectOf(named: string | undefined, fallback: string | undefined): string {
  const project = named ?? fallback;
  if (project !== undefined && project !== '') return project;
  throw new UsageError('Expected --project with the id of the Firebase project, got nothing.');
}

/** Where it is, for a person. */
export function placeOf({ project, emulator }: Pick<Deployment, 'project' | 'emulator'>): string {
  return `Project ${project} on ${emulator === undefined ? 'Google Cloud' : `the emulator at ${emulator}`}`;
}

/**
 * Puts into the environment what the functions find there, for commands that load the functions' own code afterwards; the Admin SDK
 * takes the project from there, too.
 */
export function setEnvironment(
  env: NodeJS.ProcessEnv,
  { project, emulator, installation }: Deployment,
): void {
  Object.assign(env, installation.settings, valuesIn(installation.settings), {
    ...(installation.kind === 'kit' ? { FIREBASE_KIT_INSTANCE_ID: installation.id } : {}),
    GOOGLE_CLOUD_PROJECT: project,
    GCLOUD_PROJECT: project,
  });
  if (emulator === undefined) return;
  env['FIRESTORE_EMULATOR_HOST'] = emulator;
  env['METADATA_SERVER_DETECTION'] ??= NO_METADATA_SERVER;
}

/** None stands beside an emulator; the client library would look for one, wait for it, and complain. */
const NO_METADATA_SERVER = 'none';

/** Loads code that refuses settings which cannot be. */
export async function loaded<Module>(load: () => Promise<Module>): Promise<Module> {
  try {
    return await load();
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error });
  }
}

/**
 * Lets a command read what the deployment keeps in Firestore; the connection ends with it.
 *
 * @param role that it needs for that.
 * @throws {UsageError} where one cannot, with what has to be done, in one line.
 */
export async function reading<Result>(
  { env }: Pick<Surroundings, 'env'>,
  deployment: Deployment,
  read: (collections: Collections) => Promise<Result>,
  role?: string,
): Promise<Result> {
  const { emulator } = deployment;
  if (emulator !== undefined) {
    env['METADATA_SERVER_DETECTION'] ??= NO_METADATA_SERVER;
    await expectEmulator(emulator);
  }
  const { expectCredentials, openCollections } = await import('./open-collections.js');
  if (emulator === undefined) {
    await expectCredentials().catch((error: unknown) => {
      throw signIn(error);
    });
  }
  const collections = openCollections(deployment);
  try {
    return await read(collections);
  } catch (error) {
    throw explained(error, deployment, role);
  } finally {
    await collections.db.terminate();
  }
}

/** The client would wait for it for minutes. */
async function expectEmulator(address: string): Promise<void> {
  try {
    const response = await fetch(`http://${address}/`, {
      signal: AbortSignal.timeout(EMULATOR_WITHIN_MS),
    });
    await response.body?.cancel();
  } catch (error) {
    throw new UsageError(
      `Expected the Firestore emulator at ${address}, got no answer: start the emulators, or name them by FIRESTORE_EMULATOR_HOST.`,
      { cause: error },
    );
  }
}

/** For commands that write. */
export const WRITING_ROLE = 'roles/datastore.user';

const EMULATOR_WITHIN_MS = 5_000;

function signIn(cause: unknown): UsageError {
  return new UsageError(
    'Google wants to know who you are. Sign in with: gcloud auth application-default login',
    { cause },
  );
}

/** gRPC's statuses. */
const NOT_FOUND = 5;
const PERMISSION_DENIED = 7;
const FAILED_PRECONDITION = 9;
const UNAUTHENTICATED = 16;

/**
 * What of an error can be put right by whoever called the command; any other error as it is.
 *
 * @param role what the command needs.
 */
export function explained(
  error: unknown,
  deployment: Pick<Deployment, 'project' | 'names'>,
  role = 'roles/datastore.viewer',
): unknown {
  const { code, message } = error as { readonly code?: unknown; readonly message?: unknown };
  const words = String(message);
  const { project, names } = deployment;
  const say = (text: string) => new UsageError(text, { cause: error });
  if (/default credentials|invalid_grant|invalid_rapt/.test(words) || code === UNAUTHENTICATED) {
    return signIn(error);
  }
  if (code === PERMISSION_DENIED) {
    return say(
      `Your account may not use Firestore of project ${project}. Whoever owns the project can grant it: ` +
        `gcloud projects add-iam-policy-binding ${project} --member user:YOUR_ACCOUNT --role ${role} --condition None`,
    );
  }
  if (code === FAILED_PRECONDITION && /index/i.test(words)) {
    return say(
      `Firestore of project ${project} lacks an index, or is still building it. ` +
        'Add it with: npx @firestore-push/push indexes, and deploy it with: firebase deploy --only firestore:indexes',
    );
  }
  if (code === NOT_FOUND && /database/i.test(words)) {
    return say(
      `Project ${project} has no database ${names.database}: look at --project and at DATABASE in the settings.`,
    );
  }
  return error;
}
