/** Finds the region that the functions are in, which clients have to name: what the operator set, as the functions read it. */

import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { parseEnv } from 'node:util';

import { PROJECT_ID } from './suite.ts';
import type * as Region from '../../kit/src/model/region.ts';

/** Where settings stand, in the order that the emulator reads them; the last one wins. */
const FILES = ['.env', `.env.${PROJECT_ID}`, '.env.local'];

/**
 * @param root the project's root; the functions must be built.
 * @throws as the functions do when `REGION` is no region.
 */
export async function regionOfFunctions(root: string): Promise<string> {
  const settings = await Promise.all(
    FILES.map((name) => settingsIn(join(root, 'functions', name))),
  );
  const { REGION = 'us-central1' } = Object.assign({}, ...settings) as Record<string, string>;
  const require = createRequire(join(root, 'kit/package.json'));
  return (require('./lib/model/region.js') as typeof Region).functionRegion(REGION);
}

async function settingsIn(file: string): Promise<NodeJS.Dict<string>> {
  try {
    return parseEnv(await readFile(file, 'utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw error;
  }
}
