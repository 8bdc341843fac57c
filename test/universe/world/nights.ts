/** Judges what people hear against what they want to hear, and when; and what becomes of what their quiet hours hold. */
import type { DeliveryDocument } from '../../../kit/src/delivery/delivery-document.ts';
import { fingerprint } from '../../../kit/src/model/address.ts';
import type { Change } from '../firestore/server.ts';
import type { Asked } from './asked.ts';
import type { Judge } from './broken-promise.ts';
import { isMandatory } from './catalogue.ts';
import type { PromiseName } from './promises.ts';
import type { WatchedServer } from './servers.ts';
import {
  CLOCKS_MS,
  hasBlocked,
  hasMutedTarget,
  hasSaid,
  isQuiet,
  WINDOW_MS,
  type Stretch,
  type Test,
  type Wishes,
} from './wishes.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
/** What is due when a night ends leaves after that, ms: retries that wait for each other, and the queue. */
const LATE_MS = 5 * MINUTE;
/** A worker asks what is newer at its beginning, and sends no longer than for a lease after that, ms. */
const LEASE_MS = 330 * SECOND;
/** Parts under way when an operator stops something end with their present step, ms. */
const STEP_MS = 60 * SECOND;

/** What the ledger says of somebody who is not to be disturbed. */
const HELD = 'QUIET_HOURS';

/** Something that waits for the end of somebody's night, as it was first recorded. */
interface Held {
  readonly asked: Asked;
  readonly uid: string;
  /** The entry, which may be a shard's. */
  readonly entry: string;
  /** When that was made by its maker's clock, ms since 1970. */
  readonly createdAt: number;
  /** ms since 1970. */
  readonly at: number;
  /** When it is due, as it was first recorded. */
  readonly dueAt: number;
}

interface Sent {
  readonly token: string;
  /** For whom it may be. */
  readonly theirs: readonly string[];
  readonly isHeard: boolean;
}

/** What else is known of a world. */
interface Known extends Judge {
  readonly asked: ReadonlyMap<string, Asked>;
  readonly wishes: Wishes;
  readonly clocksDifferMs: number;
  readonly isOlder: boolean;
}

export class Nights {
  private readonly witness: Known;
  private readonly server: WatchedServer;
  private readonly now: () => number;
  private readonly held: Held[] = [];

  constructor(witness: Known, server: WatchedServer, now: () => number) {
    this.witness = witness;
    this.server = server;
    this.now = now;
  }

  /** An entry of the ledger was written. */
  onEntry({ path, before, after }: Change): void {
    const is = after?.fields as Partial<DeliveryDocument> | undefined;
    if (is?.pending === undefined || !this.witness.wishes.hasNights) return;
    const entry = path.slice(path.indexOf('/') + 1);
    const asked = this.witness.asked.get(deliveryOf(entry));
    if (asked === undefined) return;
    for (const { uid, code, dueAt } of is.pending) {
      if (code !== HELD) continue;
      this.judgeHold(asked, uid, dueAt);
      if (is.retryAt !== undefined && this.heldOf(asked, uid) === undefined) {
        const createdAt = is.createdAt?.toMillis() ?? 0;
        this.held.push({ asked, uid, entry, createdAt, at: this.now(), dueAt });
      }
    }
    const was = (before?.fields as Partial<DeliveryDocument> | undefined)?.reasons;
    for (const [uid, reason] of Object.entries(is.reasons ?? {})) {
      if (reason !== 'collapsed' || was?.[uid] === reason || this.hasNewer(asked, uid)) continue;
      const words = `${asked.deliveryId} gives way to something newer for ${uid}, and nothing newer is held`;
      this.witness.fail('morning', words);
    }
  }

  /** A request leaves: returns whether it was held until then. */
  judge(asked: Asked, sent: Sent): boolean {
    const { deliveryId, kind } = asked;
    const { theirs } = sent;
    if (theirs.length === 0 || isMandatory(kind)) return false;
    const broken = theirs.map((uid) => this.unwantedBy(uid, asked));
    const [promise] = broken;
    if (promise !== undefined && broken.every((each) => each !== undefined)) {
      this.witness.fail(promise, `${theirs.join(', ')} did not want to hear ${deliveryId}`);
    }
    this.judgeSound(asked, sent);
    const [uid = ''] = theirs;
    const held = theirs.length === 1 ? this.heldOf(asked, uid) : undefined;
    if (held === undefined || !this.isHeldNow(held, sent.token)) return false;
    this.judgeMorning(held);
    return true;
  }

  /** Whether something newer of the same kind about the same was held for somebody, and not stopped long ago. */
  hasNewer(asked: Asked, uid: string): boolean {
    const now = this.now();
    return this.newerThan(asked, uid).some(({ asked: { deliveryId } }) => {
      const { cancelledAt = Infinity } = this.witness.asked.get(deliveryId) ?? {};
      return now < cancelledAt + STEP_MS;
    });
  }

  /** Whether somebody may have heard nothing of it because they did not want to, from when it was asked for until now. */
  isUnwanted(uid: string, asked: Asked): boolean {
    const { kind, target, actor, at } = asked;
    if (isMandatory(kind)) return false;
    const stretch = { from: at - WINDOW_MS, until: this.now(), skewMs: CLOCKS_MS };
    const tests = [hasSaid(kind, false), hasMutedTarget(target), hasBlocked(actor)];
    return tests.some((test) => this.witness.wishes.isEver(uid, stretch, test));
  }

  private judgeHold({ deliveryId, kind, at, ttlMs }: Asked, uid: string, dueAt: number): void {
    if (isMandatory(kind)) {
      this.witness.fail('mandatory', `${deliveryId} is held for ${uid}, and is mandatory`);
    }
    const over = dueAt - (at + (ttlMs ?? Infinity));
    if (over > CLOCKS_MS) {
      const words = `${deliveryId} is held for ${uid} until ${over} ms after its end`;
      this.witness.fail('recorded', words);
    }
  }

  /** Why somebody did not want it, by all that could be known of them. */
  private unwantedBy(uid: string, { kind, target, actor }: Asked): PromiseName | undefined {
    const { wishes, clocksDifferMs: skewMs } = this.witness;
    const fresh = this.fresh();
    if (wishes.isAllAlong(uid, { ...fresh, skewMs }, isQuiet)) return 'quiet';
    const tests = [hasMutedTarget(target), hasBlocked(actor), hasSaid(kind, false)];
    return tests.some((test) => wishes.isAllAlong(uid, { ...fresh, skewMs }, test))
      ? 'unwanted'
      : undefined;
  }

  private judgeSound({ deliveryId, kind }: Asked, { theirs, isHeard }: Sent): void {
    const { wishes } = this.witness;
    const fresh = this.fresh();
    const isSilent = hasSaid(kind, 'silent');
    const names = theirs.join(', ');
    if (isHeard && theirs.every((uid) => wishes.isAllAlong(uid, fresh, isSilent))) {
      this.witness.fail('silent', `${names} wanted ${kind} without a sound: ${deliveryId}`);
    }
    if (!isHeard && !theirs.some((uid) => wishes.isEver(uid, fresh, isSilent))) {
      this.witness.fail('silent', `${names} wanted to hear ${kind}: ${deliveryId}`);
    }
  }

  /** It is told when the night ends, unless something newer is. */
  private judgeMorning({ asked, uid, at }: Held): void {
    const { wishes, isPunctual, isOlder } = this.witness;
    const now = this.now();
    const { deliveryId } = asked;
    if (isPunctual && wishes.isSince(uid, at) && this.wasAwake(uid, now)) {
      this.witness.fail(
        'morning',
        `${deliveryId} was held for ${uid} long after their quiet hours`,
      );
    }
    if (isOlder) return;
    // Whoever asked for newer ones a moment ago may have missed what was recorded just then.
    const newer = this.newerThan(asked, uid).find((each) => {
      return each.at < now - LEASE_MS && !this.isStopped(each);
    });
    if (newer === undefined) return;
    const words = `${uid} is told of ${deliveryId}, and ${newer.asked.deliveryId} about the same is newer`;
    this.witness.fail('morning', words);
  }

  /** For so long that whatever was held until then is told by now. */
  private wasAwake(uid: string, now: number): boolean {
    const isAwake: Test = (fields, at) => !isQuiet(fields, at);
    for (let at = now - LATE_MS; at <= now; at += MINUTE) {
      if (!this.witness.wishes.isAllAlong(uid, { from: at, until: at }, isAwake)) return false;
    }
    return true;
  }

  private newerThan(asked: Asked, uid: string): Held[] {
    const { kind, target } = asked;
    const own = this.heldOf(asked, uid);
    if (own === undefined || target === undefined) return [];
    return this.held.filter(
      (each) =>
        each.uid === uid &&
        each.asked.kind === kind &&
        each.asked.target === target &&
        (each.createdAt > own.createdAt ||
          (each.createdAt === own.createdAt && each.entry > own.entry)),
    );
  }

  /** Whether its entry says so, or that of the delivery which it is a part of. */
  private isStopped({ entry, asked: { deliveryId } }: Held): boolean {
    return [entry, deliveryId].some((id) => {
      const fields = this.server.peek(`deliveries/${id}`)?.fields;
      return fields?.['errorCode'] !== undefined || fields?.['withheld'] !== undefined;
    });
  }

  /** What was recorded of somebody when it was first held for them. */
  heldOf({ deliveryId }: Asked, uid: string): Held | undefined {
    return this.held.find((each) => each.asked.deliveryId === deliveryId && each.uid === uid);
  }

  private isHeldNow({ entry, uid }: Held, token: string): boolean {
    const fields = this.server.peek(`deliveries/${entry}`)?.fields as
      Partial<DeliveryDocument> | undefined;
    const name = fingerprint(token);
    return (fields?.pending ?? []).some((each) => {
      return each.code === HELD && each.uid === uid && each.fingerprint === name;
    });
  }

  private fresh(): Stretch {
    const now = this.now();
    return { from: now - WINDOW_MS, until: now };
  }
}

/** The delivery that an entry is, or is a part of. */
function deliveryOf(entry: string): string {
  const end = entry.indexOf('~');
  return end === -1 ? entry : entry.slice(0, end);
}
