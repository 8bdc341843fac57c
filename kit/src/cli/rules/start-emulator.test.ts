/** With a Firebase CLI that is a script of ours: how it is found, what it is told, and that it ends. */
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectFolder, removeProjectFolders } from '../../testing/project-folder';
import { startEmulator } from './start-emulator';

afterAll(removeProjectFolders);

const shebang = `#!${process.execPath}\n`;

/** Answers on the port of its configuration, and ends when what it was told to run ends, as the CLI does. */
const WORKING = `${shebang}
const { createServer } = require('node:http');
const { spawn } = require('node:child_process');
const { readFileSync, writeFileSync } = require('node:fs');
const config = process.argv[process.argv.indexOf('--config') + 1];
const { port, host } = JSON.parse(readFileSync(config, 'utf8')).emulators.firestore;
writeFileSync(__dirname + '/args.json', JSON.stringify({ args: process.argv.slice(2), cwd: process.cwd() }));
createServer((_, response) => response.end('Ok')).listen(port, host);
spawn(process.argv.at(-1), { shell: true, stdio: 'inherit' }).on('exit', (code) => {
  writeFileSync(__dirname + '/ended', String(code));
  process.exit(code);
});
`;

const FAILING = `${shebang}
console.error('Error: Could not spawn "java -version". Please make sure Java is installed.');
process.exit(1);
`;

function projectWith(script: string, path = 'node_modules/.bin'): string {
  const folder = projectFolder({ [`${path}/firebase`]: script, 'firebase.json': '{}' });
  chmodSync(join(folder, path, 'firebase'), 0o755);
  return folder;
}

it('starts the CLI of the project, and stops it', async () => {
  const folder = projectWith(WORKING);
  const { host, stop } = await startEmulator({ folder, env: { PATH: process.env['PATH'] } });
  expect((await fetch(`http://${host}`)).ok).toBe(true);
  const bin = join(folder, 'node_modules/.bin');
  const { args, cwd } = JSON.parse(readFileSync(join(bin, 'args.json'), 'utf8')) as {
    args: string[];
    cwd: string;
  };
  expect(args.slice(0, 5)).toEqual([
    'emulators:exec',
    '--only',
    'firestore',
    '--project',
    'demo-rules',
  ]);
  // Its logs go there.
  expect(cwd).not.toContain(folder);
  await stop();
  expect(readFileSync(join(bin, 'ended'), 'utf8')).toBe('0');
  expect(existsSync(cwd)).toBe(false);
  await expect(fetch(`http://${host}`)).rejects.toThrow();
});

it('takes the one on the PATH where the project has none', async () => {
  const other = projectWith(WORKING, 'bin');
  const env = { PATH: `${join(other, 'bin')}:${process.env['PATH']}` };
  const { stop } = await startEmulator({ folder: projectFolder({}), env });
  await stop();
  expect(existsSync(join(other, 'bin/ended'))).toBe(true);
});

it('says what the CLI said where it starts none', async () => {
  const folder = projectWith(FAILING);
  await expect(startEmulator({ folder, env: {} })).rejects.toThrow(
    /Expected a Firestore emulator at FIRESTORE_EMULATOR_HOST, or .*Java[^]*Could not spawn "java -version"/,
  );
});

it('says so where there is no CLI, and no npx to get one', async () => {
  const options = { folder: projectFolder({}), env: { PATH: '/nowhere' } };
  await expect(startEmulator(options)).rejects.toThrow(/Expected a Firestore emulator.*[^]*npx/);
});
