/** What is read on this machine: credentials, the package, and the emulators. */
import { createServer } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { installedProject, type InstalledProject } from '../../testing/installed-project';
import { KIT } from '../../testing/project-folder';
import { main } from '../main';
import { accessToken } from './credentials';
import { FUNCTIONS } from './expected';
import { nearestName } from './nearest-name';
import { emulatorAddresses } from './read-emulators';
import { packageIn } from './read-local';

let project: InstalledProject;
beforeEach(() => (project = installedProject()));
afterEach(() => project.remove());

describe('the access token', () => {
  const cwd = () => project.folder;
  const none = () => Promise.reject(new Error('Could not load the default credentials.\nBrowse…'));

  it('is the one in a file, in the environment, or of the default credentials, in this order', async () => {
    project.write('token', 'of-file\n');
    const env = { GOOGLE_OAUTH_ACCESS_TOKEN: 'of-env' };
    const byDefault = () => Promise.resolve('of-default');
    expect(await accessToken({ env, cwd: cwd(), file: 'token', byDefault })).toBe('of-file');
    expect(await accessToken({ env, cwd: cwd(), byDefault })).toBe('of-env');
    expect(await accessToken({ env: {}, cwd: cwd(), byDefault })).toBe('of-default');
  });

  it('that is missing: how to sign in', async () => {
    await expect(accessToken({ env: {}, cwd: cwd(), byDefault: none })).rejects.toThrow(
      '(Could not load the default credentials). Sign in with: gcloud auth application-default login',
    );
  });

  it('that is none is not repeated', async () => {
    project.write('token', '{ "private_key": "secret" }');
    const error = await accessToken({ env: {}, cwd: cwd(), file: 'token' }).catch(String);
    expect(error).toContain('--access-token-file: expected an access token on one line');
    expect(error).not.toContain('secret');
    await expect(accessToken({ env: {}, cwd: cwd(), file: 'none' })).rejects.toThrow('ENOENT');
  });
});

describe('the package in the source', () => {
  const source = () => join(project.folder, 'function-kits/push/source');

  it('is what is installed and what is locked', () => {
    expect(packageIn(source())).toMatchObject({ installed: '0.1.0', locked: '0.1.0' });
    // A file has its time to the microsecond, and the clock to the millisecond.
    expect(packageIn(source()).lockedAt).toBeLessThan(Date.now() + 1);
  });

  it('may be installed above, and need not be there at all', () => {
    project.write('node_modules/@firestore-push/push/package.json', { version: '0.2.0' });
    expect(packageIn(join(project.folder, 'elsewhere'))).toEqual({ installed: '0.2.0' });
  });
});

test('the nearest name is found where it is near', () => {
  const names = ['REGION', 'MAX_INSTANCES', 'MIN_INSTANCES', 'LEDGER_DAYS'];
  const near = (name: string) => nearestName(name, names);
  expect(['REGON', 'MAX_INSTANCE', 'MIN_INSTANCE', 'ledger_days', 'LEDGER-DAY'].map(near)).toEqual([
    'REGION',
    'MAX_INSTANCES',
    'MIN_INSTANCES',
    'LEDGER_DAYS',
    'LEDGER_DAYS',
  ]);
  expect(['', 'TZ', 'REST', 'DATABASE_URL', 'constructor'].map(near)).toEqual([
    ...[undefined, undefined, undefined, undefined, undefined],
  ]);
});

describe('emulators', () => {
  it('are where the environment says, then firebase.json, then at their standard ports', () => {
    const config = { emulators: { firestore: { port: 9 }, functions: { host: '::1', port: 8 } } };
    expect(emulatorAddresses({}, config)).toEqual({
      hub: '127.0.0.1:4400',
      firestore: '127.0.0.1:9',
      functions: '[::1]:8',
      simulator: '127.0.0.1:9110',
    });
    const env = {
      FIREBASE_EMULATOR_HUB: 'h:1',
      FIRESTORE_EMULATOR_HOST: 'f:2',
      FCM_EMULATOR_HOST: 's:3',
    };
    expect(emulatorAddresses(env, config)).toMatchObject({
      ...{ hub: 'h:1', firestore: 'f:2', simulator: 's:3' },
    });
  });

  it('are looked at instead of Google where the environment names them, with the settings that are theirs', async () => {
    const seen: string[] = [];
    const server = createServer((request, response) => {
      seen.push(`${request.method ?? ''} ${decodeURIComponent(request.url ?? '')}`);
      const port = (server.address() as AddressInfo).port;
      const answers: Readonly<Record<string, unknown>> = {
        '/emulators': { functions: { host: '127.0.0.1', port } },
        '/backends': {
          backends: [
            { functionTriggers: FUNCTIONS.map(({ name }) => ({ name: `kit-push-${name}` })) },
          ],
        },
      };
      response.end(JSON.stringify(answers[request.url ?? ''] ?? []));
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const address = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    let out = '';
    const call = (env: Readonly<Record<string, string>>) =>
      main(['doctor'], {
        cwd: project.folder,
        env,
        out: (text) => (out += text),
        err: (text) => (out += text),
      });
    const env = {
      FIREBASE_EMULATOR_HUB: address,
      FIRESTORE_EMULATOR_HOST: address,
      FCM_EMULATOR_HOST: address,
    };
    try {
      expect(await call(env)).toBe(0);
      expect(out).toContain('push (emulators, project acme-prod)');
      expect(out).toContain(`All ${FUNCTIONS.length} functions are loaded.`);
      const query = 'POST /v1/projects/acme-prod/databases/(default)/documents:runQuery';
      expect(new Set(seen)).toEqual(new Set(['GET /emulators', 'GET /backends', 'GET /', query]));
      project.write(`${KIT.instances.push}/.env.local`, 'DATABASE=local\n');
      expect(await call(env)).toBe(0);
      expect(seen).toContain(query.replace('(default)', 'local'));
    } finally {
      server.closeAllConnections();
      server.close();
    }
    out = '';
    expect(await call(env)).toBe(1);
    expect(out).toContain('PROBLEM  No answer at');
    expect(out).toMatch(/unknown {2}The Functions emulator did not say .*ECONNREFUSED/);
  });
});

describe('the command line', () => {
  const call = async (...args: string[]) => {
    let said = '';
    const add = (text: string) => (said += text);
    const code = await main(args, { cwd: project.folder, env: {}, out: add, err: add });
    return { code, said };
  };

  it('is explained', async () => {
    expect((await call('--help')).said).toMatch(/^ {2}doctor +Looks at/m);
    expect((await call('doctor', '--help')).said).toContain('--access-token-file FILE');
  });

  it('is refused where it is not understood, or names no project', async () => {
    expect(await call('doctor', '--fix')).toMatchObject({ code: 2 });
    project.write('.firebaserc', {});
    expect(await call('doctor')).toMatchObject({
      code: 2,
      said: expect.stringContaining('Expected --project') as string,
    });
  });
});
