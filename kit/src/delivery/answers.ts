/**
 * What the providers answered for each device, and when rounds were made, as the ledger keeps it; pure.
 */
import type { AddressKind } from '../model/address';
import type { Counts } from '../model/counts';
import { nameInMap } from '../model/describe-value';

/** What became of one device last. Addresses are named by fingerprint. */
export interface Answer {
  readonly uid: string;
  readonly device: string;
  /** What its address is; absent for a topic or condition. */
  readonly kind?: AddressKind;
  /** `gone`: the device was its person's no more when its turn came. */
  readonly outcome: 'delivered' | 'unregistered' | 'rejected' | 'failed' | 'expired' | 'gone';
  readonly code?: string;
  readonly detail?: string;
  /** Of an unregistered one: whether it was pruned, or why it was kept. */
  readonly prune?: 'pruned' | KeptReason;
  /** ms since 1970. */
  readonly at: number;
  /** How often it was tried; absent: once. */
  readonly tries?: number;
}

/** `breaker`: too many at once, see `breaker.ts`. `re-registered`: the device came back meanwhile. `error`: the prune failed. `dry-run`: nothing is pruned in one. */
export type KeptReason = 'breaker' | 're-registered' | 'error' | 'dry-run';

/** A round that left something to do. */
export interface RoundNote {
  /** When it ended, ms since 1970. */
  readonly at: number;
  /** Addresses to be tried again, and the code of the first of them. */
  readonly waiting: number;
  readonly code?: string;
  /** When the next round may begin, ms since 1970. */
  readonly dueAt: number;
}

/** Bytes that the answers of one entry may take: it also holds reasons, in Firestore's 1 MiB. */
const MAX_BYTES = 80_000;
/** The same where something failed: only a device that is named can be sent to again. Together with those that wait, so many. */
const MAX_TROUBLE_BYTES = 300_000;
const MAX_WITH_PENDING_BYTES = 550_000;
/** What Firestore counts for one answer beside its texts: the names of its fields, numbers, the fingerprint. */
const OVERHEAD_BYTES = 75;
/** Rounds that are kept: a delivery has a few dozen at most. */
const MAX_ROUNDS = 20;
/** Distinct codes that are counted one by one. */
const MAX_CODES = 30;
export const OTHER_CODES = 'OTHER';

/**
 * The answers with further ones; where a device answered again, the later one counts.
 *
 * @param pendingBytes what the addresses that wait take of the same entry.
 */
export function withAnswers(
  known: readonly Answer[],
  fresh: readonly Answer[],
  pendingBytes = 0,
): Answer[] {
  const again = new Set(fresh.map(keyOf));
  const all = [...known.filter((answer) => !again.has(keyOf(answer))), ...fresh];
  return withinRoom(all, MAX_WITH_PENDING_BYTES - pendingBytes);
}

/** As many as there is room for: what somebody may have to act upon goes before what went well. */
function withinRoom(answers: readonly Answer[], room: number): Answer[] {
  const bytes = answers.reduce((sum, answer) => sum + sizeOf(answer), 0);
  if (bytes <= MAX_BYTES) return [...answers];
  const most = Math.max(MAX_BYTES, Math.min(MAX_TROUBLE_BYTES, room));
  let taken = 0;
  const take = (some: readonly Answer[], until: number) =>
    some.filter((answer) => (taken += sizeOf(answer)) <= until);
  const trouble = take(answers.filter(isTrouble), most);
  return [
    ...trouble,
    ...take(
      answers.filter((answer) => !isTrouble(answer)),
      MAX_BYTES,
    ),
  ];
}

/** Whether the device was not told, although it should have been. */
export function isTrouble({ outcome, prune }: Answer): boolean {
  if (outcome === 'unregistered') return prune === 'breaker' || prune === 'error';
  return outcome === 'rejected' || outcome === 'failed' || outcome === 'expired';
}

/** Under which code an answer is counted as trouble; undefined for one that is none. */
export function troubleCode(answer: Answer): string | undefined {
  if (!isTrouble(answer)) return undefined;
  const { outcome, prune, code } = answer;
  if (outcome === 'unregistered') return prune === 'breaker' ? 'KEPT_BREAKER' : 'KEPT_ERROR';
  return outcome === 'expired' ? 'EXPIRED' : (code ?? outcome.toUpperCase());
}

/** Whether something of a delivery failed that could be sent again. */
export function hasTrouble(
  { rejected, failed, expired }: Counts,
  codes: Readonly<Record<string, number>>,
): boolean {
  return rejected + failed + expired > 0 || Object.keys(codes).length > 0;
}

/** Counts of addresses by code, added up. */
export function sumCodes(
  all: Iterable<Readonly<Record<string, number>> | undefined>,
): Record<string, number> {
  const sum = new Map<string, number>();
  for (const codes of all) {
    for (const [code, count] of Object.entries(codes ?? {})) {
      const name = sum.has(code) || sum.size < MAX_CODES ? code : OTHER_CODES;
      sum.set(name, (sum.get(name) ?? 0) + count);
    }
  }
  return Object.fromEntries(sum);
}

/** The counts by code with those of further answers. */
export function withCodes(
  known: Readonly<Record<string, number>> | undefined,
  answers: readonly Answer[],
): Record<string, number> {
  return sumCodes([known, ...namesOf(answers).map((name) => ({ [name]: 1 }))]);
}

/** The counts by code without those of answers that count no more. */
export function withoutCodes(
  known: Readonly<Record<string, number>> | undefined,
  answers: readonly Answer[],
): Record<string, number> {
  const left = new Map(Object.entries(known ?? {}));
  for (const name of namesOf(answers)) {
    const counted = left.has(name) ? name : OTHER_CODES;
    left.set(counted, (left.get(counted) ?? 0) - 1);
  }
  return Object.fromEntries([...left].filter(([, count]) => count > 0));
}

function namesOf(answers: readonly Answer[]): string[] {
  return answers
    .map(troubleCode)
    .filter((code) => code !== undefined)
    .map(nameInMap);
}

/** The rounds with a further one. */
export function withRound(known: readonly RoundNote[], round: RoundNote): RoundNote[] {
  return [...known, round].slice(-MAX_ROUNDS);
}

function keyOf({ uid, device }: Answer): string {
  return `${uid}/${device}`;
}

function sizeOf({ uid, code = '', detail = '' }: Answer): number {
  return OVERHEAD_BYTES + Buffer.byteLength(uid) + Buffer.byteLength(code + detail);
}
