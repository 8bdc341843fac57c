/** A process that loads the compiled functions and says which modules of the Firebase SDKs they asked for on the way. */

import Module, { createRequire } from 'node:module';
import { join } from 'node:path';
import { FUNCTIONS } from '../built.ts';
import { answerParent } from '../child.ts';

const SDK = /^(?:firebase-(?:functions|admin)|@google-cloud\/firestore)(?:\/|$)/;

type Load = (
  request: string,
  parent: { filename?: string } | undefined,
  isMain: boolean,
) => unknown;

answerParent((): Promise<string[]> => {
  const own = join(FUNCTIONS, 'lib');
  const asked = new Set<string>();
  const loader = Module as unknown as { _load: Load };
  const load = loader._load;
  loader._load = (request, parent, isMain) => {
    if (parent?.filename?.startsWith(own) === true && SDK.test(request)) asked.add(request);
    return load(request, parent, isMain);
  };
  createRequire(join(FUNCTIONS, 'package.json'))('./lib/index.js');
  return Promise.resolve([...asked]);
});
