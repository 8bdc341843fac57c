/**
 * A whole backend in one process: the real engine, stores and FCM provider, the real simulator and a Firestore emulator,
 * with a clock and a queue that the test moves, and a power switch.
 */
import { randomUUID } from 'node:crypto';
import { Timestamp, type Firestore } from '@google-cloud/firestore';
import { loadLocalTimes } from '../../kit/src/decision/local-times.ts';
import { NO_LIMITS, type Limits } from '../../kit/src/decision/limits.ts';
import { DeliveryEngine } from '../../kit/src/delivery/engine.ts';
import type { EngineDeps, EngineLog } from '../../kit/src/delivery/deps.ts';
import { complete } from '../../kit/src/model/notification/complete.ts';
import type { Choice } from '../../kit/src/model/notification/choice.ts';
import type { Notification } from '../../kit/src/model/notification/notification.ts';
import { Digests } from '../../kit/src/delivery/digests.ts';
import { Localiser } from '../../kit/src/delivery/localise.ts';
import type { DeliveryTask } from '../../kit/src/delivery/tasks.ts';
import { addressId } from '../../kit/src/model/address.ts';
import { AccessTokens } from '../../kit/src/providers/fcm/access-token.ts';
import { FcmProvider } from '../../kit/src/providers/fcm/provider.ts';
import { HTTP2_DEFAULTS, Http2Client } from '../../kit/src/providers/http2/client.ts';
import { DeviceStore } from '../../kit/src/devices/device-store.ts';
import { Ledger } from '../../kit/src/delivery/ledger.ts';
import { endingIn } from '../../kit/src/outbox/push-ending.ts';
import { FirestoreAddressBook } from '../../kit/src/outbox/pushes.ts';
import type { DeliveryDocument } from '../../kit/src/delivery/delivery-document.ts';
import { Collections } from '../../kit/src/store/collections.ts';
import { creationTime } from '../../kit/src/store/creation-time.ts';
import { UserStore } from '../../kit/src/store/users.ts';
import {
  createSimulator,
  type Simulator,
  type SimulatorOptions,
} from '../../simulator/src/index.ts';
import { emulatedProject } from '../emulated-project.ts';
import { PowerSwitch } from './power-switch.ts';
import { TaskQueue, type QueuedTask } from './task-queue.ts';

const PROJECT = emulatedProject('world');
/** Texts that tests may name by key. */
const messages = {
  en: {
    'offer.title': '{name} offers to bring your order',
    'offer.digest': `Offers of {what}: {count, plural, offset:2 =1{{name}} =2{{name} and {name2}}
      one{{name}, {name2} and # other} other{{name}, {name2} and # others}}`,
  },
  de: { 'offer.title': '{name} möchte deine Bestellung bringen' },
};

export const LEASE_MS = 330_000;
const RETENTION_MS = 30 * 86_400_000;
/** Rounds of redelivery and tasks after which a delivery that is still not final never will be. */
const MAX_ROUNDS = 200;

export interface WorldOptions {
  /** Shorter than production's, so that stalls do not make slow tests. */
  readonly requestTimeoutMs?: number;
  readonly shardSize?: number;
  /** How long entries are kept, ms; default: 30 days. */
  readonly retentionMs?: number;
  /** Chance in [0, 1) for back-off; default: none. */
  readonly random?: () => number;
  /** Composes events once more that failed. Default: nothing does. */
  readonly recompose?: (world: World) => NonNullable<EngineDeps['recompose']>;
  /** Names a worker's hold; default: as no other is named. */
  readonly newClaim?: () => string;
  readonly simulator?: Omit<SimulatorOptions, 'warn'>;
}

export class World {
  readonly project = PROJECT.id;
  readonly db: Firestore;
  readonly collections: Collections;
  simulator: Simulator;
  readonly power = new PowerSwitch();
  readonly log: string[] = [];
  now = 1_800_000_000_000;
  /** What actors may have told, and people are told. */
  limits: Limits = NO_LIMITS;
  /** A queue that delivers every task twice at once, as Cloud Tasks may. */
  dispatchTwice = false;
  private readonly queue = new TaskQueue();
  private events = 0;
  private readonly clients: Http2Client[] = [];
  private readonly options: WorldOptions;

  private constructor(db: Firestore, simulator: Simulator, options: WorldOptions) {
    this.db = db;
    this.collections = new Collections(db);
    this.simulator = simulator;
    this.options = options;
  }

  /** A new, empty world: its own simulator, and this process's project in the Firestore emulator, emptied. */
  static async create(options: WorldOptions = {}): Promise<World> {
    await PROJECT.empty();
    const simulator = await createSimulator({ ...options.simulator, warn: () => undefined });
    return new World(PROJECT.firestore(), simulator, options);
  }

  /** Forgets every document and task, for the next test in the same world. */
  async emptyDatabase(): Promise<void> {
    this.queue.clear();
    await PROJECT.empty();
  }

  async close(): Promise<void> {
    for (const client of this.clients) client.close();
    await this.simulator.close();
  }

  /** The provider is unreachable: nothing listens on its port until it is opened again, as new. */
  async closeSimulator(): Promise<{ open(): Promise<void> }> {
    const { port } = this.simulator;
    await this.simulator.close();
    return {
      open: async () => {
        this.simulator = await createSimulator({ port, warn: () => undefined });
      },
    };
  }

  /** FCM as one function instance reaches it: its own connections. */
  provider(): FcmProvider {
    const client = new Http2Client({
      ...HTTP2_DEFAULTS,
      requestTimeoutMs: this.options.requestTimeoutMs ?? 2_000,
      origin: this.simulator.url,
      // Time on the wire is real; the engine's clock is the test's.
      now: Date.now,
    });
    this.clients.push(client);
    return new FcmProvider({
      projectId: 'demo-world',
      client,
      tokens: new AccessTokens(
        { getAccessToken: () => Promise.resolve({ access_token: 't', expires_in: 3600 }) },
        Date.now,
      ),
      now: () => this.now,
    });
  }

  /** A function instance: everything that dies with it. Steps run through the power switch. */
  boot(overrides: Partial<EngineDeps> = {}): DeliveryEngine {
    return new DeliveryEngine({ ...this.parts(), ...overrides });
  }

  /** What an instance is made of. */
  parts(): EngineDeps {
    const { power } = this;
    const fcm = power.wrap('fcm', this.provider());
    return {
      ledger: power.wrap('ledger', this.ledger()),
      users: power.wrap('users', new UserStore(this.collections)),
      digests: power.wrap('digests', new Digests(this.collections, () => this.now, randomUUID)),
      devices: power.wrap('devices', new DeviceStore(this.collections)),
      localiser: new Localiser({ messages, defaultLocale: 'en', warn: () => undefined }),
      localTimes: () => loadLocalTimes('UTC'),
      providers: { fcm },
      topics: fcm,
      addressBook: power.wrap('addressBook', new FirestoreAddressBook(this.collections)),
      tasks: power.wrap('tasks', {
        enqueue: (task, at = this.now) => Promise.resolve(this.queue.enqueue(task, at)),
      }),
      log: this.logger(),
      clock: {
        now: () => this.now,
        sleep: (ms) => {
          this.now += ms;
          return Promise.resolve();
        },
      },
      ...(this.options.recompose === undefined ? {} : { recompose: this.options.recompose(this) }),
      createdAt: creationTime(this.db),
      random: this.options.random ?? (() => 0),
      limits: this.limits,
      shardSize: this.options.shardSize ?? 500,
    };
  }

  /** The order that a trigger would hand to the engine. */
  order(
    notification: Partial<Notification> & Pick<Notification, 'to'>,
    id = 'order-e1',
    choice: Choice = {},
  ) {
    const composed = complete(
      { title: 'Your order is on its way', ...notification },
      { type: 'order', deliveryId: id, eventTime: this.now, choice },
    );
    return { ...composed, id, document: 'orders/o1', eventAt: this.now };
  }

  async addUser(uid: string, tokens: readonly unknown[], more: object = {}): Promise<void> {
    await this.db.doc(`users/${uid}`).set({ tokens, ...more });
  }

  /** Many users at once, one address each: `uid` → address. */
  async addUsers(count: number): Promise<Map<string, string>> {
    const users = new Map<string, string>();
    const writer = this.db.bulkWriter();
    for (let index = 0; index < count; index += 1) {
      const uid = `u${String(index).padStart(6, '0')}`;
      users.set(uid, `${uid}:APA91b-address`);
      void writer.set(this.db.doc(`users/${uid}`), { tokens: [users.get(uid)] });
    }
    await writer.close();
    return users;
  }

  async addDevice(
    uid: string,
    address: string,
    refreshedAt: number,
    more: object = {},
  ): Promise<void> {
    const at = Timestamp.fromMillis(refreshedAt);
    await this.db
      .doc(`devices/${addressId(address)}`)
      .set({ uid, address, kind: 'fcm', createdAt: at, refreshedAt: at, ...more });
  }

  async tokensOf(uid: string): Promise<unknown> {
    return (await this.db.doc(`users/${uid}`).get()).get('tokens');
  }

  async entry(id: string): Promise<DeliveryDocument> {
    const found = (await this.db.doc(`deliveries/${id}`).get()).data();
    if (found === undefined) throw new Error(`There is no ledger entry ${id}.`);
    return found as DeliveryDocument;
  }

  /** One event from its trigger to its end; returns what the ledger says of it. */
  async tell(
    notification: Partial<Notification> & Pick<Notification, 'to'>,
    id = this.newId(),
  ): Promise<DeliveryDocument> {
    await this.deliverUntilAcknowledged(this.order(notification, id));
    await this.settle();
    return this.entry(id);
  }

  /** An id that no other event of this world has. */
  newId(): string {
    this.events += 1;
    return `order-e${this.events}`;
  }

  /** Delivers one event until it is acknowledged, as the platform does: a thrown event comes again, on a new instance. */
  async deliverUntilAcknowledged(order: ReturnType<World['order']>): Promise<void> {
    let engine = this.boot();
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      try {
        await engine.deliver(order);
        return;
      } catch (error) {
        this.log.push(`event again: ${String(error)}`);
        if (this.power.isOff) engine = this.reboot();
        this.now += backOff(round);
      }
    }
    throw new Error('The event was never acknowledged.');
  }

  /** Runs tasks in order of their time, and the sweep when there is none, until nothing is left to do. */
  async settle(): Promise<void> {
    let engine = this.power.isOff ? this.reboot() : this.boot();
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      const next = this.queue.takeNext();
      try {
        if (next !== undefined) {
          this.now = Math.max(this.now, next.at);
          await this.dispatch(engine, next.task);
        } else if (await this.isEverythingFinal()) {
          return;
        } else {
          this.now += LEASE_MS;
          await engine.sweep(100);
        }
      } catch (error) {
        this.log.push(`task again: ${String(error)}`);
        if (this.power.isOff) engine = this.reboot();
        if (next !== undefined) {
          const { task, failures } = next;
          this.queue.put({ task, at: this.now + backOff(failures), failures: failures + 1 });
        }
      }
    }
    throw new Error(`Deliveries never came to an end:\n${this.log.slice(-20).join('\n')}`);
  }

  get tasks(): readonly QueuedTask[] {
    return this.queue.tasks;
  }

  /** Every task id that was ever enqueued: the queue takes none of them again. */
  get taskIds(): Set<string> {
    return this.queue.ids;
  }

  /** Takes tasks off the queue: it is the test that dispatches them. */
  takeTasks(isWanted: (task: DeliveryTask) => boolean): DeliveryTask[] {
    return this.queue.take(isWanted);
  }

  /** Puts a task back whose dispatch failed: it comes again. `at`: ms since 1970. */
  putTask(task: DeliveryTask, at = this.now): void {
    this.queue.put({ task, at, failures: 0 });
  }

  /** An instance that stops before it claims anything, until it is told to go on. */
  bootPausedAtClaim(): { engine: DeliveryEngine; paused: Promise<void>; goOn: () => void } {
    const pause = Promise.withResolvers<undefined>();
    const goOn = Promise.withResolvers<undefined>();
    const ledger = this.ledger();
    const claim: Ledger['claim'] = async (...args) => {
      pause.resolve(undefined);
      await goOn.promise;
      return Ledger.prototype.claim.apply(ledger, args);
    };
    return {
      engine: this.boot({ ledger: Object.assign(ledger, { claim }) }),
      paused: pause.promise,
      goOn: () => goOn.resolve(undefined),
    };
  }

  /** A ledger without the power switch. */
  ledger(): Ledger {
    return new Ledger({
      collections: this.collections,
      newClaim: this.options.newClaim ?? randomUUID,
      now: () => this.now,
      leaseMs: LEASE_MS,
      retentionMs: this.options.retentionMs ?? RETENTION_MS,
      endingInPush: endingIn,
    });
  }

  /** Waits for something that the emulator or the network brings about; Jest's own limit ends it. */
  async until(isSo: () => boolean): Promise<void> {
    while (!isSo()) await new Promise((again) => setTimeout(again, 5));
  }

  /** Everything a device shows now. */
  titles(address: string): (string | undefined)[] {
    return this.simulator.inbox(address).map(({ title }) => title);
  }

  /** How often the provider was asked to deliver to an address. */
  sends(address: string): number {
    return this.simulator.requests({ address }).length;
  }

  /** Runs a task, twice at once where that is what the queue does; rejects if it has to come again. */
  private async dispatch(engine: DeliveryEngine, task: DeliveryTask): Promise<void> {
    if (!this.dispatchTwice) return engine.run(task);
    const runs = await Promise.allSettled([engine.run(task), this.boot().run(task)]);
    const refused = runs.find((run) => run.status === 'rejected');
    if (refused !== undefined) throw refused.reason;
  }

  reboot(): DeliveryEngine {
    this.power.on();
    return this.boot();
  }

  private async isEverythingFinal(): Promise<boolean> {
    const open = this.db.collection('deliveries').where('state', '==', 'sending').limit(1);
    return (await open.get()).empty;
  }

  private logger(): EngineLog {
    const say =
      (what: string) =>
      (...details: unknown[]): void => {
        this.log.push(`${what} ${JSON.stringify(details)}`);
      };
    return {
      finished: say('finished'),
      retryScheduled: say('retry scheduled'),
      pruned: say('pruned'),
      breakerTripped: say('breaker'),
      pruneFailed: say('prune failed'),
      rejected: say('rejected'),
      configurationRefused: say('configuration refused'),
      held: say('held'),
      recordedPlainly: say('recorded plainly'),
      notLookedUpAgain: say('not looked up again'),
      leaseKept: say('lease kept'),
      limitsUnread: say('limits unread'),
      waitsForBudget: say('waits for budget'),
      stepNotRecorded: say('step not recorded'),
      notEnqueued: say('not enqueued'),
    };
  }
}

/** The platform's wait before an event or a task comes again, ms: 10 s to 10 minutes, doubling. */
function backOff(failures: number): number {
  return Math.min(10_000 * 2 ** failures, 600_000);
}
