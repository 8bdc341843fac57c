import { chooseChromium, type Machine } from './chromium.ts';

const BARE: Machine = {
  env: { PATH: '/usr/bin:/bin' },
  platform: 'linux',
  arch: 'x64',
  exists: () => false,
  packaged: '/app/node_modules/@sparticuz/chromium',
};
const unpack = (directory: string) => ({ executablePath: `${directory}/unpacked`, env: {} });
const on = (machine: Partial<Machine>) => chooseChromium({ ...BARE, ...machine }, unpack);
const having = (path: string) => (candidate: string) => candidate === path;

it.each<[string, Partial<Machine>, string]>([
  [
    'of CHROME_PATH',
    { env: { CHROME_PATH: '/my/chrome', PATH: '/bin' }, exists: () => true },
    '/my/chrome',
  ],
  ['on the PATH', { exists: having('/bin/google-chrome') }, '/bin/google-chrome'],
  [
    'of macOS',
    { platform: 'darwin', exists: (path) => path.startsWith('/Applications/') },
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  ],
  ['inside the npm package', {}, '/app/node_modules/@sparticuz/chromium/unpacked'],
])('takes the Chromium %s', (_where, machine, executablePath) => {
  expect(on(machine)).toMatchObject({ executablePath });
});

it.each<[string, Partial<Machine>, string]>([
  ['Linux on ARM', { arch: 'arm64' }, 'Install one with: sudo apt-get install chromium'],
  ['macOS', { platform: 'darwin' }, 'Install one with: brew install --cask google-chrome'],
  ['an install without dev dependencies', { packaged: undefined }, 'Install it with: npm ci'],
  ['an empty CHROME_PATH', { env: { CHROME_PATH: '' }, packaged: undefined }, 'set CHROME_PATH'],
])('says what to run where there is none: %s', (_where, machine, words) => {
  expect(on(machine)).toEqual({ missing: expect.stringContaining(words) as string });
});

it('says why the package’s Chromium does not run', () => {
  const failing = () => {
    throw new Error('Command failed: libnss3.so: cannot open shared object file');
  };
  expect(chooseChromium(BARE, failing)).toEqual({
    missing: expect.stringMatching(/does not run here \(.*libnss3.*\).*apt-get install/) as string,
  });
});
