/** The first step of `npm test`: says within seconds what is missing on this machine and the command that gets it. */

import { join } from 'node:path';

import { chromiumHere } from '../simulator/src/testing/chromium.ts';
import { announceDownload, findRequirements } from './machine/requirements.ts';
import { report } from './stack/session.ts';

const root = join(import.meta.dirname, '..');

try {
  const requirements = await findRequirements(root);
  const { java } = requirements;
  const lines = [`Java ${java.major}: ${java.binary}`];
  const download = announceDownload(requirements);
  if (download !== undefined) lines.push(download);
  const chromium = chromiumHere();
  lines.push(
    'missing' in chromium
      ? `The tests that need a browser will be skipped. ${chromium.missing}`
      : `Chromium: ${chromium.executablePath}`,
  );
  process.stdout.write(`${lines.join('\n')}\n`);
} catch (error) {
  report(error);
  process.exitCode = 1;
}
