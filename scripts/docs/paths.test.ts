/** Every file and heading that a guide or a comment names is there: a reader who follows it arrives. */
import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { anchorOf, titlesOf } from '../monitoring/markdown.ts';
import { stepsOf } from './steps.ts';

const ROOT = join(__dirname, '../..');
const OUTSIDE = ['**/node_modules/**', 'kit/lib/**', 'functions/lib/**'];
const GUIDES = globSync(['*.md', '{kit,functions,simulator,monitoring}/*.md', 'docs/**/*.md'], {
  cwd: ROOT,
});
const SOURCES = globSync(
  ['{kit,functions,simulator}/src/**/*.ts', '{scripts,test,bench}/**/*.{ts,js}', 'firestore.rules'],
  { cwd: ROOT, exclude: OUTSIDE },
);

/** Made by a build, or by whoever follows the guide; or deleted by an app that takes the sample's place. */
const NEED_NOT_BE_THERE = new Set([
  'functions/lib',
  'kit/lib',
  'test/sample',
  ...stepsOf(read('README.md')).map(({ file }) => file),
]);
const FOLDERS = 'kit|functions|simulator|monitoring|scripts|test|bench|docs|examples';
/** A path from the root in backticks: of files and folders, not of what is between braces or stars. */
const IN_BACKTICKS = new RegExp(`\`((?:${FOLDERS})/[\\w./-]*)\``, 'g');
const LINK = /\]\((?!https?:|#)([^)#\s]+)(?:#[^)]*)?\)/g;
/** To a heading of a guide, or of the same one. */
const LINK_TO_HEADING = /\]\((?!https?:)([^)#\s]*\.md)?#([^)\s]+)\)/g;
/** In a comment; the addresses of other sites' documents have something before them. */
const GUIDE_IN_COMMENT = /(?<![\w./-])docs\/[\w/-]+(?:\.md)?/g;

function read(file: string): string {
  return readFileSync(join(ROOT, file), 'utf8');
}

function anchorsOf(guide: string): string[] {
  const text = read(guide);
  return [1, 2, 3, 4].flatMap((level) => titlesOf(text, level).map(anchorOf));
}

/** What a text names that is not there, with the file that names it. */
function missing(named: readonly { readonly by: string; readonly path: string }[]): string[] {
  return named
    .filter(({ path }) => !NEED_NOT_BE_THERE.has(path.replace(/\/$/, '')))
    .filter(({ path }) => !existsSync(join(ROOT, path)))
    .map(({ by, path }) => `${by}: ${path}`);
}

it('guides name folders and files that are there', () => {
  const named = GUIDES.flatMap((by) =>
    [...read(by).matchAll(IN_BACKTICKS)].map(([, path = '']) => ({ by, path })),
  );
  expect(named.length).toBeGreaterThan(20);
  expect(missing(named)).toEqual([]);
});

it('guides link to files that are there', () => {
  const named = GUIDES.flatMap((by) =>
    [...read(by).matchAll(LINK)].map(([, link = '']) => ({ by, path: join(dirname(by), link) })),
  );
  expect(named.length).toBeGreaterThan(10);
  expect(missing(named)).toEqual([]);
});

it('guides link to headings that are there', () => {
  const named = GUIDES.flatMap((by) =>
    [...read(by).matchAll(LINK_TO_HEADING)].map(([, link, anchor = '']) => {
      return { by, path: link === undefined ? by : join(dirname(by), link), anchor };
    }),
  );
  expect(named.length).toBeGreaterThan(50);
  const lost = named.filter(({ path, anchor }) => !anchorsOf(path).includes(anchor));
  expect(lost.map(({ by, path, anchor }) => `${by}: ${path}#${anchor}`)).toEqual([]);
});

it('comments refer to guides that are there', () => {
  const named = SOURCES.filter((file) => !file.startsWith('scripts/docs/')).flatMap((by) =>
    [...read(by).matchAll(GUIDE_IN_COMMENT)].map(([path]) => ({ by, path })),
  );
  expect(named.length).toBeGreaterThan(5);
  expect(missing(named)).toEqual([]);
});
