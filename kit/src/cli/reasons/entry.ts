/**
 * What one code means, as the tables of this folder say it, and how that becomes a sentence with its remedy; pure.
 */
import { redact } from '../../model/redact';
import type { RetryCause } from '../../model/outcome';
import { WAITS } from '../../providers/retry-policy';

export interface Reason {
  readonly sentence: string;
  /** What to do; absent where nothing needs doing. */
  readonly remedy?: string;
  /** `problem`: somebody has to act. `note`: it waits by itself, or is as it should be. `good`: all is well. */
  readonly severity: 'good' | 'note' | 'problem';
}

/** What a code says, whatever came of it. */
export interface CodeEntry {
  readonly sentence: string;
  readonly remedy?: string;
  /** For what is tried again by itself: how, see `providers/retry-policy.ts`. `at-once`: it was no try, and has nothing to wait for. */
  readonly waits?: RetryCause | 'at-once';
  /** Default: `note` for what is tried again and has no remedy, else `problem`. */
  readonly severity?: Reason['severity'];
}

export const DOCTOR = 'npx @firestore-push/push doctor';

/** For what only a fault of this package can cause. */
export const REPORT =
  'This is a fault of the package: report it with the line of the log that names the delivery.';

/** Characters of a foreign name that are repeated. */
const MAX_NAME = 80;

/** Words that came from outside, fit to be repeated: no addresses, one line, not long. */
export function quoted(words: string): string {
  const line = redact(words).replaceAll(/\s+/g, ' ').trim();
  return line.length > MAX_NAME ? `${line.slice(0, MAX_NAME).trimEnd()}…` : line;
}

/** The meaning of a code that is waiting, or of which it is not known how it ended. */
export function inGeneral({ sentence, remedy, waits, severity }: CodeEntry): Reason {
  return reason(
    waits === undefined ? sentence : `${sentence} ${waitingFor(waits)}`,
    remedy,
    severity ?? (waits !== undefined && remedy === undefined ? 'note' : 'problem'),
  );
}

/** The meaning of a code with which an address has ended: it is not tried again by itself. */
export function inTheEnd(entry: CodeEntry): Reason {
  const { sentence, remedy = SEND_AGAIN, waits } = entry;
  if (waits === undefined) return inGeneral(entry);
  const end =
    waits === 'at-once'
      ? 'The delivery ended before it had another.'
      : 'It was tried again without success.';
  return { sentence: `${sentence} ${end}`, remedy, severity: 'problem' };
}

export const SEND_AGAIN =
  'Once the provider answers again, send it to those who missed it: npx @firestore-push/push retry.';

/** When it is tried again, by the policy of the code itself. */
function waitingFor(cause: RetryCause | 'at-once'): string {
  if (cause === 'at-once') return 'It goes on at once.';
  const { firstMs, giveUpAfterMs } = WAITS[cause];
  return `It is tried again by itself, first after ${time(firstMs)}, for up to ${time(giveUpAfterMs)}.`;
}

function time(ms: number): string {
  const seconds = ms / 1000;
  if (seconds < 120) return `${seconds} s`;
  return seconds < 7200 && seconds % 3600 !== 0 ? `${seconds / 60} min` : `${seconds / 3600} h`;
}

/** A reason whose remedy may be absent. */
export function reason(
  sentence: string,
  remedy: string | undefined,
  severity: Reason['severity'],
): Reason {
  return { sentence, ...(remedy === undefined ? {} : { remedy }), severity };
}
