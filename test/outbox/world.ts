/**
 * The outbox over a real backend in one process: documents written as a sender writes them, their events delivered as the
 * platform does, again where they failed; time moves when the test says so.
 */
import type { DocumentData } from '@google-cloud/firestore';
import { Outbox } from '../../kit/src/outbox/outbox.ts';
import { pushTaskId, type PushTask } from '../../kit/src/outbox/tasks.ts';
import { PushStore } from '../../kit/src/outbox/pushes.ts';
import type { PushDocument } from '../../kit/src/outbox/push-document.ts';
import { World, type WorldOptions } from '../faults/world.ts';

const RETENTION_MS = 30 * 86_400_000;
const SWEEP_EVERY_MS = 5 * 60_000;
/** Rounds after which a push that is still not final never will be. */
const MAX_ROUNDS = 100;
const FINAL = ['sent', 'partial', 'failed', 'cancelled'];

interface PushEvent {
  readonly id: string;
  readonly document: PushDocument | undefined;
}

export class OutboxWorld {
  readonly world: World;
  /** Tasks of the push queue that were not dispatched yet, in the order in which they came. */
  tasks: PushTask[] = [];
  /** Every update that a plan asked for, as the log has it. */
  readonly log: string[] = [];
  private events: PushEvent[] = [];
  private readonly seen = new Map<string, string | undefined>();
  /** Every task id that was ever enqueued: the queue takes none of them again. */
  readonly taskIds = new Set<string>();

  private constructor(world: World) {
    this.world = world;
  }

  static async create(options: WorldOptions = {}): Promise<OutboxWorld> {
    return new OutboxWorld(await World.create(options));
  }

  close(): Promise<void> {
    return this.world.close();
  }

  /** Forgets everything, for the next test. */
  async empty(): Promise<void> {
    this.world.simulator.reset();
    await this.world.emptyDatabase();
    this.tasks = [];
    this.events = [];
    this.taskIds.clear();
    this.seen.clear();
  }

  /** A function instance. */
  boot(): Outbox {
    const { world } = this;
    const { power } = world;
    return new Outbox({
      pushes: power.wrap('pushes', new PushStore(world.collections)),
      pathOf: (id) => world.collections.pushes.doc(id).path,
      engine: world.boot(),
      queue: power.wrap('pushQueue', { enqueue: (task: PushTask) => this.enqueue(task) }),
      clock: {
        now: () => world.now,
        sleep: (ms) => {
          world.now += ms;
          return Promise.resolve();
        },
      },
      retentionMs: RETENTION_MS,
      log: {
        planned: (id, { update }) => void this.log.push(`${id} ${JSON.stringify(update)}`),
        swept: (overdue) => void this.log.push(`swept ${overdue}`),
        unwritable: (id, isTold) => void this.log.push(`unwritable ${id}, told: ${isTold}`),
      },
    });
  }

  /** Writes fields of a push, as its sender does, and delivers the events. */
  async write(id: string, fields: DocumentData): Promise<void> {
    await this.ref(id).set(fields, { merge: true });
    await this.note(id);
    await this.deliverEvents();
  }

  /** Writes a whole document in place of another, or deletes it. */
  async replace(id: string, fields: DocumentData | undefined): Promise<void> {
    if (fields === undefined) await this.ref(id).delete();
    else await this.ref(id).set(fields);
    await this.note(id);
    await this.deliverEvents();
  }

  /** The event of a push's last write comes, or comes again. */
  async redeliver(id: string): Promise<void> {
    this.events.push({ id, document: await this.read(id) });
    await this.deliverEvents();
  }

  /** Writes a push and sees it to its end. */
  async send(id: string, fields: DocumentData): Promise<PushDocument> {
    await this.write(id, fields);
    await this.settle();
    return this.read(id);
  }

  async read(id: string): Promise<PushDocument> {
    const found = (await this.ref(id).get()).data();
    if (found === undefined) throw new Error(`There is no push ${id}.`);
    return found;
  }

  /** Delivers events, and those of what that writes, until it is quiet: one that failed comes again on a new instance. */
  async deliverEvents(): Promise<void> {
    for (let round = 0; this.events.length > 0; round += 1) {
      if (round > MAX_ROUNDS)
        throw new Error(`Events never end:\n${this.log.slice(-10).join('\n')}`);
      const event = this.events.shift() as PushEvent;
      await this.attempt(
        (outbox) => outbox.onWritten(event.id, event.document),
        () => this.events.push(event),
      );
      await this.note(event.id);
    }
  }

  /** Dispatches the next task of the push queue; it is dispatched when it is due, or at once by an emulated queue. */
  async dispatch(queue: 'on time' | 'at once' = 'on time'): Promise<boolean> {
    this.tasks.sort((a, b) => a.at - b.at);
    const task = this.tasks.shift();
    if (task === undefined) return false;
    if (queue === 'on time') this.world.now = Math.max(this.world.now, task.at);
    await this.attempt(
      (outbox) => outbox.run(task),
      () => this.tasks.push(task),
    );
    await this.note(task.push);
    await this.deliverEvents();
    return true;
  }

  /** Lets time pass until every push and every delivery is final: tasks first, and the sweep where there is none. */
  async settle(): Promise<void> {
    for (let round = 0; round < MAX_ROUNDS; round += 1) {
      await this.deliverEvents();
      // A task that failed comes again in seconds; the sweeps, by which the rest settles, in minutes.
      if (this.tasks.some(({ at }) => at <= this.world.now)) {
        await this.dispatch();
        continue;
      }
      await this.world.settle();
      const open = await this.open();
      for (const id of this.seen.keys()) await this.note(id);
      if (open.length === 0 && this.events.length === 0) return;
      if (await this.dispatch()) continue;
      this.world.now += SWEEP_EVERY_MS;
      await this.attempt(
        async (outbox) => void (await outbox.sweep(100)),
        () => undefined,
      );
    }
    throw new Error(`Pushes never came to an end:\n${this.log.slice(-20).join('\n')}`);
  }

  /** Runs a step on an instance; where it fails, or loses its power, it has to come again later. */
  private async attempt(step: (outbox: Outbox) => Promise<void>, again: () => void): Promise<void> {
    try {
      await step(this.boot());
    } catch (error) {
      this.log.push(`again: ${String(error)}`);
      this.world.power.on();
      this.world.now += 10_000;
      again();
    }
  }

  private async open(): Promise<string[]> {
    const pushes = await this.world.db.collection('pushes').get();
    return pushes.docs
      .filter((push) => !FINAL.includes(push.get('state') as string))
      .map((push) => push.id);
  }

  /** Notes an event if the document changed since the last one. */
  private async note(id: string): Promise<void> {
    const found = await this.ref(id).get();
    const version = found.updateTime?.toDate().toISOString() ?? 'none';
    const stamp = `${version}/${found.updateTime?.nanoseconds}`;
    if (this.seen.get(id) === stamp) return;
    this.seen.set(id, stamp);
    this.events.push({ id, document: found.data() });
  }

  private ref(id: string) {
    return this.world.db.doc(`pushes/${id}`);
  }

  private enqueue(task: PushTask): Promise<void> {
    const id = pushTaskId(task);
    if (!this.taskIds.has(id)) {
      this.taskIds.add(id);
      this.tasks.push(task);
    }
    return Promise.resolve();
  }
}
