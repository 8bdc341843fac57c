/**
 * Google's side of the bargain, in this process, for the functions as they are deployed.
 *
 * The built bundle (`lib/index.js` of the functions) runs in instances (`fleet.ts`): processes that can be killed, stopped and woken.
 * Events come from `eventarc.ts`, tasks from `cloud-tasks.ts`, sweeps from `scheduler.ts`: each does what Google promises and
 * nothing better. All go by one clock (`clock.ts`) that tests move, so that a day of back-off takes seconds; each instance
 * sees it, with a skew of its own if wanted. Firestore is the emulator; FCM is the simulator; between an instance and both there
 * can be wires that break (`wire.ts`), and calls that go wrong (`firestore-proxy.ts`).
 *
 * What differs from Google: the emulator's own time is real, so where the backend compares with Firestore's times, as it does to
 * prune, a test must not have moved the clock before. Only what a test writes through {@link Cloud.write} becomes an event, not
 * what the functions write. Every instance runs all functions, and the newest one takes what comes.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseEnv } from 'node:util';
import { Firestore, type DocumentSnapshot } from '@google-cloud/firestore';
import type { DeliveryDocument } from '../../kit/src/delivery/delivery-document.ts';
import {
  createSimulator,
  type Simulator,
  type SimulatorOptions,
} from '../../simulator/src/index.ts';
import { Clock } from './clock.ts';
import { CloudTasks } from './cloud-tasks.ts';
import { Eventarc, type Publishing } from './eventarc.ts';
import { Fleet, type Answer, type InstanceOptions } from './fleet.ts';
import { functionsSource } from '../functions-source.ts';
import { runSchedules } from './scheduler.ts';

export interface CloudOptions {
  /** Over those of the functions' .env. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly simulator?: Omit<SimulatorOptions, 'warn'>;
  /** Of the first instance. */
  readonly instance?: InstanceOptions;
  /** A condition that has not come true for so long, in real time, never will. Default 40 s. */
  readonly patienceMs?: number;
}

/** Between two looks at a condition: what is waited for takes milliseconds or seconds. */
const LOOK_AGAIN_MS = 5;
const PATIENCE_MS = 40_000;
/** Longer than anything is ever tried again. */
const LONGEST_MS = 30 * 60 * 60_000;
const BATCH = 400;

const settings = parseEnv(readFileSync(join(functionsSource(), '.env'), 'utf8'));
const opened = new Set<Cloud>();
let clouds = 0;

// Whatever became of the test: no process is left behind.
afterEach(async () => {
  for (const cloud of opened) await cloud.close();
});

/** A cloud of the test's own, with one instance; it is gone when the test is over. */
export async function openCloud(options: CloudOptions = {}): Promise<Cloud> {
  const cloud = await Cloud.open(options);
  opened.add(cloud);
  await cloud.fleet.boot(options.instance);
  runSchedules(cloud.clock, cloud.fleet, cloud.paused);
  return cloud;
}

export class Cloud {
  readonly clock: Clock;
  readonly db: Firestore;
  readonly simulator: Simulator;
  readonly tasks: CloudTasks;
  readonly fleet: Fleet;
  readonly eventarc: Eventarc;
  /** Functions whose schedules are paused. */
  readonly paused = new Set<string>();
  private readonly firestoreHost: string;
  private readonly project: string;
  private readonly patienceMs: number;

  private constructor(
    parts: Pick<Cloud, 'clock' | 'db' | 'simulator' | 'tasks' | 'fleet' | 'eventarc'>,
    firestoreHost: string,
    project: string,
    patienceMs: number,
  ) {
    ({
      clock: this.clock,
      db: this.db,
      simulator: this.simulator,
      tasks: this.tasks,
      fleet: this.fleet,
      eventarc: this.eventarc,
    } = parts);
    this.firestoreHost = firestoreHost;
    this.project = project;
    this.patienceMs = patienceMs;
  }

  static async open(options: CloudOptions): Promise<Cloud> {
    const firestoreHost = process.env['FIRESTORE_EMULATOR_HOST'];
    if (firestoreHost === undefined) {
      throw new Error(
        'FIRESTORE_EMULATOR_HOST: expected the emulator; run these tests with `npm test`.',
      );
    }
    clouds += 1;
    const project = `demo-cloud-${process.env['JEST_WORKER_ID'] ?? '1'}-${process.pid}-${clouds}`;
    const clock = new Clock();
    const simulator = await createSimulator({
      requestLogSize: 500_000,
      ...options.simulator,
      now: () => clock.now(),
      warn: () => undefined,
    });
    const tasks: CloudTasks = await CloudTasks.open(clock, () => fleet);
    const fleet = new Fleet({
      clock,
      firestoreHost,
      fcmHost: simulator.emulatorHost,
      env: {
        ...(settings as Record<string, string>),
        ...options.settings,
        GCLOUD_PROJECT: project,
        FIREBASE_CONFIG: JSON.stringify({ projectId: project }),
        CLOUD_TASKS_EMULATOR_HOST: tasks.host,
        METADATA_SERVER_DETECTION: 'none',
        FUNCTIONS_EMULATOR: 'true',
        // Callables believe who a caller says to be.
        FIREBASE_DEBUG_MODE: 'true',
        FIREBASE_DEBUG_FEATURES: '{"skipTokenVerification":true}',
      },
    });
    const eventarc = new Eventarc(clock, fleet, project);
    const db = new Firestore({ projectId: project });
    const parts = { clock, db, simulator, tasks, fleet, eventarc };
    return new Cloud(parts, firestoreHost, project, options.patienceMs ?? PATIENCE_MS);
  }

  async close(): Promise<void> {
    opened.delete(this);
    this.clock.close();
    await this.fleet.close();
    this.clock.remove();
    await Promise.all([this.tasks.close(), this.simulator.close(), this.db.terminate()]);
    const documents = `projects/${this.project}/databases/(default)/documents`;
    await fetch(`http://${this.firestoreHost}/emulator/v1/${documents}`, { method: 'DELETE' });
  }

  /** Writes documents, as an app does, and has the functions told; null deletes. All in one commit. */
  async write(
    documents: Readonly<Record<string, object | null>>,
    publishing?: Publishing,
  ): Promise<void> {
    const refs = Object.keys(documents).map((path) => this.db.doc(path));
    const before = await this.db.getAll(...refs);
    const batch = this.db.batch();
    for (const ref of refs) {
      const fields = documents[ref.path];
      if (fields === null) batch.delete(ref);
      else batch.set(ref, { ...fields });
    }
    await batch.commit();
    const after = await this.db.getAll(...refs);
    refs.forEach((_, index) =>
      this.eventarc.publish(
        before[index] as DocumentSnapshot,
        after[index] as DocumentSnapshot,
        publishing,
      ),
    );
  }

  /** Puts documents there that no function hears of: what was there before the test began. */
  async seed(documents: Readonly<Record<string, object>>): Promise<void> {
    const entries = Object.entries(documents);
    for (let start = 0; start < entries.length; start += BATCH) {
      const batch = this.db.batch();
      for (const [path, fields] of entries.slice(start, start + BATCH)) {
        batch.set(this.db.doc(path), fields);
      }
      await batch.commit();
    }
  }

  /** Calls a callable function as a signed-in user. */
  async call(uid: string, name: string, data: object): Promise<Answer> {
    const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
    const claims = { sub: uid, user_id: uid, firebase: { sign_in_provider: 'password' } };
    const token = `${part({ alg: 'none' })}.${part(claims)}.`;
    return this.fleet.call(name, {
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: Buffer.from(JSON.stringify({ data })),
    });
  }

  /** Waits, in real time, until something is so. */
  async until(condition: () => boolean | Promise<boolean>, what: string): Promise<void> {
    const end = performance.now() + this.patienceMs;
    while (!(await condition())) {
      if (performance.now() > end) throw new Error(`Waited in vain until ${what}. ${this.tail()}`);
      await pause(LOOK_AGAIN_MS);
    }
  }

  /** Waits until FCM has seen so many requests. */
  async untilSent(requests: number): Promise<void> {
    await this.until(() => this.simulator.requestCount() >= requests, `${requests} were sent`);
  }

  /** Lets time pass, in leaps from one appointment to the next, as soon as nobody is at work. */
  async pass(ms: number): Promise<void> {
    const end = this.clock.now() + ms;
    for (;;) {
      await this.rest();
      const next = this.clock.next();
      if (next > end) break;
      this.clock.advance(next - this.clock.now());
    }
    this.clock.advance(end - this.clock.now());
  }

  /** Lets time pass until every event and task is done and every delivery is final; returns how long that was, ms. */
  async settle(): Promise<number> {
    const began = this.clock.now();
    for (;;) {
      await this.rest();
      if (await this.isEverythingFinal()) return this.clock.now() - began;
      if (this.clock.now() - began > LONGEST_MS) {
        throw new Error(`Deliveries never came to an end. ${this.tail()}`);
      }
      this.leap();
    }
  }

  /** Lets it be the time of the next appointment. */
  leap(): void {
    this.clock.advance(this.clock.next() - this.clock.now());
  }

  async entry(id: string): Promise<DeliveryDocument> {
    const found = (await this.db.doc(`deliveries/${id}`).get()).data();
    if (found === undefined) throw new Error(`There is no ledger entry ${id}.`);
    return found as DeliveryDocument;
  }

  /** All entries of the ledger, by id. */
  async ledger(): Promise<Map<string, DeliveryDocument>> {
    const { docs } = await this.db.collection('deliveries').get();
    return new Map(docs.map((found) => [found.id, found.data() as DeliveryDocument]));
  }

  /** The only delivery that is no shard of another. */
  async onlyDelivery(): Promise<DeliveryDocument> {
    const entries = [...(await this.ledger()).values()].filter(
      ({ parent }) => parent === undefined,
    );
    const [entry] = entries;
    if (entry === undefined || entries.length > 1) {
      throw new Error(`Expected one delivery, got ${entries.length}.`);
    }
    return entry;
  }

  /** How often each address was reached, or may have been: 0 is left out. */
  sends(): Map<string, number> {
    const sends = new Map<string, number>();
    for (const { address, delivered } of this.simulator.requests()) {
      if (address !== undefined && delivered > 0) {
        sends.set(address, (sends.get(address) ?? 0) + 1);
      }
    }
    return sends;
  }

  /** Nobody at work, and nothing due. */
  private async rest(): Promise<void> {
    await this.until(
      () => !this.fleet.isBusy && this.clock.next() > this.clock.now(),
      'nobody was at work',
    );
  }

  private async isEverythingFinal(): Promise<boolean> {
    if (this.eventarc.outstanding > 0 || this.tasks.outstanding > 0) return false;
    const sending = this.db.collection('deliveries').where('state', '==', 'sending');
    return (await sending.limit(1).get()).empty;
  }

  private tail(): string {
    const lines = this.fleet.instances.flatMap(({ log }) => log.slice(-10));
    return `The last lines of each instance:\n${lines.join('\n')}`;
  }
}
