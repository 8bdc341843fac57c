/** The files that the page is made of, as they stand beside this one. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

const HTML = 'text/html; charset=utf-8';
const CSS = 'text/css; charset=utf-8';
const SCRIPT = 'text/javascript; charset=utf-8';

const MODULES = ['main', 'elements', 'list', 'live', 'report', 'route', 'status', 'story', 'words'];

/** By path: no name that comes from outside ever reaches the file system. */
const FILES: ReadonlyMap<string, { readonly name: string; readonly type: string }> = new Map([
  ['/', { name: 'index.html', type: HTML }],
  ['/page/console.css', { name: 'console.css', type: CSS }],
  ['/page/icon.svg', { name: 'icon.svg', type: 'image/svg+xml' }],
  ...MODULES.map((name): [string, { name: string; type: string }] => [
    `/page/${name}.mjs`,
    { name: `${name}.mjs`, type: SCRIPT },
  ]),
]);

export interface PageFile {
  readonly type: string;
  readonly body: Buffer;
}

/** Undefined: the page has no such file. */
export async function pageFile(path: string, folder = PAGE_FOLDER): Promise<PageFile | undefined> {
  const file = FILES.get(path);
  if (file === undefined) return undefined;
  return { type: file.type, body: await readFile(join(folder, file.name)) };
}

/** Where the build puts them. */
export const PAGE_FOLDER = join(__dirname, 'page');
