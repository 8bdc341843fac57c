/** Ids on the command line; pure. */
import { isDocumentId } from '../model/document-id';
import { UsageError } from './command';

/** @throws {UsageError} naming the option and what was got. */
export function idOf(option: string, given: string): string {
  if (isDocumentId(given)) return given;
  throw new UsageError(`${option}: expected an id, got "${given}".`);
}
