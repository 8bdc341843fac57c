/** Has people do what the plan says: in their apps, which write documents and call functions, and at an operator's terminal. */
import { TooManyTakeoversError } from '../../../kit/src/devices/refusals.ts';
import { deliveryOf } from '../../../kit/src/outbox/plan.ts';
import { Firestore } from '../firestore/client.ts';
import { CODE } from '../firestore/codes.ts';
import { FieldValue, Timestamp } from '../firestore/values.ts';
import { DIRECT } from '../firestore/wire.ts';
import type { Phone } from '../providers/phones.ts';
import type { App } from './app.ts';
import { settle } from './beginning.ts';
import { eventIdOf } from './changes.ts';
import { judgeForgotten } from './forgotten.ts';
import type { Action, PersonPlan } from './plan.ts';
import { Registry, type Asking } from './registry.ts';
import { changeOf, type Wish } from './wish.ts';
import type { World } from './world.ts';

/** A transaction of the backend's has the document: the app's own client tries again, ms. */
const WRITE_AGAIN_MS = 300;
/** An app calls a function again after that, ms, as it is started again, and so many times. */
const CALL_AGAIN_MS = 20_000;
const MAX_CALLS = 8;
/** A change of a push so long before it is due counts, ms. */
const CHANGE_IN_TIME_MS = 2 * 60_000;

type Fields = Readonly<Record<string, unknown>>;
/** An action of these kinds. */
type Do<What extends Action['do']> = Extract<Action, { readonly do: What }>;

interface CallOptions {
  /** What the answer settles. */
  readonly step?: Asking;
  readonly isWanted?: () => boolean;
}

export class People {
  readonly registry = new Registry();
  /** Phones and people about whom something was done after the beginning. */
  readonly touchedPhones = new Set<number>();
  readonly touchedPeople = new Set<number>();
  /** Deliveries that an operator had a hand in, and pushes that were edited, cancelled or deleted. */
  readonly touchedDeliveries = new Set<string>();
  /** Whether any app has registered an address. */
  hasRegistered = false;
  readonly phones: readonly Phone[];
  private readonly world: World;
  private readonly people: readonly PersonPlan[];
  private readonly db: Firestore;

  constructor(world: World) {
    this.world = world;
    const { plan } = world;
    this.people = plan.people;
    this.db = new Firestore(world.server, DIRECT);
    this.phones = plan.phones.map(({ number, kind, person }) => {
      const uid = person === undefined ? undefined : plan.people[person]?.uid;
      return world.phones.add(kind, number, { uid });
    });
    settle(world, this.phones, this.registry);
    world.isBefore = false;
    for (const action of plan.actions) {
      world.scheduler.at(plan.startAt + action.at, () => this.act(action));
    }
  }

  private act(action: Action): void {
    const { world } = this;
    world.say('does', action);
    switch (action.do) {
      case 'notify':
        return this.notify(action);
      case 'push':
        return this.push(action);
      case 'edit-push':
      case 'cancel-push':
      case 'delete-push':
        return this.changePush(action);
      case 'mute':
      case 'unmute':
        this.touchedPeople.add(action.person);
        return this.wish(action);
      case 'silence':
      case 'mute-target':
      case 'unmute-target':
      case 'block':
      case 'unblock':
      case 'set-night':
        return this.wish(action);
      case 'edit-profile':
        return this.change(`users/${this.uidOf(action.person)}`, 'profile', {
          edited: world.scheduler.now,
        });
      case 'login':
        return this.login(action);
      case 'logout':
        return this.logout(action);
      case 'logout-everywhere':
        return this.leaveAll(action.person, (app, uid) => app.unregisterAll(uid));
      case 'delete-account':
        this.world.deletedAccounts.add(this.uidOf(action.person));
        return this.leaveAll(action.person, (app, uid) => app.forget(uid), true);
      case 'renew':
        return this.renew(action);
      case 'start-app': {
        const phone = this.phoneOf(action.phone);
        if (phone.uid !== undefined && phone.isInstalled) this.register(phone, phone.uid);
        return;
      }
      case 'uninstall':
        this.touchedPhones.add(action.phone);
        return world.phones.uninstall(this.phoneOf(action.phone));
      case 'deploy':
        return world.deploy();
      case 'sweep-stale':
        return world.invoke('sweepStale', (app) => app.sweepStale());
      case 'retry':
      case 'cancel':
        return this.operate(action);
    }
  }

  private notify(action: Do<'notify'>): void {
    const { kind, id, from, to, members, ttl, readsWall, target } = action;
    const { world } = this;
    const { now } = world.scheduler;
    const path = `walls/w/${kind}s/${id}`;
    const named = to === 'members' ? members : to;
    const uids = Array.isArray(named) ? named.map((each: number) => this.uidOf(each)) : undefined;
    const actor = this.uidOf(from);
    world.witness.ask({
      deliveryId: `${kind}-${eventIdOf(path)}`,
      kind,
      to: uids === undefined ? undefined : new Set(uids),
      actor,
      at: now,
      ttlMs: ttl === undefined ? undefined : ttl * 1000,
      ...(target === undefined ? {} : { target }),
    });
    let recipients: unknown = to === 'everyone' ? { everyone: true } : uids;
    if (to === 'members') {
      recipients = { members: `walls/${id}/members` };
      for (const uid of uids ?? []) this.put(`walls/${id}/members/${uid}`, { since: now });
    }
    this.put(path, {
      from: actor,
      to: recipients,
      ...(ttl === undefined ? {} : { ttl }),
      ...(readsWall === true ? { readsWall } : {}),
      ...(target === undefined ? {} : { target }),
    });
  }

  private push({ id, to, phones, title, inMs }: Do<'push'>): void {
    const { world } = this;
    const { now } = world.scheduler;
    const uids = Array.isArray(to) ? to.map((each: number) => this.uidOf(each)) : undefined;
    const addresses = phones?.map((each) => this.phoneOf(each).token);
    const isListing = addresses !== undefined && addresses.length > 0;
    world.witness.ask({
      deliveryId: deliveryOf(id),
      kind: 'push',
      to: uids === undefined ? undefined : new Set(uids),
      ...(isListing ? { addresses: new Set(addresses) } : {}),
      actor: undefined,
      at: now,
      ttlMs: undefined,
      titles: [title],
      notBefore: now + (inMs ?? 0),
    });
    const named =
      to === 'everyone' ? { everyone: true } : to === 'topic' ? { topic: 'news' } : uids;
    this.put(`pushes/${id}`, {
      to: isListing ? { addresses } : named,
      title,
      ...(inMs === undefined ? {} : { sendAt: Timestamp.fromMillis(now + inMs) }),
    });
  }

  private changePush(action: Do<'edit-push' | 'cancel-push' | 'delete-push'>): void {
    const { id } = action;
    const { now } = this.world.scheduler;
    this.touchedDeliveries.add(deliveryOf(id));
    const path = `pushes/${id}`;
    // Well before it is due: from then on whoever sends it sees this.
    this.world.witness.amend(deliveryOf(id), ({ notBefore = 0, withdrawnAt, titles = [] }) => {
      const isInTime = notBefore > now + CHANGE_IN_TIME_MS && notBefore !== Infinity;
      if (action.do !== 'edit-push') {
        return isInTime ? { notBefore: Infinity, withdrawnAt: now } : {};
      }
      const said = { titles: isInTime ? [action.title] : [...titles, action.title] };
      const isWithdrawn = withdrawnAt !== undefined && now > withdrawnAt + CHANGE_IN_TIME_MS;
      if (action.inMs === undefined || isWithdrawn) return said;
      // What withdraws it is still on its way, and this may overtake it.
      const due = now + action.inMs;
      return { ...said, notBefore: isInTime ? due : Math.min(notBefore, due) };
    });
    switch (action.do) {
      case 'delete-push':
        return this.write(() => this.db.doc(path).delete());
      case 'cancel-push':
        return this.change(path, 'state', 'cancelled');
      case 'edit-push': {
        const { title, inMs } = action;
        this.change(path, 'title', title);
        if (inMs !== undefined) this.change(path, 'sendAt', Timestamp.fromMillis(now + inMs));
      }
    }
  }

  /** Somebody says otherwise what they want to hear, and when. */
  private wish(action: Wish): void {
    const path = `users/${this.uidOf(action.person)}`;
    if (this.world.server.peek(path) === undefined) return;
    const change = changeOf(action, this.world.scheduler.now, (person) => this.uidOf(person));
    this.write(() => this.db.doc(path).update(change));
  }

  private login({ phone: place, person, by }: Do<'login'>): void {
    const { world } = this;
    const phone = this.phoneOf(place);
    const uid = this.uidOf(person);
    this.touchedPhones.add(place);
    this.touchedPeople.add(person);
    if (!phone.isInstalled) world.phones.reinstall(phone);
    world.phones.signIn(phone, uid);
    if (by === 'call') return this.register(phone, uid);
    this.list(phone, uid, FieldValue.arrayUnion(phone.token));
  }

  private logout({ phone: place, by }: Do<'logout'>): void {
    const phone = this.phoneOf(place);
    this.touchedPhones.add(place);
    const { uid, token } = phone;
    if (uid === undefined) return;
    this.world.phones.signOut(phone);
    if (by === 'array') return this.list(phone, uid, FieldValue.arrayRemove(token));
    const step = this.registry.begin(phone.id, token, undefined, this.world.scheduler.now);
    this.call((app) => app.unregister(uid, token), { step });
  }

  private renew({ phone: place, tells }: Do<'renew'>): void {
    const phone = this.phoneOf(place);
    this.touchedPhones.add(place);
    if (!phone.isInstalled) return;
    const former = phone.token;
    this.world.phones.renewToken(phone);
    if (tells === 'nobody' || phone.uid === undefined) return;
    this.register(phone, phone.uid, tells === 'replaces' ? former : undefined);
  }

  /** The app tells its token. */
  private register(phone: Phone, uid: string, replaces?: string): void {
    const { token } = phone;
    this.hasRegistered = true;
    const step = this.registry.begin(phone.id, token, uid, this.world.scheduler.now);
    const isWanted = (): boolean => phone.token === token && phone.uid === uid;
    const ask = async (app: App): Promise<void> => {
      const began = this.world.scheduler.now;
      try {
        await app.register(uid, token, replaces);
      } catch (error) {
        if (error instanceof TooManyTakeoversError)
          this.world.takeovers.onRefused(uid, token, began);
        throw error;
      }
    };
    this.call(ask, { step, isWanted });
  }

  private leaveAll(
    person: number,
    leave: (app: App, uid: string) => Promise<void>,
    isEvent = false,
  ): void {
    this.touchedPeople.add(person);
    const uid = this.uidOf(person);
    // Whichever of them are theirs by then.
    for (const { id } of this.phones) this.registry.giveUp(id);
    const ask = async (app: App): Promise<void> => {
      const began = this.world.scheduler.now;
      await leave(app, uid);
      judgeForgotten(this.world, uid, began);
    };
    if (isEvent) this.world.publish('forgetDeletedUser', ask);
    else this.call(ask);
  }

  /** Calls a function until it answers, as long as that is still what the app wants. */
  private call(
    handler: (app: App) => Promise<void>,
    { step, isWanted = () => true }: CallOptions = {},
  ): void {
    const { scheduler } = this.world;
    const attempt = (calls: number): void => {
      if (!isWanted()) return;
      let isAnswered = false;
      const run = async (app: App): Promise<void> => {
        await handler(app).finally(() => {
          // An instance that was frozen goes on where whoever called it has long given up.
          if (isAnswered) step?.late();
        });
      };
      this.world.invoke('call', run, (isDone) => {
        isAnswered = true;
        if (isDone) step?.done(scheduler.now);
        else if (calls < MAX_CALLS) scheduler.after(CALL_AGAIN_MS, () => attempt(calls + 1));
      });
    };
    attempt(1);
  }

  private operate({ do: what, id }: Do<'retry' | 'cancel'>): void {
    for (const { deliveryId } of this.world.witness.asked.values()) {
      if (!deliveryId.endsWith(`-event-${id}`)) continue;
      this.touchedDeliveries.add(deliveryId);
      // Sent again, its time to live begins anew.
      if (what === 'retry') this.world.witness.prolong(deliveryId);
      this.world.invoke(what, async ({ ledger }) => {
        if (what === 'cancel') {
          const { kind } = await ledger.operator.cancel(deliveryId);
          if (kind !== 'cancelled') return;
          const cancelledAt = this.world.scheduler.now;
          this.world.witness.amend(deliveryId, () => ({ cancelledAt }));
        } else await ledger.operator.retry(deliveryId, { now: this.world.scheduler.now });
      });
    }
  }

  private list(phone: Phone, uid: string, value: FieldValue): void {
    const { registry, world } = this;
    registry.list(phone.id, world.scheduler.now);
    if (world.server.peek(`users/${uid}`) === undefined) return;
    this.write(() => {
      // Each time that it is tried.
      registry.list(phone.id, world.scheduler.now);
      return this.db.doc(`users/${uid}`).update({ tokens: value });
    });
  }

  private put(path: string, fields: Fields): void {
    this.write(() => this.db.doc(path).set(fields));
  }

  /** Of a document that is there. */
  private change(path: string, field: string, value: unknown): void {
    if (this.world.server.peek(path) === undefined) return;
    this.write(() => this.db.doc(path).update({ [field]: value }));
  }

  /** As an app writes: at once, and nobody asks it how that went. */
  private write(write: () => Promise<unknown>): void {
    const { witness, scheduler } = this.world;
    witness.isPeople = true;
    try {
      write().catch((error: unknown) => {
        const { code } = error as { readonly code?: unknown };
        if (code === CODE.ABORTED) scheduler.after(WRITE_AGAIN_MS, () => this.write(write));
        // Somebody deleted it meanwhile.
        else if (code !== CODE.NOT_FOUND) this.world.onBroken(error);
      });
    } finally {
      witness.isPeople = false;
    }
  }

  private uidOf(person: number): string {
    return this.people[person]?.uid ?? 'nobody';
  }

  private phoneOf(place: number): Phone {
    return this.phones[place] as Phone;
  }
}
