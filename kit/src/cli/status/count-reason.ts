/** What a code means that the ledger counts addresses by; pure. Some are not a provider's, but say what became of a device. */
import { codeReason, personReason, type Reason } from '../reasons/reason';

const AS_PERSON = new Map([
  ['KEPT_BREAKER', 'kept:breaker'],
  ['KEPT_ERROR', 'kept:error'],
  ['EXPIRED', 'expired'],
]);

/** Codes beyond those that an entry counts one by one. */
const REST = 'OTHER';

export function countReason(code: string): Reason {
  const person = AS_PERSON.get(code);
  if (person !== undefined) return personReason(person);
  if (code === REST) {
    return { sentence: 'Further codes, which the entries do not name.', severity: 'note' };
  }
  return codeReason(code);
}
