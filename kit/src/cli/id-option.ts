/** Ids on the command line; pure. */
import { isDocumentId } from '../model/document-id';
import { UsageError } from './command';

/** The delivery that `--delivery` names: by its id, or by the path of its entry, `deliveries/like-a1d4`. */
export function deliveryIdOf(given: string): string {
  const [, id = given] = /^[^/]+(?:\/[^/]+\/[^/]+)*\/([^/]+)$/.exec(given) ?? [];
  return idOf('--delivery', id);
}

/** @throws {UsageError} naming the option and what was got. */
export function idOf(option: string, given: string): string {
  if (isDocumentId(given)) return given;
  throw new UsageError(`${option}: expected an id, got "${given}".`);
}
