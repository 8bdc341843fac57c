/** Reads the command line of `npm run release`; pure. */

import { parseArgs } from 'node:util';

export interface ReleaseOptions {
  /** Really publishes. */
  readonly publish: boolean;
  readonly help: boolean;
}

export const RELEASE_HELP = `Usage: npm run release [-- --publish]

Builds and packs the kit, checks the package (publint, "are the types wrong", the API report), and that its changelog has a
dated section for the version and nothing unreleased. Then npm is asked what it would publish.

Options:
  --publish         really publishes; npm has to be logged in
  --help            this text
`;

/**
 * @param args the command line without node and the script's name.
 * @throws for an option that there is not.
 */
export function readReleaseOptions(args: readonly string[]): ReleaseOptions {
  const { publish, help } = parseArgs({
    args: [...args],
    options: {
      publish: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  }).values;
  return { publish, help };
}
