/** Makes a copy of the project in which another app stands in the sample's place, and the sample's own tests are gone. */

import { rm } from 'node:fs/promises';
import { join } from 'node:path';

import { replaceApp } from '../stack/app.ts';
import { copyProject } from '../stack/copy.ts';

/** What only tests the sample; the tests beside its code go with the code. */
const TESTS_OF_THE_SAMPLE = 'test/sample';

/**
 * @param app the app's folder, relative to the root.
 * @returns the copy's folder, for the caller to delete.
 */
export async function copyWithoutSample(root: string, app: string): Promise<string> {
  const copy = await copyProject(root, 'without-sample');
  await replaceApp(copy, join(copy, app));
  await rm(join(copy, TESTS_OF_THE_SAMPLE), { recursive: true });
  return copy;
}
