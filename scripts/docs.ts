/** Writes the parts of the guides that follow from the code: `npm run docs`. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { GUIDE, writtenGuide } from './docs/outbox-guide.ts';

const root = join(import.meta.dirname, '..');
writeFileSync(join(root, GUIDE), writtenGuide(root));
