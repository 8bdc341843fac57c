/** What needs no emulator; test/rules/check.test.ts has the rest. */
import {
  KIT,
  projectFolder,
  recordedSurroundings,
  removeProjectFolders,
} from '../../testing/project-folder';
import { main } from '../main';
import { DEFAULT_NAMES } from '../names';
import { rulesBlock } from './template';

afterAll(removeProjectFolders);

async function rules(files: Parameters<typeof projectFolder>[0], ...args: string[]) {
  const { written, surroundings } = recordedSurroundings(projectFolder(files));
  return { code: await main(['rules', ...args], surroundings), ...written };
}

const two = { ...KIT, instances: { push: 'config/a', second: 'config/b' } };

it('prints the rules, without a word around them', async () => {
  const files = { 'firebase.json': { functions: KIT } };
  expect(await rules(files)).toEqual({ code: 0, out: rulesBlock(DEFAULT_NAMES), err: '' });
});

it('prints one block for instances that share their collections', async () => {
  const files = { 'firebase.json': { functions: two }, 'config/b/.env': 'REGION=europe-west1' };
  expect(await rules(files)).toMatchObject({ code: 0, out: rulesBlock(DEFAULT_NAMES) });
});

it('asks which of several names are meant', async () => {
  const files = {
    'firebase.json': { functions: two },
    'config/b/.env': 'PUSHES_COLLECTION=outbox',
  };
  expect(await rules(files)).toEqual({
    ...{ code: 2, out: '' },
    err: 'Expected --instance with one of: push, second. Their collections have different names.\n',
  });
  expect(await rules(files, '--instance', 'second')).toMatchObject({
    code: 0,
    out: expect.stringContaining('match /outbox/{pushId} {') as string,
  });
});

it.each([
  [['firestore.rules'], /FILE: expected only with --check/],
  [['--accept'], /accept/],
  [['--instance', 'x'], /--instance: expected one of/],
])('refuses %p', async (args, message) => {
  const { code, out, err } = await rules({ 'firebase.json': { functions: KIT } }, ...args);
  expect([code, out]).toEqual([2, '']);
  expect(err).toMatch(message);
});

it('refuses a setting that is no name, naming it', async () => {
  const files = {
    'firebase.json': { functions: KIT },
    'function-kits/push/config/.env': 'USERS_COLLECTION=apps/shop',
  };
  expect(await rules(files)).toMatchObject({
    code: 2,
    err: expect.stringMatching(/^USERS_COLLECTION: expected the path of a collection/) as string,
  });
});
