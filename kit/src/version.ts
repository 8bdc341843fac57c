/** Which version this is, and how a deployed function says it. */

/** As `package.json` has it, which is published beside the compiled code. */
// eslint-disable-next-line @typescript-eslint/no-require-imports -- outside of what the compiler copies
export const { version: VERSION } = require('../package.json') as { readonly version: string };

/** The label of each function that names the version. */
export const VERSION_LABEL = 'firestore-push-version';

/** A version as a label may have it: of lower-case letters, digits, - and _. */
export function labelOf(version: string): string {
  return version.toLowerCase().replaceAll(/[^a-z0-9_-]/g, '-');
}
