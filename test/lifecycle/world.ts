/**
 * The real stores over a Firestore emulator, with the trigger's events in the test's hand: late, twice, in any order.
 */
import {
  FieldValue,
  Timestamp,
  type DocumentSnapshot,
  type Firestore,
} from '@google-cloud/firestore';
import { reconcileTokens, type TokensEvent } from '../../kit/src/devices/reconcile-tokens.ts';
import { addressId, normaliseAddress } from '../../kit/src/model/address.ts';
import { AddressRemoval } from '../../kit/src/devices/address-removal.ts';
import { DeviceStore } from '../../kit/src/devices/device-store.ts';
import { Ownership, type DeviceFacts } from '../../kit/src/devices/ownership.ts';
import type { DeviceDocument } from '../../kit/src/devices/device-document.ts';
import { Collections } from '../../kit/src/store/collections.ts';
import { UserStore } from '../../kit/src/store/users.ts';
import { emulatedProject } from '../emulated-project.ts';
import { ownershipFaults } from './check-ownership.ts';

const PROJECT = emulatedProject('lifecycle');
/** Rounds of events after which writes that cause writes have become a loop. */
const MAX_ROUNDS = 20;

export interface WorldOptions {
  readonly maxAddresses?: number;
  readonly maxTakeoversPerDay?: number;
}

export class World {
  readonly db: Firestore;
  readonly collections: Collections;
  readonly ownership: Ownership;
  readonly removal: AddressRemoval;
  readonly devices: DeviceStore;
  readonly users: UserStore;
  readonly maxAddresses: number;
  /** What the trigger said. */
  readonly log: string[] = [];
  /** Events of writes since the last `deliver`, in the order of the writes. */
  pending: TokensEvent[] = [];
  /** Milliseconds that this world is ahead of the real time, which the emulator stamps its writes with. */
  ahead = 0;

  private constructor(db: Firestore, options: WorldOptions) {
    this.db = db;
    this.collections = new Collections(db);
    this.maxAddresses = options.maxAddresses ?? 20;
    this.ownership = new Ownership({
      collections: this.collections,
      now: () => this.now(),
      maxTakeoversPerDay: options.maxTakeoversPerDay ?? 1000,
    });
    this.removal = new AddressRemoval(this.collections);
    this.devices = new DeviceStore(this.collections);
    this.users = new UserStore(this.collections);
  }

  /** A new, empty world: this process's project in the Firestore emulator, emptied. */
  static async create(options: WorldOptions = {}): Promise<World> {
    await PROJECT.empty();
    return new World(PROJECT.firestore(), options);
  }

  get projectId(): string {
    return PROJECT.id;
  }

  now(): number {
    return Date.now() + this.ahead;
  }

  /** Runs something that writes to users, and notes one event for each user whose document changed. */
  async noting<T>(act: () => Promise<T>): Promise<T> {
    const before = await this.allUsers();
    const result = await act();
    const after = await this.allUsers();
    for (const uid of new Set([...before.keys(), ...after.keys()])) {
      const [old, present] = [before.get(uid), after.get(uid)];
      const writtenAt = present?.updateTime?.toMillis() ?? Date.now();
      if (present !== undefined && old?.updateTime?.isEqual(present.updateTime as Timestamp))
        continue;
      this.pending.push({
        uid,
        before: old?.get('tokens'),
        after: present?.get('tokens'),
        writtenAt,
      });
    }
    return result;
  }

  /** One event reaches the trigger; what that writes makes events in turn. */
  async trigger(event: TokensEvent): Promise<void> {
    const { ownership, removal, maxAddresses } = this;
    await this.noting(() =>
      reconcileTokens(event, {
        ownership,
        removal,
        maxAddresses,
        log: {
          reconciled: (uid, _fingerprint, outcome) => this.log.push(`${uid} ${outcome.kind}`),
          tidied: (uid, healed, evicted) =>
            this.log.push(`${uid} healed ${healed}, dropped ${evicted.length} beyond limit`),
          skipped: (uid, unknown) => this.log.push(`${uid} skipped ${unknown}`),
        },
      }),
    );
  }

  /**
   * Delivers everything pending, and what that causes, until it is quiet; the number of rounds that took.
   *
   * @param order which of the pending events comes next, by index.
   */
  async deliver(order: (events: readonly TokensEvent[]) => number = () => 0): Promise<number> {
    let rounds = 0;
    for (; this.pending.length > 0; rounds += 1) {
      if (rounds > MAX_ROUNDS * 10) throw new Error(`The trigger loops: ${this.log.join('; ')}`);
      const [event] = this.pending.splice(order(this.pending), 1);
      if (event !== undefined) await this.trigger(event);
    }
    return rounds;
  }

  /** The seed's client: `arrayUnion` into its own user's document. */
  async adds(uid: string, address: string): Promise<void> {
    await this.noting(() =>
      this.db.doc(`users/${uid}`).set({ tokens: FieldValue.arrayUnion(address) }, { merge: true }),
    );
  }

  /** The seed's client at logout. */
  async removes(uid: string, address: string): Promise<void> {
    await this.noting(() =>
      this.db.doc(`users/${uid}`).set({ tokens: FieldValue.arrayRemove(address) }, { merge: true }),
    );
  }

  /** The callable, without what it checks first. */
  async registers(
    uid: string,
    address: string,
    {
      replaces,
      isAnonymous = false,
      ...facts
    }: DeviceFacts & { replaces?: string; isAnonymous?: boolean } = {},
  ) {
    const registered = await this.noting(() =>
      this.ownership.register(uid, { address, replaces, facts, isAnonymous }),
    );
    if (registered.listed > this.maxAddresses) {
      await this.noting(() => this.removal.tidy(uid, this.maxAddresses, registered.address));
    }
    return registered;
  }

  /** Users as they stood before this backend came: arrays, and no records. */
  async seed(users: Readonly<Record<string, unknown>>): Promise<void> {
    for (const [uid, tokens] of Object.entries(users)) {
      await this.db.doc(`users/${uid}`).set({ tokens });
    }
  }

  async tokensOf(uid: string): Promise<unknown> {
    return (await this.db.doc(`users/${uid}`).get()).get('tokens');
  }

  async recordOf(address: string): Promise<DeviceDocument | undefined> {
    const found = await this.db
      .doc(`devices/${addressId(normaliseAddress(address) ?? address)}`)
      .get();
    return found.data() as DeviceDocument | undefined;
  }

  /** Makes a device as stale as that. */
  async age(address: string, days: number): Promise<void> {
    const at = Timestamp.fromMillis(this.now() - days * 86_400_000);
    await this.db.doc(`devices/${addressId(address)}`).update({ createdAt: at, refreshedAt: at });
  }

  async check(): Promise<void> {
    expect(await ownershipFaults(this.db)).toEqual([]);
  }

  private async allUsers(): Promise<Map<string, DocumentSnapshot>> {
    const users = await this.db.collection('users').get();
    return new Map(users.docs.map((user) => [user.id, user]));
  }
}
