/**
 * An installation in one process that can be left in the middle of its work, and taken over from where another release left it. The
 * one file here that knows how the kit's parts are put together, with the worlds of test/faults and test/outbox.
 */
import {
  Timestamp,
  type CollectionReference,
  type DocumentSnapshot,
} from '@google-cloud/firestore';
import type { DeliveryEngine } from '../../kit/src/delivery/engine.ts';
import type { DeliveryOrder } from '../../kit/src/delivery/order.ts';
import { deliveryTaskSchema, type DeliveryTask } from '../../kit/src/delivery/tasks.ts';
import { ApnsDeviceStore } from '../../kit/src/devices/apns-devices.ts';
import { DeviceStore } from '../../kit/src/devices/device-store.ts';
import { Ownership } from '../../kit/src/devices/ownership.ts';
import type { Choice } from '../../kit/src/model/notification/choice.ts';
import type { Notification } from '../../kit/src/model/notification/notification.ts';
import { pushTaskSchema } from '../../kit/src/outbox/tasks.ts';
import { TopicStore } from '../../kit/src/topics/topic-store.ts';
import type { World, WorldOptions } from '../faults/world.ts';
import { OutboxWorld } from '../outbox/world.ts';
import type { Fixture, RecordedEvent, RecordedTask } from './fixture.ts';

/** Recordings are as of this time: in the past, so that no time of theirs is one that Firestore has put down. */
const RECORDED_AT = Date.UTC(2026, 0, 15, 12);
/** Times that Firestore has put down are replaced by ones from here on, a second apart, in their order. */
const STAMPED_FROM = RECORDED_AT - 3_600_000;
const DEFAULT_SHARD_SIZE = 500;
/** Tasks and sweeps after which what is not final never will be. */
const MAX_STEPS = 300;

export class Installation {
  readonly outbox: OutboxWorld;
  readonly world: World;
  readonly shardSize: number;
  readonly events: RecordedEvent[] = [];

  private constructor(outbox: OutboxWorld, shardSize: number) {
    this.outbox = outbox;
    this.world = outbox.world;
    this.shardSize = shardSize;
  }

  /** A new, empty one for a recording: its time, and how its workers' holds are called, are always the same. */
  static async create(shardSize = DEFAULT_SHARD_SIZE): Promise<Installation> {
    let claims = 0;
    const newClaim = () => `claim-${(claims += 1)}`;
    return Installation.make(RECORDED_AT, { shardSize, newClaim });
  }

  /** Takes over what a release left. `withTasks`: false if the queues have lost them. */
  static async takeOver(fixture: Fixture, withTasks: boolean): Promise<Installation> {
    const installation = await Installation.make(fixture.at, fixture);
    try {
      await installation.load(fixture, withTasks);
      return installation;
    } catch (error) {
      await installation.close();
      throw error;
    }
  }

  private async load(fixture: Fixture, withTasks: boolean): Promise<void> {
    const { world, outbox } = this;
    const writes = world.db.bulkWriter();
    for (const [path, document] of Object.entries(fixture.documents)) {
      void writes.set(world.db.doc(path), document);
    }
    await writes.close();
    for (const id of fixture.taskIds) {
      world.taskIds.add(id);
      outbox.taskIds.add(id);
    }
    if (withTasks) for (const task of fixture.tasks) this.enqueue(task);
    this.events.push(...fixture.events);
  }

  /** The simulator has the test's time, so that it says when a push came. */
  private static async make(
    at: number,
    { shardSize, newClaim }: Pick<Fixture, 'shardSize'> & Pick<WorldOptions, 'newClaim'>,
  ): Promise<Installation> {
    const made: { world?: World } = {};
    const outbox = await OutboxWorld.create({
      shardSize,
      ...(newClaim === undefined ? {} : { newClaim }),
      simulator: { now: () => made.world?.now ?? at },
    });
    made.world = outbox.world;
    outbox.world.now = at;
    return new Installation(outbox, shardSize);
  }

  close(): Promise<void> {
    return this.outbox.close();
  }

  get ownership(): Ownership {
    const { collections } = this.world;
    return new Ownership({ collections, now: () => this.world.now, maxTakeoversPerDay: 1 });
  }

  get devices(): DeviceStore {
    return new DeviceStore(this.world.collections);
  }

  get apnsDevices(): ApnsDeviceStore {
    return new ApnsDeviceStore(this.world.collections);
  }

  get topics(): TopicStore {
    return new TopicStore(this.world.collections);
  }

  /**
   * Does something on an instance that dies at the next step of this name: nothing of it or after it happens. The step's name is
   * that of a part and its method, as `PowerSwitch` has it.
   */
  async dyingAt(step: string, work: () => Promise<unknown>): Promise<void> {
    const { power } = this.world;
    power.cutAtNext(step, false);
    await work().catch(() => undefined);
    if (!power.isOff) throw new Error(`The instance did not come to ${step}.`);
    power.on();
  }

  /** A trigger's event; `isAcknowledged` is whether its function comes to its end. */
  async deliver(
    delivery: string,
    notification: Partial<Notification> & Pick<Notification, 'to'>,
    {
      isAcknowledged = true,
      choice = {},
      limited,
    }: { isAcknowledged?: boolean; choice?: Choice; limited?: DeliveryOrder['limited'] } = {},
  ): Promise<void> {
    this.events.push({ delivery, notification: { ...notification }, isAcknowledged });
    const order = this.world.order(notification, delivery, choice);
    await this.world.boot().deliver({ ...order, ...(limited === undefined ? {} : { limited }) });
  }

  /** The event of a push's last write, on an instance of its own. */
  async onPushWritten(push: string, { isAcknowledged = true } = {}): Promise<void> {
    this.events.push({ push, isAcknowledged });
    const document = await this.world.db.doc(`pushes/${push}`).get();
    await this.outbox.boot().onWritten(push, document.data());
  }

  /** An event as it comes, or comes again, from a recording: until it is acknowledged. */
  async redeliver(event: RecordedEvent): Promise<void> {
    if ('push' in event) return this.outbox.redeliver(event.push);
    const notification = event.notification as Partial<Notification> & Pick<Notification, 'to'>;
    await this.world.deliverUntilAcknowledged(this.world.order(notification, event.delivery));
  }

  /** Puts a recorded task into its queue: as the present functions understand it. */
  enqueue({ queue, at, task }: RecordedTask): void {
    if (queue === 'deliveries') this.world.putTask(deliveryTaskSchema().parse(task), at);
    else this.outbox.tasks.push(pushTaskSchema().parse(task));
  }

  /**
   * Lets time pass, tasks come and sweeps run every so often, until nothing is left to do. `twice`: tasks that were taken over come
   * twice at once, as a queue may deliver them.
   */
  async finish({ sweepEveryMs = 5 * 60_000, twice = false } = {}): Promise<void> {
    const { world, outbox } = this;
    const [engine, other, pushes] = [world.boot(), world.boot(), outbox.boot()];
    const takenOver = new Set(twice ? world.tasks : []);
    let sweepAt = world.now + sweepEveryMs;
    for (let step = 0; step < MAX_STEPS; step += 1) {
      if (await this.isEverythingFinal()) return;
      const delivery = Math.min(...world.tasks.map(({ at }) => at));
      const push = Math.min(...outbox.tasks.map(({ at }) => at));
      const next = Math.min(delivery, push, sweepAt);
      world.now = Math.max(world.now, next);
      if (next === sweepAt) {
        await engine.sweep(100);
        await pushes.sweep(100);
        sweepAt = world.now + sweepEveryMs;
      } else if (next === push) {
        await outbox.dispatch();
      } else {
        const queued = world.tasks.find(({ at }) => at === next);
        if (queued === undefined) continue;
        await this.dispatch(queued.task, takenOver.has(queued) ? [engine, other] : [engine]);
      }
    }
    throw new Error(`It never came to an end:\n${world.log.slice(-20).join('\n')}`);
  }

  /** Dispatches a task of deliveries to these instances at once; where one fails it comes again. */
  private async dispatch(task: DeliveryTask, instances: readonly DeliveryEngine[]): Promise<void> {
    const { world } = this;
    world.takeTasks((each) => each === task);
    const runs = await Promise.allSettled(instances.map((engine) => engine.run(task)));
    const isRefused = runs.some(({ status }) => status === 'rejected');
    if (isRefused) world.putTask(task, world.now + 10_000);
  }

  private async isEverythingFinal(): Promise<boolean> {
    const { db } = this.world;
    const [entries, pushes] = await Promise.all([
      db.collection('deliveries').get(),
      db.collection('pushes').get(),
    ]);
    const isOpen = (states: readonly string[]) => (found: DocumentSnapshot) =>
      !states.includes(String(found.get('state')));
    return (
      !entries.docs.some(isOpen(['done', 'failed'])) &&
      !pushes.docs.some(isOpen(['sent', 'partial', 'failed', 'cancelled']))
    );
  }

  /** Runs the one task in the queue that this is true of; it is done with. */
  async runTask(isMeant: (task: Readonly<Record<string, unknown>>) => boolean): Promise<void> {
    const { world } = this;
    const queued = world.tasks.find(({ task }) => isMeant(task));
    if (queued === undefined) throw new Error('There is no such task.');
    world.now = Math.max(world.now, queued.at);
    const [task] = world.takeTasks((each) => each === queued.task);
    if (task !== undefined) await world.boot().run(task);
  }

  /** Requests by which a push was accepted for an address, a topic or a condition. */
  accepted(address: string) {
    return this.world.simulator.requests().filter(({ address: to, body, response }) => {
      const { condition } =
        (body as { readonly message?: { readonly condition?: string } }).message ?? {};
      return (to === address || condition === address) && response?.status === 200;
    });
  }

  /** What there is now, to be kept. */
  async leave(): Promise<Omit<Fixture, 'scene' | 'expected'>> {
    const { world, outbox, shardSize, events } = this;
    const documents: Record<string, Readonly<Record<string, unknown>>> = {};
    for (const collection of await world.db.listCollections()) {
      await this.readInto(documents, collection);
    }
    return {
      at: world.now,
      shardSize,
      events,
      tasks: [
        ...world.tasks.map(({ task, at }) => ({ queue: 'deliveries', at, task }) as const),
        ...outbox.tasks.map((task) => ({ queue: 'pushes', at: task.at, task }) as const),
      ],
      taskIds: [...world.taskIds, ...outbox.taskIds],
      documents: withoutStamps(documents),
    };
  }

  private async readInto(
    documents: Record<string, Readonly<Record<string, unknown>>>,
    collection: CollectionReference,
  ): Promise<void> {
    for (const document of await collection.listDocuments()) {
      const data = (await document.get()).data();
      if (data !== undefined) documents[document.path] = data;
      for (const inner of await document.listCollections()) await this.readInto(documents, inner);
    }
  }
}

/** The documents with made-up times where Firestore put down its own: recorded again they are the same. */
function withoutStamps<T>(documents: T): T {
  const stamps = new Set<string>();
  // Far from everything that the engine's own clock says.
  const isStamp = (time: Timestamp) => Math.abs(time.toMillis() - Date.now()) < 3_600_000;
  const keyOf = (time: Timestamp) =>
    `${String(time.seconds).padStart(12, '0')}.${String(time.nanoseconds).padStart(9, '0')}`;
  const each = (value: unknown, see: (time: Timestamp) => Timestamp): unknown => {
    if (value instanceof Timestamp) return isStamp(value) ? see(value) : value;
    if (Array.isArray(value)) return value.map((item) => each(item, see));
    if (typeof value !== 'object' || value === null) return value;
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, each(item, see)]));
  };
  each(documents, (time) => {
    stamps.add(keyOf(time));
    return time;
  });
  const order = [...stamps].sort();
  return each(documents, (time) =>
    Timestamp.fromMillis(STAMPED_FROM + 1000 * order.indexOf(keyOf(time))),
  ) as T;
}
