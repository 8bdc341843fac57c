/**
 * For tests: a Firebase project on this machine, in which the package is installed as a kit.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { PROJECT } from './healthy-google';

export interface InstalledProject {
  readonly folder: string;
  write(file: string, content: string | object): void;
  /** The instance's `.env`. */
  settings(values: Readonly<Record<string, string>>): void;
  remove(): void;
}

const SOURCE = 'function-kits/push/source';
const MODULE = 'node_modules/@firestore-push/push';

export function installedProject(): InstalledProject {
  const folder = mkdtempSync(join(tmpdir(), 'installed-'));
  const write = (file: string, content: string | object) => {
    const path = join(folder, file);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
  };
  write('firebase.json', {
    functions: [
      {
        kit: 'push',
        source: SOURCE,
        sourcePackage: { name: '@firestore-push/push' },
        instances: { push: 'function-kits/push/config-push' },
      },
    ],
  });
  write('.firebaserc', { projects: { default: PROJECT } });
  write(`${SOURCE}/package-lock.json`, { packages: { [MODULE]: { version: '0.1.0' } } });
  write(`${SOURCE}/${MODULE}/package.json`, { version: '0.1.0' });
  const settings = (values: Readonly<Record<string, string>>) => {
    const lines = Object.entries(values).map(([name, value]) => `${name}=${value}\n`);
    write('function-kits/push/config-push/.env', lines.join(''));
  };
  settings({
    REGION: 'eur3',
    ENFORCE_APP_CHECK: 'true',
    APNS_KEY_ID: 'ABC123DEFG',
    APNS_TEAM_ID: 'DEF123GHIJ',
    APNS_TOPIC: 'com.example.app',
  });
  return { folder, write, settings, remove: () => rmSync(folder, { recursive: true }) };
}
