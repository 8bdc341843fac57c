/**
 * Sees everything that happens in a world, whatever the backend makes of it: who had which address when, what left for the providers,
 * what they took, what people asked for. Judges whatever must not happen at the moment at which it does.
 */
import type { DeliveryDocument } from '../../../kit/src/delivery/delivery-document.ts';
import { fingerprint } from '../../../kit/src/model/address.ts';
import { isSame } from '../firestore/order.ts';
import type { Change, Server } from '../firestore/server.ts';
import type { Phones } from '../providers/phones.ts';
import type { Kind } from './catalogue.ts';
import { PROMISES, type PromiseName } from './promises.ts';

export interface Violation {
  readonly promise: string;
  readonly words: string;
}

/** Thrown where a promise is broken; the world ends. */
export class BrokenPromise extends Error {
  readonly violation: Violation;

  constructor(name: PromiseName, words: string) {
    super(words);
    this.name = 'BrokenPromise';
    this.violation = { promise: PROMISES[name], words };
  }
}

/** Somebody had something from then until then, true time in ms. */
interface Span {
  readonly uid: string;
  readonly from: number;
  until: number;
}

/** What somebody is to be notified of. */
export interface Asked {
  readonly deliveryId: string;
  readonly kind: Kind | 'push';
  /** Undefined: everyone, or whoever joined a topic. */
  readonly to: ReadonlySet<string> | undefined;
  /** Tokens that a push lists itself. */
  readonly addresses?: ReadonlySet<string>;
  readonly actor: string | undefined;
  /** When it was asked for, ms. */
  readonly at: number;
  /** Time to live, ms. */
  readonly ttlMs: number | undefined;
}

/** What is known of one address and one delivery. */
export interface Pair {
  readonly token: string;
  readonly deliveryId: string;
  /** Requests that left, and of these those with which nothing went wrong. */
  requests: number;
  untroubled: number;
  /** How often the provider took it. */
  accepted: number;
  /** How often it may have been taken without the sender hearing so. */
  doubtful: number;
  /** Not before, ms: what the provider asked for, from the last answer on. */
  notBefore: number;
}

/** A request as a provider's model reads it. */
export interface Request {
  readonly token: string;
  readonly server: string;
  readonly deliveryId: string | undefined;
  readonly isDryRun: boolean;
  readonly title: string | undefined;
}

/** What goes wrong with it. */
export interface Fate {
  /** It may be taken without the sender hearing so. */
  readonly isDoubtful: boolean;
  readonly isTroubled: boolean;
}

/**
 * Records are taken as they were read for three seconds (`FRESH_MS`) before the sends of a step begin, and for as long while they do.
 */
const WINDOW_MS = 6_500;
/** A push may be begun so long after its end, see `delivery/deadline.ts`, and clocks differ. */
const LATEST_BEGIN_MS = 64_000;
/** A time to live of nothing is for whoever is reached within the hour that its audience may take. */
const LONGEST_NOW_MS = 61 * 60_000;

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
  /** The first promise that was broken. */
  broken: Violation | undefined;
  private readonly holders = new Map<string, Span[]>();
  private readonly muted = new Map<string, Span[]>();
  private readonly server: Server;
  private readonly phones: Phones;
  private readonly now: () => number;

  constructor(server: Server, phones: Phones, now: () => number) {
    this.server = server;
    this.phones = phones;
    this.now = now;
  }

  // What people ask for.

  ask(asked: Asked): void {
    this.asked.set(asked.deliveryId, asked);
  }

  /** It may be sent however late it is. */
  prolong(deliveryId: string): void {
    const asked = this.asked.get(deliveryId);
    if (asked !== undefined) this.asked.set(deliveryId, { ...asked, ttlMs: undefined });
  }

  // What is written.

  onUser({ path, before, after }: Change): void {
    const uid = path.slice(path.indexOf('/') + 1);
    const now = this.now();
    const had = listOf(before?.fields['tokens']);
    const has = listOf(after?.fields['tokens']);
    if (had !== has) {
      for (const token of had) {
        if (!has.includes(token)) end(this.holders.get(token), uid, now);
      }
      for (const token of has) {
        if (!had.includes(token)) begin(this.holders, token, uid, now);
      }
    }
    for (const kind of ['wave', 'offer'] as const) {
      const wasMuted = isMuted(before?.fields, kind);
      const isMutedNow = isMuted(after?.fields, kind);
      if (isMutedNow && !wasMuted) begin(this.muted, `${uid}/${kind}`, uid, now);
      if (wasMuted && !isMutedNow) end(this.muted.get(`${uid}/${kind}`), uid, now);
    }
    if (this.isPeople || before === undefined) return;
    for (const field of ['profile', 'notificationSettings', 'constructor'] as const) {
      const old = ownField(before.fields, field);
      const present = after === undefined ? undefined : ownField(after.fields, field);
      if (!isSame(old, present)) {
        this.fail('theirs', `field ${field} of ${path} was changed by the backend`);
      }
    }
  }

  // What leaves.

  /** A request leaves an instance. */
  onRequest({ token, server, deliveryId, isDryRun, title }: Request, { isTroubled, isDoubtful }: Fate): void {
    if (isDryRun) return;
    const now = this.now();
    const asked = deliveryId === undefined ? undefined : this.asked.get(deliveryId);
    if (deliveryId === undefined || asked === undefined) {
      this.fail('right', `a push for delivery ${deliveryId}, which nobody asked for`);
    }
    const pair = this.pairOf(token, deliveryId);
    this.judgeOwner(asked, token, now);
    this.judgeTime(asked, now, title);
    this.judgeRecord(asked, token);
    if (now < pair.notBefore && this.doubts === 0) {
      const early = Math.round(pair.notBefore - now);
      this.fail('patience', `${nameOf(token)} was sent ${deliveryId} again ${early} ms too early`);
    }
    pair.requests += 1;
    if (isDoubtful) pair.doubtful += 1;
    if (!isTroubled && server !== 'sandbox') {
      pair.untroubled += 1;
      if (pair.untroubled > 1 + this.doubts + pair.doubtful) {
        const words = `${nameOf(token)} was sent ${deliveryId} ${pair.untroubled} times although nothing went wrong`;
        this.fail('once', words);
      }
    }
  }

  /** The provider asked for a wait. */
  onWait(token: string, deliveryId: string, ms: number): void {
    this.pairOf(token, deliveryId).notBefore = this.now() + ms;
  }

  /** A provider took a push: the phone rings. */
  onTaken(token: string, deliveryId: string): void {
    this.rings += 1;
    const pair = this.pairOf(token, deliveryId);
    pair.accepted += 1;
    let taken = this.takenBy.get(deliveryId);
    if (taken === undefined) this.takenBy.set(deliveryId, (taken = new Set()));
    taken.add(fingerprint(token));
    const most = 1 + this.doubts + pair.doubtful;
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

  pairOf(token: string, deliveryId: string): Pair {
    const key = `${deliveryId} ${token}`;
    let pair = this.pairs.get(key);
    if (pair === undefined) {
      pair = { token, deliveryId, requests: 0, untroubled: 0, accepted: 0, doubtful: 0, notBefore: 0 };
      this.pairs.set(key, pair);
    }
    return pair;
  }

  /** Who has had an address at some time since then, ms. */
  holdersSince(token: string, since: number): string[] {
    return (this.holders.get(token) ?? []).filter(({ until }) => until >= since).map(({ uid }) => uid);
  }

  private judgeOwner({ to, addresses, actor, kind, deliveryId }: Asked, token: string, now: number): void {
    if (addresses !== undefined) {
      if (!addresses.has(token)) {
        this.fail('right', `${nameOf(token)} was sent ${deliveryId}, which does not list it`);
      }
      return;
    }
    const since = now - WINDOW_MS;
    const theirs = this.holdersSince(token, since).filter(
      (uid) => (to === undefined || to.has(uid)) && uid !== actor,
    );
    if (theirs.length === 0) {
      const holders = this.holdersSince(token, since).join(', ') || 'nobody';
      const to_ = to === undefined ? 'everyone' : [...to].join(', ');
      const words = `${nameOf(token)}, of ${holders}, was sent ${deliveryId} for ${to_}, by ${actor}`;
      this.fail('right', words);
    }
    if (kind === 'push') return;
    const isWanted = theirs.some(
      (uid) => !(this.muted.get(`${uid}/${kind}`) ?? []).some((span) => span.from <= since && span.until >= now),
    );
    if (!isWanted) this.fail('mute', `${theirs.join(', ')} had muted ${kind}: ${deliveryId}`);
  }

  private judgeTime({ at, ttlMs, deliveryId }: Asked, now: number, _title: string | undefined): void {
    if (ttlMs === undefined) return;
    const most = ttlMs === 0 ? LONGEST_NOW_MS : ttlMs + LATEST_BEGIN_MS;
    if (now > at + most) {
      this.fail('time', `${deliveryId} was sent ${now - at} ms after its event, for ${ttlMs} ms`);
    }
  }

  /** What is recorded is never sent again. */
  private judgeRecord({ deliveryId }: Asked, token: string): void {
    const name = fingerprint(token);
    for (const entry of this.entriesOf(deliveryId)) {
      const answer = entry.answers?.find(({ device }) => device === name);
      if (answer !== undefined && answer.outcome === 'delivered') {
        this.fail('once', `${nameOf(token)} is sent ${deliveryId}, which is recorded as delivered to it`);
      }
    }
  }

  /** The ledger's entries of a delivery: its own, and its shards'. */
  entriesOf(deliveryId: string): DeliveryDocument[] {
    const found: DeliveryDocument[] = [];
    for (const { id, fields } of this.server.documents('deliveries')) {
      if (id === deliveryId || id.startsWith(`${deliveryId}~`)) {
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

function isMuted(fields: Readonly<Record<string, unknown>> | undefined, kind: string): boolean {
  const settings = fields?.['notificationSettings'] as Readonly<Record<string, unknown>> | undefined;
  return settings?.[kind] === false;
}

function ownField(fields: Readonly<Record<string, unknown>>, name: string): unknown {
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}

function begin(spans: Map<string, Span[]>, key: string, uid: string, now: number): void {
  const span = { uid, from: now, until: Infinity };
  const known = spans.get(key);
  if (known === undefined) spans.set(key, [span]);
  else known.push(span);
}

function end(spans: Span[] | undefined, uid: string, now: number): void {
  for (const span of spans ?? []) {
    if (span.uid === uid && span.until === Infinity) span.until = now;
  }
}
