import {
  KIT,
  projectFolder,
  recordedSurroundings,
  removeProjectFolders,
} from '../testing/project-folder';
import { UsageError } from './command';
import { chooseDeployment, explained, placeOf, reading, setEnvironment } from './deployment';
import { DEFAULT_NAMES } from './names';

afterAll(removeProjectFolders);

const folder = projectFolder({
  'firebase.json': { functions: KIT, emulators: { firestore: { port: 8099 } } },
  '.firebaserc': { projects: { default: 'acme-dev', live: 'acme-prod' } },
  'function-kits/push/config/.env': 'USERS_COLLECTION=people\n',
});
const choose = (choice: Parameters<typeof chooseDeployment>[1], env: NodeJS.ProcessEnv = {}) =>
  chooseDeployment({ cwd: folder, env }, choice);

const AT = { FIRESTORE_EMULATOR_HOST: '127.0.0.1:8080' };

describe('the project of a command', () => {
  it.each([
    ['the one that is named, by its alias', { project: 'live' }, {}, 'acme-prod', undefined],
    ['the default for a command that only reads', {}, {}, 'acme-dev', undefined],
    [
      'the one the emulators run for',
      {},
      { ...AT, GCLOUD_PROJECT: 'demo-x' },
      'demo-x',
      '127.0.0.1:8080',
    ],
    ['the default in the emulators', { mustBeNamed: true }, AT, 'acme-dev', '127.0.0.1:8080'],
    ['in the emulators of firebase.json', { emulators: true }, {}, 'acme-dev', '127.0.0.1:8099'],
  ])('is %s', (_what, choice, env, project, emulator) => {
    expect(choose(choice, env)).toMatchObject({ project, emulator });
  });

  it('has to be named where a command writes to a real one, whatever the default is', () => {
    expect(() => choose({ mustBeNamed: true })).toThrow('Expected --project');
    expect(choose({ mustBeNamed: true, project: 'live' }).project).toBe('acme-prod');
  });

  it('is said together with where it is', () => {
    expect(placeOf(choose({}))).toBe('Project acme-dev on Google Cloud');
    expect(placeOf(choose({}, AT))).toBe('Project acme-dev on the emulator at 127.0.0.1:8080');
  });
});

it('gives the code of functions the settings, the project and the emulator that they find when they are deployed', () => {
  const { env } = recordedSurroundings(folder).surroundings;
  setEnvironment(env, choose({ emulators: true }));
  expect(env).toMatchObject({
    USERS_COLLECTION: 'people',
    TOKENS_FIELD: 'tokens',
    FIREBASE_KIT_INSTANCE_ID: 'push',
    GCLOUD_PROJECT: 'acme-dev',
    FIRESTORE_EMULATOR_HOST: '127.0.0.1:8099',
    METADATA_SERVER_DETECTION: 'none',
  });
});

it('asks to sign in, before it reads, where there are no credentials that work', async () => {
  const name = 'GOOGLE_APPLICATION_CREDENTIALS';
  const { [name]: before } = process.env;
  process.env[name] = `${folder}/none.json`;
  const read = jest.fn();
  try {
    await expect(reading({ env: {} }, choose({}), read)).rejects.toThrow(
      /^Google wants to know who you are\. Sign in with: gcloud auth application-default login$/,
    );
  } finally {
    if (before === undefined) delete process.env[name];
    else process.env[name] = before;
  }
  expect(read).not.toHaveBeenCalled();
});

describe('an error of Firestore', () => {
  const said = (error: unknown) =>
    explained(error, { project: 'acme', names: { ...DEFAULT_NAMES, database: 'shop' } });
  const error = (code: number, message: string) => Object.assign(new Error(message), { code });

  it.each([
    [
      new Error('Could not load the default credentials. Browse to …'),
      'gcloud auth application-default login',
    ],
    [
      error(16, '16 UNAUTHENTICATED: Request had invalid authentication'),
      'gcloud auth application-default login',
    ],
    [
      error(2, 'Getting metadata from plugin failed with error: invalid_grant'),
      'gcloud auth application-default login',
    ],
    [
      error(7, '7 PERMISSION_DENIED: Missing or insufficient permissions.'),
      '--role roles/datastore.viewer',
    ],
    [
      error(9, '9 FAILED_PRECONDITION: The query requires an index.'),
      'npx @firestore-push/push indexes',
    ],
    [error(5, '5 NOT_FOUND: The database shop does not exist'), 'has no database shop'],
  ])('is said in one line with what to do: %s', (cause, words) => {
    const line = said(cause) as Error;
    expect(line).toBeInstanceOf(UsageError);
    expect(line.message).toContain(words);
    expect(line.message).not.toContain('\n');
  });

  it('is left as it is where nobody but us can do anything', () => {
    const bug = new TypeError('undefined is not a function');
    expect(said(bug)).toBe(bug);
  });
});
