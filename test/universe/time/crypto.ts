/** What kit modules have in the place of `node:crypto`: a name that is missing here fails the bundle, because it may be chance. */
export { hash } from 'node:crypto';
export { createHash, randomBytes, randomUUID } from './globals.ts';
