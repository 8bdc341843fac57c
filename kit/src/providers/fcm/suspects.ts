/**
 * Decides what becomes of addresses that FCM blamed, when such blame is known to hit live ones; pure.
 *
 * Invariant: an address is called dead only if FCM refuses it alone, too, and has accepted another from this credential.
 */
import type { Outcome } from '../../model/outcome';
import type { FcmVerdict } from './classify';

/** An address under suspicion: its place in the batch, and what FCM said of it. */
export interface Suspect {
  readonly index: number;
  readonly code: string;
}

/** Up to this many, suspects are asked about one by one, whatever part of the batch they are. */
const MASS_SUSPECTS = 20;

/** Whether so many of a batch are suspect that the fault is ours: asking about each would prove nothing. */
export function massSuspicion(suspects: number, addresses: number): boolean {
  return suspects > MASS_SUSPECTS && suspects * 2 > addresses;
}

/**
 * The outcome for a suspect, from what FCM said to a minimal message for it alone.
 *
 * @param code what FCM said of it at first.
 * @param accepted whether FCM has accepted something for any address from this credential.
 */
export function clearDoubt(
  code: string,
  verdict: Exclude<FcmVerdict, { kind: 'credential' }>,
  accepted: boolean,
): Outcome {
  if (verdict.kind === 'outcome') {
    switch (verdict.outcome.kind) {
      // A definite answer after all, or none: the doubt stays, and so does the address.
      case 'unregistered':
      case 'retry':
      case 'failed':
      case 'unsent':
        return verdict.outcome;
      case 'delivered':
      case 'rejected':
        return { kind: 'rejected', code, detail: 'the address alone was not refused' };
    }
  }
  if (verdict.code !== code) {
    return { kind: 'rejected', code, detail: `the address alone was answered ${verdict.code}` };
  }
  if (!accepted) {
    return { kind: 'rejected', code, detail: 'nothing was accepted from this credential yet' };
  }
  return { kind: 'unregistered', code };
}
