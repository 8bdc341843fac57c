/**
 * One world: Firestore, FCM, APNs, the platform and its queues, people and their phones, all in virtual time, and in the middle of it the
 * backend as it is deployed.
 */
import type { Change, Server } from '../firestore/server.ts';
import { CloudTasksModel, isKnownTask } from '../platform/cloud-tasks.ts';
import { Eventarc } from '../platform/eventarc.ts';
import { Fleet } from '../platform/fleet.ts';
import type { Instance } from '../platform/instance.ts';
import { Network } from '../platform/network.ts';
import { ApnsModel } from '../providers/apns-model.ts';
import type { Client } from '../providers/exchange.ts';
import { FcmModel, type FcmTrouble } from '../providers/fcm-model.ts';
import { tokensIn } from '../providers/leaks.ts';
import { Phones } from '../providers/phones.ts';
import { setGlobals } from '../time/globals.ts';
import { Random } from '../time/random.ts';
import { Scheduler } from '../time/scheduler.ts';
import { App, type AppWires } from './app.ts';
import { KINDS, type Kind } from './catalogue.ts';
import { olderServer, WatchedServer } from './servers.ts';
import { fateOfApns, fateOfFcm, waitIn } from './fate.ts';
import type { Plan } from './plan.ts';
import type { Trouble, TroubleIn } from './troubles.ts';
import { BrokenPromise, Witness } from './witness.ts';

const WRONG_PROJECT: FcmTrouble = { kind: 'answer', says: { what: 'SENDER_ID_MISMATCH' } };

/** The functions that sweep run so often, ms. */
const SWEEP_EVERY_MS = 5 * 60_000;
/** Nothing that is left to do is looked for beyond this, ms after the last thing that people did or planned. */
const HORIZON_MS = 10 * 24 * 60 * 60_000;

const HARMLESS: ReadonlySet<string> = new Set([
  ...['firestore-slow', 'firestore-unavailable', 'firestore-aborted'],
  ...['firestore-exhausted', 'firestore-internal', 'firestore-short-outage'],
]);

const CREDENTIAL = /ProviderToken|Forbidden|BadCertificate|TooManyProviderTokenUpdates/;

/** Tells the stream of chances while a world runs from the one that made its plan. */
const RUN_SALT = 0x5eed;

export class World {
  readonly plan: Plan;
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly server: WatchedServer;
  readonly phones: Phones;
  readonly fcm: FcmModel;
  readonly apns: ApnsModel;
  readonly witness: Witness;
  readonly fleet: Fleet<App>;
  /** Accounts that were deleted. */
  readonly deletedAccounts = new Set<string>();
  /** Kinds of faults that took effect. */
  readonly faults = new Set<string>();
  /** Events and tasks that the platform gave up, which no promise covers. */
  givenUp = 0;
  /** Whether Apple ever refused our credential, by a trouble. */
  hasCredentialTrouble = false;
  /** What went wrong in the simulation itself. */
  brokenBy: unknown;
  readonly trace: ((line: string) => void) | undefined;
  private readonly network: Network;
  private readonly eventarc: Eventarc;
  private readonly queues: Readonly<Record<'deliveries' | 'pushes', CloudTasksModel>>;
  private readonly troubles = new Map<string, Trouble['is']>();
  /** What instances write through that begin now. */
  private present: Server;
  private readonly counted = { request: 0, queue: 0, event: 0, claim: 0, sweep: 0 };
  private readonly sweeps = new Set<number>();
  private readonly horizon: number;

  constructor(plan: Plan, trace?: (line: string) => void) {
    this.plan = plan;
    this.trace = trace;
    const { setup, startAt } = plan;
    this.random = new Random(plan.seed + RUN_SALT);
    const random = this.random;
    this.scheduler = new Scheduler(startAt, random);
    const { scheduler } = this;
    const now = (): number => scheduler.now;
    for (const trouble of plan.troubles) {
      const key = `${trouble.in} ${trouble.nth}`;
      if (!this.troubles.has(key)) this.troubles.set(key, trouble.is);
    }
    this.server = new WatchedServer(now, (change) => this.onChange(change), setup.contention);
    this.present = setup.startsOlder === true ? olderServer(this.server) : this.server;
    if (setup.skewsMs.length > 1) this.faults.add('clocks-differ');
    this.phones = new Phones(now);
    this.witness = new Witness(this.server, this.phones, now);
    this.witness.isPunctual =
      plan.troubles.every((trouble) => trouble.in === 'fcm' || trouble.in === 'apns') &&
      setup.latencyMs <= 100;
    if (setup.startsOlder === true) {
      this.faults.add('older-release');
      this.witness.isOlder = true;
    }
    this.network = new Network({
      scheduler,
      random,
      latencyMs: setup.latencyMs,
      troubleAt: (nth) => this.troubleOf('firestore', nth),
      kill: (instance) => this.kill(instance),
      onTrouble: (kind) => this.onTrouble(kind),
    });
    const way = {
      phones: this.phones,
      now,
      later: (ms: number, run: () => void) => scheduler.after(ms, run),
      latency: this.network.latency,
    };
    this.fcm = new FcmModel({
      ...way,
      mayLie: true,
      trouble: (call) => {
        const trouble =
          setup.isWrongProject === true ? WRONG_PROJECT : this.troubleOf('fcm', call.nth);
        const fate = fateOfFcm(trouble);
        if (trouble !== undefined) this.onProviderTrouble('fcm', trouble);
        this.say('fcm', call.target.slice(0, 34), call.deliveryId, trouble);
        if (call.targetKind === 'topic' || call.targetKind === 'condition') return trouble;
        this.witness.onRequest({ ...call, token: call.target, server: 'fcm' }, fate);
        const wait = waitIn(trouble);
        if (wait !== undefined && call.deliveryId !== undefined) {
          this.witness.onWait(call.target, call.deliveryId, wait);
        }
        return trouble;
      },
      onAccepted: ({ target, deliveryId, phone }) => {
        if (deliveryId !== undefined && phone !== undefined)
          this.witness.onTaken(target, deliveryId);
      },
    });
    this.apns = new ApnsModel({
      ...way,
      bundleId: 'app.universe',
      readsTokens: false,
      mayLie: true,
      trouble: (call) => {
        const trouble = this.troubleOf('apns', call.nth);
        if (trouble !== undefined) this.onProviderTrouble('apns', trouble);
        this.say('apns', call.token.slice(0, 34), call.deliveryId, call.environment, trouble);
        this.witness.onRequest(
          { ...call, server: call.environment, isDryRun: false },
          fateOfApns(trouble),
        );
        const wait = waitIn(trouble);
        if (wait !== undefined && call.deliveryId !== undefined) {
          this.witness.onWait(call.token, call.deliveryId, wait);
        }
        return trouble;
      },
      onAccepted: ({ token, deliveryId }) => {
        if (deliveryId !== undefined) this.witness.onTaken(token, deliveryId);
      },
    });
    this.fleet = new Fleet({
      scheduler,
      random,
      size: setup.instances,
      skewsMs: setup.skewsMs,
      load: (instance) => new App(this.wiresOf(instance), { ...setup, staleDeviceDays: 30 }),
      onTimeout: () => this.faults.add('timeout'),
    });
    this.eventarc = new Eventarc({
      scheduler,
      random,
      lagMs: setup.lagMs,
      onGivenUp: () => (this.givenUp += 1),
    });
    const queue = (run: (app: App, task: unknown) => Promise<void>): CloudTasksModel =>
      new CloudTasksModel({
        scheduler,
        random,
        atOnce: setup.tasksAtOnce,
        run: (task, onEnd) => this.invoke('task', (app) => run(app, task), onEnd),
        onGivenUp: () => (this.givenUp += 1),
      });
    this.queues = {
      deliveries: queue((app, task) => app.runDelivery(task)),
      pushes: queue((app, task) => app.runPush(task)),
    };
    const last = plan.actions.reduce((latest, { at }) => Math.max(latest, at), 0);
    const longest = plan.actions.reduce((most, action) => {
      return 'inMs' in action ? Math.max(most, action.inMs ?? 0) : most;
    }, 0);
    this.horizon = startAt + last + longest + HORIZON_MS;
  }

  /** Whose clock and chance kit modules mean that take none as an argument: nothing else happens while one of them waits. */
  enter(): void {
    setGlobals({
      now: () => this.scheduler.now,
      random: this.random.next,
      after: (ms, run) => this.scheduler.plan(ms, run),
    });
  }

  /** What comes next comes to new instances, of the present release. */
  deploy(): void {
    this.present = this.server;
    this.fleet.replaceAll();
  }

  /** Runs one of the functions. */
  invoke(
    what: string,
    handler: (app: App) => Promise<void>,
    onEnd: (isDone: boolean) => void = () => undefined,
  ): void {
    this.fleet.invoke(async (app) => {
      try {
        await handler(app);
      } catch (error) {
        this.onRejected(what, error);
        throw error;
      }
    }, onEnd);
  }

  /** Takes note of what is logged: no token stands in it. */
  readonly say = (...words: readonly unknown[]): void => {
    this.trace?.(words.map(inWords).join(' '));
  };

  /** The simulation itself is at fault. */
  onBroken(error: unknown): void {
    this.brokenBy ??= error;
  }

  private onRejected(what: string, error: unknown): void {
    if (error instanceof BrokenPromise) return;
    const { message, stack } = error as Error;
    this.say('rejected', what, message);
    this.judgeSecret(`${message} ${stack}`);
    if (
      error instanceof TypeError ||
      error instanceof RangeError ||
      error instanceof ReferenceError
    ) {
      this.witness.fail('ends', `${what} failed of a fault of the program: ${stack}`);
    }
  }

  private judgeSecret(text: string): void {
    const [leaked] = tokensIn(text, this.phones);
    if (leaked !== undefined)
      this.witness.fail('secret', `a token stands in: ${text.slice(0, 300)}`);
  }

  private wiresOf(instance: Instance): AppWires {
    const { random, network, present: server } = this;
    const answer = (ms: number, run: () => void): void => instance.later(ms, run);
    return {
      instance,
      server,
      wire: network.wireOf(instance),
      random: random.next,
      fcm: this.sending(instance, this.fcm.clientFor(answer)),
      apns: this.sending(instance, this.apns.serversFor(answer).production.client),
      apnsSandbox: this.sending(instance, this.apns.serversFor(answer).sandbox.client),
      enqueue: (queue, task, name, at) => this.enqueue(instance, queue, task, name, at),
      accounts: {
        exists: async (uid) => {
          await instance.sleep(network.latency());
          return !this.deletedAccounts.has(uid);
        },
      },
      say: (...words) => {
        this.say('log', ...words);
        for (const word of words) this.judgeWord(word);
      },
      newClaim: () => `claim-${(this.counted.claim += 1)}`,
    };
  }

  private judgeWord(word: unknown): void {
    if (typeof word === 'string') this.judgeSecret(word);
    else if (word instanceof Error) this.judgeSecret(word.message);
    else if (typeof word === 'object' && word !== null) {
      for (const each of Object.values(word)) this.judgeWord(each);
    }
  }

  /** A provider's client as an instance has it, which may die or freeze over a request. */
  private sending(instance: Instance, client: Client): Client {
    const { network } = this;
    return {
      capacity: client.capacity,
      request: (request) =>
        new Promise((resolve) => {
          if (instance.isDead) return;
          const trouble = this.troubleOf('request', this.counted.request);
          this.counted.request += 1;
          if (!network.before(instance, trouble)) return;
          instance.onceAwake(() => {
            void client.request(request).then(resolve);
            network.after(instance, trouble);
          });
        }),
    };
  }

  private async enqueue(
    instance: Instance,
    queue: 'deliveries' | 'pushes',
    task: object,
    name: string,
    at: number,
  ): Promise<void> {
    const trouble = this.troubleOf('queue', this.counted.queue);
    this.counted.queue += 1;
    if (trouble !== undefined) this.faults.add(`queue-${trouble.what}`);
    const plain = JSON.parse(JSON.stringify(task)) as unknown;
    await instance.sleep(this.network.latency());
    this.say('enqueue', queue, plain, trouble);
    if (trouble?.what === 'refused') throw queueError();
    try {
      this.queues[queue].take(plain, name, at, trouble);
    } catch (error) {
      if (!isKnownTask(error)) throw error;
    }
    await instance.sleep(this.network.latency());
    if (trouble?.what === 'answer-lost') throw queueError();
  }

  private kill(instance: Instance): void {
    this.say('dies', instance.id);
    this.fleet.kill(instance);
  }

  private onTrouble(kind: string): void {
    this.faults.add(kind);
    // What Firestore refuses is asked again, and leaves nobody in doubt.
    if (!HARMLESS.has(kind)) this.witness.doubts += 1;
  }

  private onProviderTrouble(provider: 'fcm' | 'apns', trouble: { readonly kind: string }): void {
    const isTaken = 'isAccepted' in trouble && trouble.isAccepted === true;
    this.faults.add(`${provider}-${trouble.kind}${isTaken ? '-taken' : ''}`);
    const says = 'says' in trouble ? (trouble.says as { readonly what: string }).what : '';
    if (CREDENTIAL.test(says)) this.hasCredentialTrouble = true;
  }

  private troubleOf<In extends Trouble['in']>(where: In, nth: number): TroubleIn<In> | undefined {
    if (this.troubles.size === 0) return undefined;
    return this.troubles.get(`${where} ${nth}`) as TroubleIn<In> | undefined;
  }

  // What Firestore says has changed.

  private onChange(change: Change): void {
    const { path, before, after } = change;
    this.trace?.(`writes ${path} ${inWords(after?.fields)}`);
    const [collection = '', id = '', kinds] = path.split('/');
    switch (collection) {
      case 'users':
        this.witness.onUser(change);
        return this.onUser(id, change);
      case 'pushes':
        this.planSweep(millisOf(after?.fields['nextAt']));
        return this.publish('push', (app) => app.sendPush(id, after?.fields));
      case 'deliveries':
        if (after?.fields['state'] === 'sending')
          this.planSweep(millisOf(after.fields['leaseUntil']));
        return;
      case 'walls': {
        const kind = KINDS.find((each) => kinds === `${each}s`);
        if (kind !== undefined && before === undefined) this.onCreated(kind, change);
        return;
      }
      default:
    }
  }

  private onUser(uid: string, { before, after, at }: Change): void {
    const had = before?.fields['tokens'];
    const has = after?.fields['tokens'];
    // The function ends at once where the list is the same.
    if (had === has) return;
    const event = { uid, before: had, after: has, writtenAt: at / 1000 };
    this.publish('claimTokens', (app) =>
      app.claimTokens({ ...event, writtenAt: Math.floor(event.writtenAt) }),
    );
  }

  private onCreated(kind: Kind, { path, after, at }: Change): void {
    const event = {
      id: eventIdOf(path),
      time: new Date(at / 1000).toISOString(),
      paths: [path],
      data: after?.fields,
    };
    this.publish(kind, (app) => app.notify(kind, event));
  }

  /** An event of which the platform tells a function. */
  publish(what: string, handler: (app: App) => Promise<void>): void {
    const trouble = this.troubleOf('event', this.counted.event);
    this.counted.event += 1;
    if (trouble !== undefined) {
      this.faults.add(trouble.copies === undefined ? 'event-late' : 'event-again');
    }
    this.eventarc.publish((onEnd) => this.invoke(what, handler, onEnd), trouble);
  }

  // Sweeps.

  /** The first sweep that can find something which is overdue from then on, ms. */
  private planSweep(due: number | undefined): void {
    if (due === undefined) return;
    const tick =
      Math.ceil((Math.max(due, this.scheduler.now) + 1) / SWEEP_EVERY_MS) * SWEEP_EVERY_MS;
    if (this.sweeps.has(tick) || tick > this.horizon) return;
    this.sweeps.add(tick);
    this.scheduler.at(tick, () => this.sweep(tick));
  }

  private isSkipped(): boolean {
    const trouble = this.troubleOf('sweep', this.counted.sweep);
    this.counted.sweep += 1;
    if (trouble !== undefined) this.faults.add('sweep-skipped');
    return trouble !== undefined;
  }

  /** Between those that find something sweeps change nothing, and need not be played. */
  private sweep(tick: number): void {
    this.sweeps.delete(tick);
    if (this.isSkipped()) return this.planSweep(tick + 1);
    const { scheduler } = this;
    const isDue = (due: number | undefined): boolean => due !== undefined && due <= scheduler.now;
    let deliveries = false;
    for (const { fields } of this.server.documents('deliveries')) {
      if (fields['state'] === 'sending') deliveries ||= isDue(millisOf(fields['leaseUntil']));
    }
    let pushes = false;
    for (const { fields } of this.server.documents('pushes'))
      pushes ||= isDue(millisOf(fields['nextAt']));
    if (deliveries) this.invoke('sweepDeliveries', (app) => app.sweepDeliveries());
    if (pushes) this.invoke('sweepPushes', (app) => app.sweepPushes());
    if (deliveries || pushes) this.planSweep(scheduler.now + 1);
  }
}

/** The id of the event of a document's creation. */
export function eventIdOf(path: string): string {
  return `event-${path.slice(path.lastIndexOf('/') + 1)}`;
}

export function millisOf(time: unknown): number | undefined {
  return typeof time === 'object' && time !== null && 'toMillis' in time
    ? (time as { toMillis(): number }).toMillis()
    : undefined;
}

function queueError(): Error {
  return Object.assign(new Error('The service is currently unavailable.'), {
    code: 'functions/unavailable',
  });
}

function inWords(word: unknown): string {
  if (typeof word === 'string') return word;
  if (word instanceof Error) return word.message;
  return (
    JSON.stringify(word, (_key, value: unknown) => {
      const ms = millisOf(value);
      return ms === undefined ? value : new Date(ms).toISOString();
    }) ?? 'undefined'
  );
}
