import {
  KIT,
  projectFolder,
  recordedSurroundings,
  removeProjectFolders,
} from '../testing/project-folder';
import { main } from './main';

afterAll(removeProjectFolders);

async function call(args: readonly string[], cwd = '/') {
  const { written, surroundings } = recordedSurroundings(cwd);
  return { code: await main(args, surroundings), ...written };
}

it.each([[[], 2] as const, [['--help'], 0] as const, [['help'], 0] as const])(
  'lists its commands for %p',
  async (args, code) => {
    const { out, err, code: got } = await call(args);
    expect([got, err]).toEqual([code, '']);
    expect(out).toMatch(/^Usage: npx @firestore-push\/push COMMAND/);
    expect(out).toMatch(/^ {2}indexes +\S.*$/m);
  },
);

it('names its commands where it is given another, such as one that every object has', async () => {
  for (const name of ['index', 'constructor', '--version']) {
    const { code, out, err } = await call([name]);
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(/^Expected a command \(.*indexes.*\), got ".+"\.\n$/);
  }
});

it('has a help for each command, which loads without a project', async () => {
  const { out } = await call(['--help']);
  const names = [...out.matchAll(/^ {2}([a-z-]+) /gm)].map(([, name = '']) => name);
  expect(names.length).toBeGreaterThan(0);
  for (const name of names) {
    const help = await call([name, '--check', '--help']);
    expect(help).toMatchObject({ code: 0, err: '' });
    expect(help.out).toMatch(new RegExp(`^Usage: npx @firestore-push/push ${name}\\b`));
    expect(help.out.endsWith('\n')).toBe(true);
  }
});

it('shows what is wrong with a command line without a stack', async () => {
  const folder = projectFolder({ 'firebase.json': { functions: KIT } });
  const { code, out, err } = await call(['indexes', '--nonsense'], folder);
  expect([code, out]).toEqual([2, '']);
  expect(err).toMatch(/--nonsense/);
  expect(err).not.toMatch(/\n\s+at /);
});

it('says which file it cannot read', async () => {
  const folder = projectFolder({
    'firebase.json': { functions: KIT, firestore: { indexes: 'folder' } },
    'folder/file': '',
  });
  expect(await call(['indexes'], folder)).toMatchObject({
    code: 2,
    err: expect.stringMatching(/folder, got EISDIR/) as string,
  });
});
