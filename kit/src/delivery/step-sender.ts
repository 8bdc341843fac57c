/**
 * Sends one step of a round: to addresses that were read a moment ago, looked up again where their turn comes late, and prunes the dead.
 */
import { fingerprint } from '../model/address';
import type { Draft } from '../model/notification/content';
import { PayloadTooLargeError } from '../providers/fit';
import type { Outcome } from '../model/outcome';
import type { HeldEntry } from './ledger-entry';
import { needsLocalTimes, type About } from '../decision/decide';
import type { RecipientRecord } from '../store/users';
import { resolve, type Resolved, type Target } from './audience';
import { isTooLate, type PushTimes } from './deadline';
import { isPerson } from './delivery-document';
import type { EngineDeps, Said } from './deps';
import { withoutDigest } from './gather';
import { pruneDead } from './prune';
import { FRESH_MS, type RecipientReader } from './recipients';
import { sendVariants } from './send';
import type { Result } from './settle';
import {
  keyOf,
  present as findPresent,
  readAtOf,
  type Gone,
  type Present,
  type Wanted,
} from './step';

/** Addresses to send to. */
export interface Audience {
  readonly targets: readonly Target[];
  /** When their recipients were read, ms since 1970 by Firestore's clock. */
  readonly readAt: number;
  /** When they were asked for, ms since 1970 by this instance's clock: they are fresh for so long after that, however long reading took. */
  readonly at: number;
}

/** What a step found. */
export interface StepResult {
  /** One for each address that was sent to, or whose turn did not come. */
  readonly results: readonly Result[];
  /** Addresses that were their recipients' no more when their turn came. */
  readonly gone: readonly Gone[];
}

export interface StepOptions {
  /** Whether a send may begin now. */
  readonly mayBegin: () => boolean;
  /** Whether a push that is too large for these is so for everybody; else it is refused to each of them. */
  readonly mayBeTooLarge: boolean;
}

/** Reads in a row that may take longer than what they find is fresh; what the next finds is taken as it is. */
const MAX_SLOW_READS = 3;

/** What is past its end is settled as expired: a retry of it would come even later. */
export const TOO_LATE: Outcome = { kind: 'retry', code: 'TOO_LATE', cause: 'unprocessed' };

export class StepSender {
  private readonly deps: EngineDeps;
  private readonly id: string;
  private readonly times: PushTimes;
  private readonly content: Draft;
  private readonly about: About;

  constructor(deps: EngineDeps, { id, document }: HeldEntry, content: Draft) {
    this.deps = deps;
    this.id = id;
    // Whoever hears of it with others is no recipient of this.
    this.about = withoutDigest({ ...content, actor: document.actor });
    this.times = {
      audienceBegan: (document.audienceBegan ?? document.createdAt).toMillis(),
      eventAt: document.eventAt?.toMillis(),
      expiresAt: content.expiresAt,
    };
    this.content = content;
  }

  /**
   * Sends to the audience. Whoever's turn has not come while the records were fresh is looked up again: a device may have changed
   * hands.
   *
   * Rejects only when nothing was sent to anybody.
   */
  async send(
    source: RecipientReader,
    audience: Audience,
    { mayBegin, mayBeTooLarge }: StepOptions,
  ): Promise<StepResult> {
    const { clock } = this.deps;
    const results: Result[] = [];
    const waiting: Result[] = [];
    const gone: Gone[] = [];
    const readAt = new Map<string, number>();
    let slowReads = 0;
    for (let left = dueOf(audience, waiting); left.targets.length > 0;) {
      const now = clock.now();
      slowReads = now < left.at + FRESH_MS ? 0 : slowReads + 1;
      // Where Firestore takes longer each time, nobody could be told anything.
      const staleAt = (slowReads > MAX_SLOW_READS ? now : left.at) + FRESH_MS;
      const options = {
        mayBegin: () => mayBegin() && clock.now() < staleAt,
        mayBeTooLarge: mayBeTooLarge && results.length === 0,
      };
      for (const { uid } of left.targets) {
        readAt.set(uid, Math.min(readAt.get(uid) ?? Infinity, left.readAt));
      }
      const sent = await this.sendWhileFresh(left, options, results.length === 0);
      const unsent = sent.filter(isUnsent);
      if (unsent.length === 0 || !mayBegin()) {
        results.push(...sent);
        break;
      }
      results.push(...sent.filter((result) => !isUnsent(result)));
      const names = unsent.map(({ uid, address }) => ({ uid, fingerprint: fingerprint(address) }));
      const looked = await this.presentOf(source, names).catch((error: unknown) => {
        // Those that were sent to must be recorded; the others keep waiting.
        this.deps.log.notLookedUpAgain(this.id, error);
        return undefined;
      });
      if (looked === undefined) {
        results.push(...unsent);
        break;
      }
      gone.push(...looked.gone);
      left = dueOf(looked, waiting);
    }
    // All at once: of a few at a time nobody could say whether most of a step is called dead.
    return { results: [...(await this.afterwards(results, readAt)), ...waiting], gone };
  }

  /** Whether the push is past its end by now. */
  get isTooLate(): boolean {
    return isTooLate(this.deps.clock.now(), this.times);
  }

  /** Which of the addresses are still their recipients', under the same name or a renewed one. */
  async presentOf<W extends Wanted>(
    source: RecipientReader,
    wanted: readonly W[],
  ): Promise<Present<W> & Audience> {
    const at = this.deps.clock.now();
    const records = await source.read([...new Set(wanted.map(({ uid }) => uid))]);
    const readAt = readAtOf(records);
    const resolved = await this.resolve(records);
    const found = findPresent(wanted, resolved);
    const devices = found.gone.filter((each) => !isPerson(each));
    if (devices.length === 0) return { ...found, readAt, at };
    const replaced = new Map<string, string>();
    for (const [uid, gone] of Map.groupBy(devices, (each) => each.uid)) {
      const names = new Set(gone.map((each) => each.fingerprint));
      const present = await this.deps.devices.replacementsOf(uid, names);
      for (const [name, address] of present) replaced.set(keyOf(uid, name), address);
    }
    return { ...findPresent(wanted, resolved, replaced), readAt, at };
  }

  /** What each of them gets now. */
  async resolve(records: readonly RecipientRecord[]): Promise<Resolved> {
    const { clock, localTimes } = this.deps;
    const { choice } = this.about;
    const times = records.some((record) => needsLocalTimes(record, choice))
      ? await localTimes()
      : undefined;
    return resolve(records, this.about, clock.now(), times);
  }

  private async sendWhileFresh(
    { targets }: Audience,
    { mayBegin, mayBeTooLarge }: StepOptions,
    isFirst: boolean,
  ): Promise<readonly Result[]> {
    if (this.isTooLate) return targets.map((target) => ({ ...target, outcome: TOO_LATE }));
    let outcomes: readonly Outcome[];
    try {
      outcomes = await sendVariants(this.deps, this.content, targets, { mayBegin });
    } catch (error) {
      const isTooLarge = error instanceof PayloadTooLargeError;
      if (isTooLarge ? mayBeTooLarge : isFirst) throw error;
      const outcome: Outcome = isTooLarge
        ? { kind: 'rejected', code: 'PAYLOAD_TOO_LARGE', detail: error.message }
        : { kind: 'retry', cause: 'unprocessed', code: 'SEND_FAILED' };
      outcomes = targets.map(() => outcome);
    }
    return targets.map((target, index) => ({ ...target, outcome: outcomes[index] as Outcome }));
  }

  /** Prunes, and says what somebody has to know. Never rejects: sent it was, and the record must not be lost over this. */
  private async afterwards(
    results: readonly Result[],
    readAt: ReadonlyMap<string, number>,
  ): Promise<readonly Result[]> {
    const said = { id: this.id, type: this.content.type };
    const { devices, log } = this.deps;
    try {
      reportRefusals(log, said, results);
      if (this.content.validateOnly === true) {
        return results.map((result) => ({ ...result, prune: 'dry-run' }));
      }
      return await pruneDead(results, (uid) => readAt.get(uid) ?? 0, devices, {
        breakerTripped: (dead, sent) => log.breakerTripped(said, dead, sent),
        pruneFailed: (error) => log.pruneFailed(said, error),
        pruned: (addresses, kept) => log.pruned(said, addresses, kept),
      });
    } catch (error) {
      log.pruneFailed(said, error);
      return results.map((result) => ({ ...result, prune: 'error' }));
    }
  }
}

/** Says once for all of a step what somebody has to act on. */
export function reportRefusals(
  log: EngineDeps['log'],
  about: Said,
  results: readonly Pick<Result, 'outcome'>[],
): void {
  const outcomes = results.map(({ outcome }) => outcome);
  const refused = outcomes.find(isOurFault);
  if (refused !== undefined) log.configurationRefused(about, refused);
  const rejected = outcomes.find((outcome) => outcome.kind === 'rejected');
  if (rejected !== undefined) log.rejected(about, rejected);
}

/** The audience without those who are not to be told yet, who wait. */
function dueOf(audience: Audience, waiting: Result[]): Audience {
  const targets = audience.targets.filter((target) => {
    const { held } = target;
    if (held !== undefined) waiting.push({ ...target, outcome: { kind: 'unsent', held } });
    return held === undefined;
  });
  return { ...audience, targets };
}

/** The lease was over before its request began. */
export function isUnsent({ outcome }: Result): boolean {
  return outcome.kind === 'unsent';
}

function isOurFault(outcome: Outcome): outcome is Extract<Outcome, { kind: 'failed' | 'retry' }> {
  return outcome.kind === 'failed' || (outcome.kind === 'retry' && outcome.cause === 'credential');
}
