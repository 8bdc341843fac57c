/** What the attempts are made on. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The rules as they are deployed. */
export const rules = readFileSync(join(__dirname, '../../firestore.rules'), 'utf8');

/** Where the attempts were made. */
export interface Emulated {
  /** The emulator's `host:port`. */
  readonly host: string;
  readonly projectId: string;
}
