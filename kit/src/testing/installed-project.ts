/**
 * For tests: a Firebase project on this machine, in which the package is installed as a kit.
 */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { HEALTHY_SETTINGS } from './doctor-facts';
import { PROJECT } from './healthy-google';
import { KIT, projectFolder, writeFile } from './project-folder';

export interface InstalledProject {
  readonly folder: string;
  write(file: string, content: string | object): void;
  /** The instance's `.env`. */
  settings(values: Readonly<Record<string, string>>): void;
  remove(): void;
}

const MODULE = 'node_modules/@firestore-push/push';

export function installedProject(): InstalledProject {
  const folder = projectFolder({
    'firebase.json': { functions: [KIT] },
    '.firebaserc': { projects: { default: PROJECT } },
    [`${KIT.source}/package-lock.json`]: { packages: { [MODULE]: { version: '0.1.0' } } },
    [`${KIT.source}/${MODULE}/package.json`]: { version: '0.1.0' },
  });
  const write = (file: string, content: string | object) => writeFile(join(folder, file), content);
  const settings = (values: Readonly<Record<string, string>>) => {
    const lines = Object.entries(values).map(([name, value]) => `${name}=${value}\n`);
    write(`${KIT.instances.push}/.env`, lines.join(''));
  };
  settings(HEALTHY_SETTINGS);
  return { folder, write, settings, remove: () => rmSync(folder, { recursive: true }) };
}
