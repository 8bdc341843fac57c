/**
 * Sees everything that happens in a world, whatever the backend makes of it: who had which address when, what left for the providers,
 * what they took, what people asked for. Judges whatever must not happen at the moment at which it does.
 */
import type { DeliveryDocument } from '../../../kit/src/delivery/delivery-document.ts';
import { fingerprint } from '../../../kit/src/model/address.ts';
import { isSame } from '../firestore/order.ts';
import type { Change } from '../firestore/server.ts';
import type { Phones } from '../providers/phones.ts';
import type { Asked, Fate, Pair, Request } from './asked.ts';
import { BrokenPromise, type Violation } from './broken-promise.ts';
import { isMandatory } from './catalogue.ts';
import { judgeSend } from './entries.ts';
import { Nights } from './nights.ts';
import type { PromiseName } from './promises.ts';
import type { WatchedServer } from './servers.ts';
import { Spans } from './spans.ts';
import { WINDOW_MS, Wishes } from './wishes.ts';

/** A push may be begun so long after its end, see `delivery/deadline.ts`, and clocks differ. */
const LATEST_BEGIN_MS = 64_000;
/** A time to live of nothing is for whoever is reached within the hour that its audience may take. */
const LONGEST_NOW_MS = 61 * 60_000;

/** A step, with requests that take their time, ms. */
const STEP_MS = 60_000;

/** A first retry of FCM's: a minute, as much by chance, and an answer that takes its time, ms. */
const LATEST_RETRY_MS = 200_000;

export class Witness {
  readonly asked = new Map<string, Asked>();
  readonly pairs = new Map<string, Pair>();
  /** By delivery: fingerprints of addresses for which a provider took it. */
  readonly takenBy = new Map<string, Set<string>>();
  /** Instances died or froze, or writes were lost, so many times. */
  doubts = 0;
  /** Whether the people's apps are writing, and not the backend. */
  isPeople = false;
  rings = 0;
  /** Nothing goes wrong but with providers: then retries come when they are due. */
  isPunctual = false;
  /** Entries of the release before do not say when their event was. */
  isOlder = false;
  /** How far two clocks are apart at most, the true one among them, ms: what one instance heard, another may heed by its own. */
  clocksDifferMs = 0;
  /** The first promise that was broken. */
  broken: Violation | undefined;
  /** What a provider asked for that was only asked whether it knows an address, ms. */
  private readonly probedUntil = new Map<string, number>();
  /** Who had an address, and when. */
  private readonly holders = new Spans();
  /** Who had muted a kind, by `uid/kind`. */
  private readonly muted = new Spans();
  readonly wishes = new Wishes();
  readonly nights: Nights;
  private readonly server: WatchedServer;
  private readonly phones: Phones;
  private readonly now: () => number;

  constructor(server: WatchedServer, phones: Phones, now: () => number) {
    this.server = server;
    this.phones = phones;
    this.now = now;
    this.nights = new Nights(this, server, now);
  }

  // What people ask for.

  ask(asked: Asked): void {
    this.asked.set(asked.deliveryId, asked);
  }

  /** An operator has it sent again, however late that is, to whoever was not reached, such as those whom the breaker kept. */
  prolong(deliveryId: string): void {
    this.amend(deliveryId, ({ retries = 0 }) => ({ ttlMs: undefined, retries: retries + 1 }));
  }

  /** Something about a delivery that was asked for is otherwise now. */
  amend(deliveryId: string, change: (asked: Asked) => Partial<Asked>): void {
    const asked = this.asked.get(deliveryId);
    if (asked !== undefined) this.asked.set(deliveryId, { ...asked, ...change(asked) });
  }

  // What is written.

  onUser({ path, before, after }: Change): void {
    const uid = path.slice(path.indexOf('/') + 1);
    const now = this.now();
    const had = listOf(before?.fields['tokens']);
    const has = listOf(after?.fields['tokens']);
    if (had !== has) {
      for (const token of had) {
        if (!has.includes(token)) this.holders.end(token, uid, now);
      }
      for (const token of has) {
        if (!had.includes(token)) this.holders.begin(token, uid, now);
      }
    }
    this.wishes.onUser(uid, after?.fields, now);
    for (const kind of ['wave', 'offer'] as const) {
      const wasMuted = isMuted(before?.fields, kind);
      const isMutedNow = isMuted(after?.fields, kind);
      if (isMutedNow && !wasMuted) this.muted.begin(`${uid}/${kind}`, uid, now);
      if (wasMuted && !isMutedNow) this.muted.end(`${uid}/${kind}`, uid, now);
    }
    if (this.isPeople || before === undefined) return;
    for (const field of THEIRS) {
      const old = ownField(before.fields, field);
      const present = after === undefined ? undefined : ownField(after.fields, field);
      if (!isSame(old, present)) {
        this.fail('theirs', `field ${field} of ${path} was changed by the backend`);
      }
    }
  }

  // What leaves.

  /** A request leaves an instance. */
  onRequest(
    { token, server, deliveryId, isDryRun, title, isHeard }: Request,
    { isTroubled, isDoubtful, isLasting }: Fate,
  ): void {
    if (isDryRun) return;
    const now = this.now();
    const asked = deliveryId === undefined ? undefined : this.asked.get(deliveryId);
    if (deliveryId === undefined || asked === undefined) {
      this.fail('right', `a push for delivery ${deliveryId}, which nobody asked for`);
    }
    const pair = this.pairOf(token, deliveryId);
    const theirs = this.judgeOwner(asked, token, now);
    for (const uid of theirs) pair.owners.add(uid);
    this.judgeTime(asked, now);
    this.judgeBegin(asked, now);
    this.judgeRecord(asked, token, theirs);
    // Whoever sends it again by hand does so at once.
    const isByHand = asked.retries !== undefined;
    if (
      now < pair.notBefore - this.clocksDifferMs &&
      !isByHand &&
      this.doubts === 0 &&
      pair.owners.size <= 1
    ) {
      const early = Math.round(pair.notBefore - now);
      this.fail('patience', `${nameOf(token)} was sent ${deliveryId} again ${early} ms too early`);
    }
    const isHeld = this.nights.judge(asked, { token, theirs, isHeard });
    // Its times begin anew.
    if (isHeld) delete pair.firstTroubledAt;
    else if (server === 'fcm' && !isByHand) this.judgeRetry(pair, now);
    judgeSend(this, asked, pair, { server, title }, now);
    pair.requests += 1;
    if (isTroubled) {
      pair.troubledAt = now;
      pair.firstTroubledAt ??= now;
    }
    if (isDoubtful) pair.doubtful += 1;
    if (isLasting) pair.lasting += 1;
    if (!isTroubled && server !== 'sandbox') {
      pair.untroubled += 1;
      if (pair.untroubled > this.mostOf(pair) + (asked.retries ?? 0)) {
        const words = `${nameOf(token)} was sent ${deliveryId} ${pair.untroubled} times although nothing went wrong`;
        this.fail('once', words);
      }
    }
  }

  /** The provider asked for a wait. @param deliveryId undefined: it was only asked whether it knows the address. */
  onWait(token: string, deliveryId: string | undefined, ms: number): void {
    const until = this.now() + ms;
    if (deliveryId === undefined) this.probedUntil.set(token, until);
    else this.pairOf(token, deliveryId).notBefore = until;
  }

  /** A provider took a push: the phone rings. */
  onTaken(token: string, deliveryId: string): void {
    this.rings += 1;
    const pair = this.pairOf(token, deliveryId);
    pair.accepted += 1;
    let taken = this.takenBy.get(deliveryId);
    if (taken === undefined) this.takenBy.set(deliveryId, (taken = new Set()));
    taken.add(fingerprint(token));
    const most = this.mostOf(pair);
    if (pair.accepted > most) {
      const words = `${nameOf(token)} rang ${pair.accepted} times for ${deliveryId}, and at most ${most} can be explained`;
      this.fail('once', words);
    }
  }

  /** Notes that a promise is broken, the first time, and ends whatever broke it. */
  fail(name: PromiseName, words: string): never {
    const failure = new BrokenPromise(name, words);
    this.broken ??= failure.violation;
    throw failure;
  }

  /** How often an address can be sent a delivery by what is known to have gone wrong. */
  private mostOf({ owners, doubtful }: Pair): number {
    return Math.max(1, owners.size) * (1 + this.doubts) + doubtful;
  }

  pairOf(token: string, deliveryId: string): Pair {
    const key = `${deliveryId} ${token}`;
    let pair = this.pairs.get(key);
    if (pair === undefined) {
      pair = {
        token,
        deliveryId,
        at: this.now(),
        requests: 0,
        untroubled: 0,
        lasting: 0,
        accepted: 0,
        doubtful: 0,
        notBefore: 0,
        owners: new Set<string>(),
      };
      this.pairs.set(key, pair);
    }
    return pair;
  }

  /** Whether somebody had an address then, ms. */
  hadAt(token: string, uid: string, at: number): boolean {
    return this.holders.has(token, uid, at, at);
  }

  private judgeOwner(
    { to, addresses, actor, kind, deliveryId }: Asked,
    token: string,
    now: number,
  ): string[] {
    if (addresses !== undefined) {
      if (!addresses.has(token)) {
        this.fail('right', `${nameOf(token)} was sent ${deliveryId}, which does not list it`);
      }
      return [];
    }
    const since = now - WINDOW_MS;
    const holders = this.holders.since(token, since);
    const theirs = holders.filter((uid) => (to === undefined || to.has(uid)) && uid !== actor);
    if (theirs.length === 0) {
      const had = holders.join(', ') || 'nobody';
      const wanted = to === undefined ? 'everyone' : [...to].join(', ');
      const words = `${nameOf(token)}, of ${had}, was sent ${deliveryId} for ${wanted}, by ${actor}`;
      this.fail('right', words);
    }
    if (kind === 'push' || isMandatory(kind)) return theirs;
    const isWanted = theirs.some((uid) => !this.muted.has(`${uid}/${kind}`, uid, since, now));
    if (!isWanted) this.fail('mute', `${theirs.join(', ')} had muted ${kind}: ${deliveryId}`);
    return theirs;
  }

  /** A first retry comes when it is due. */
  private judgeRetry(
    { token, deliveryId, requests, troubledAt, notBefore }: Pair,
    now: number,
  ): void {
    if (!this.isPunctual || requests !== 1 || troubledAt === undefined) return;
    const late = now - Math.max(troubledAt, notBefore, this.probedUntil.get(token) ?? 0);
    if (late <= LATEST_RETRY_MS) return;
    const words = `${nameOf(token)} was sent ${deliveryId} again ${late} ms after it was due`;
    this.fail('patience', words);
  }

  private judgeBegin(
    { deliveryId, notBefore = 0, cancelledAt = Infinity }: Asked,
    now: number,
  ): void {
    if (now < notBefore - this.clocksDifferMs) {
      const early =
        notBefore === Infinity ? 'though it was cancelled' : `${notBefore - now} ms too early`;
      this.fail('outbox', `${deliveryId} was sent ${early}`);
    }
    // Parts under way end with their present step.
    if (now > cancelledAt + STEP_MS && this.doubts === 0) {
      this.fail(
        'cancelled',
        `${deliveryId} was sent ${now - cancelledAt} ms after it was cancelled`,
      );
    }
  }

  private judgeTime({ at, ttlMs, deliveryId }: Asked, now: number): void {
    if (ttlMs === undefined) return;
    const isForNow = ttlMs === 0 || this.isOlder;
    const most = Math.max(ttlMs + LATEST_BEGIN_MS, isForNow ? LONGEST_NOW_MS : 0);
    if (now > at + most) {
      this.fail('time', `${deliveryId} was sent ${now - at} ms after its event, for ${ttlMs} ms`);
    }
  }

  /** What is recorded is never sent again. */
  private judgeRecord({ deliveryId }: Asked, token: string, theirs: readonly string[]): void {
    const name = fingerprint(token);
    for (const entry of this.entriesOf(deliveryId)) {
      const answer = entry.answers?.find(({ device }) => device === name);
      // A device of two of them for a moment is told for each.
      const isTheirs = theirs.length === 0 || (theirs.length === 1 && answer?.uid === theirs[0]);
      if (answer?.outcome === 'delivered' && isTheirs) {
        this.fail(
          'once',
          `${nameOf(token)} is sent ${deliveryId}, which is recorded as delivered to it`,
        );
      }
    }
  }

  /** The ledger's entries of a delivery: its own, and its shards'. */
  entriesOf(deliveryId: string): DeliveryDocument[] {
    const found: DeliveryDocument[] = [];
    for (const { id, fields } of this.server.all('deliveries')) {
      // Notes on events without a delivery have no counts.
      if ((id === deliveryId || id.startsWith(`${deliveryId}~`)) && 'counts' in fields) {
        found.push(fields as unknown as DeliveryDocument);
      }
    }
    return found;
  }

  /** Short: the phone and which of its tokens. */
  name(token: string): string {
    return `${this.phones.byToken(token)?.id ?? 'no phone'} (${nameOf(token)})`;
  }
}

/** The beginning of a token tells it from the others of a world. */
function nameOf(token: string): string {
  return token.slice(0, 34);
}

function listOf(tokens: unknown): readonly string[] {
  return Array.isArray(tokens) ? (tokens as string[]) : NONE;
}

const NONE: readonly string[] = [];

/** Fields of people's documents that only they write. */
const THEIRS = [
  ...(['profile', 'constructor'] as const),
  ...(['notificationSettings', 'mute', 'blocked', 'quietHours', 'timeZone'] as const),
];

function isMuted(fields: Readonly<Record<string, unknown>> | undefined, kind: string): boolean {
  const settings = fields?.['notificationSettings'] as
    Readonly<Record<string, unknown>> | undefined;
  return settings?.[kind] === false;
}

function ownField(fields: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}
