/** Writes the parts of the guides that follow from the code: `npm run docs`. */

import { writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

import * as outboxGuide from './docs/outbox-guide.ts';
import * as reasonsGuide from './docs/reasons-guide.ts';

const root = join(import.meta.dirname, '..');
const require = createRequire(import.meta.url);
/** As built: `npm run docs` builds first. */
const load: reasonsGuide.Load = <Name extends keyof reasonsGuide.ReasonModules>(name: Name) =>
  require(join(root, 'kit/lib/cli/reasons', `${name}.js`)) as reasonsGuide.ReasonModules[Name];

writeFileSync(join(root, outboxGuide.GUIDE), outboxGuide.writtenGuide(root));
writeFileSync(join(root, reasonsGuide.GUIDE), reasonsGuide.writtenGuide(root, load));
