/** Tests that need a browser: skipped where there is none, which the closing line of `npm test` counts. */
import { chromiumHere } from './chromium.ts';

/** `describe` where a Chromium starts, `describe.skip` elsewhere. */
export const describeInBrowser: typeof describe.skip =
  'missing' in chromiumHere() ? describe.skip : describe;
