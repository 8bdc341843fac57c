/** The shape of the machine and the versions of what was measured: a number without them says little. */

import { readFileSync } from 'node:fs';
import { cpus, platform, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { FUNCTIONS, ROOT } from './built.ts';
import type { Machine } from './results.ts';

export function machine(): Machine {
  const all = cpus();
  return {
    cpu: all[0]?.model.trim() ?? 'unknown',
    cores: all.length,
    memoryGiB: Math.round(totalmem() / 1024 ** 3),
    system: `${platform()} ${release()}`,
    node: process.versions.node,
  };
}

export function versions(): Record<string, string> {
  return {
    'firebase-admin': versionOf(FUNCTIONS, 'firebase-admin'),
    'firebase-functions': versionOf(FUNCTIONS, 'firebase-functions'),
    '@parse/node-apn': versionOf(ROOT, '@parse/node-apn'),
    apns2: versionOf(ROOT, 'apns2'),
  };
}

function versionOf(directory: string, name: string): string {
  const file = join(directory, 'node_modules', name, 'package.json');
  return (JSON.parse(readFileSync(file, 'utf8')) as { version: string }).version;
}
