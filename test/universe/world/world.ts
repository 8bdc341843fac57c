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
import { ApnsModel, type ApnsTrouble } from '../providers/apns-model.ts';
import type { Client } from '../providers/exchange.ts';
import { FcmModel, type FcmTrouble } from '../providers/fcm-model.ts';
import { leakIn } from '../providers/leaks.ts';
import { Phones } from '../providers/phones.ts';
import { setGlobals } from '../time/globals.ts';
import { Random } from '../time/random.ts';
import { Scheduler } from '../time/scheduler.ts';
import { App, type AppWires } from './app.ts';
import { KINDS, type Kind } from './catalogue.ts';
import { Expiry } from './expiry.ts';
import { olderServer, WatchedServer } from './servers.ts';
import { judgeEntry } from './entries.ts';
import { fateOfApns, fateOfFcm, waitIn } from './fate.ts';
import { Outage } from './outage.ts';
import type { Plan } from './plan.ts';
import type { Trouble, TroubleIn } from './troubles.ts';
import { Sweeps } from './sweeps.ts';
import { Takeovers } from './takeovers.ts';
import { BrokenPromise, Witness, type Fate, type Request } from './witness.ts';
import { inWords } from './words.ts';

const WRONG_PROJECT: FcmTrouble = { kind: 'answer', says: { what: 'SENDER_ID_MISMATCH' } };
/** What providers say that take nothing for a while. */
const OUT_FCM: FcmTrouble = { kind: 'answer', says: { what: 'UNAVAILABLE' } };
const OUT_APNS: ApnsTrouble = { kind: 'answer', says: { what: 'ServiceUnavailable' } };

/** Nothing that is left to do is looked for beyond this, ms after the last thing that people did or planned. */
const HORIZON_MS = 10 * 24 * 60 * 60_000;

const HARMLESS: ReadonlySet<string> = new Set([
  ...['firestore-slow', 'firestore-unavailable', 'firestore-aborted'],
  ...['firestore-exhausted', 'firestore-internal', 'firestore-short-outage'],
]);

const CREDENTIAL = /ProviderToken|Forbidden|BadCertificate|TooManyProviderTokenUpdates/;

/** States of entries and pushes of which nothing more is to come. */
const AT_REST: ReadonlySet<unknown> = new Set([
  ...['done', 'failed', 'noted', 'sent', 'partial', 'cancelled'],
]);

/** By default. */
const APP_SETTINGS = { staleDeviceDays: 30, ledgerDays: 30 };

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
  readonly takeovers: Takeovers;
  readonly fleet: Fleet<App>;
  /** Accounts that were deleted. */
  readonly deletedAccounts = new Set<string>();
  /** Kinds of faults that took effect. */
  readonly faults = new Set<string>();
  /** Events and tasks that the platform gave up, which no promise covers. */
  givenUp = 0;
  /** Whether Apple ever refused our credential, by a trouble. */
  hasCredentialTrouble = false;
  /** Nothing has happened yet. */
  isBefore = true;
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
  private readonly sweeps: Sweeps;
  private readonly expiry: Expiry | undefined;

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
    this.phones = new Phones(now);
    this.witness = new Witness(this.server, this.phones, now);
    this.takeovers = new Takeovers(this.witness, setup.maxTakeoversPerDay, now);
    this.witness.isPunctual =
      plan.troubles.every((trouble) => trouble.in === 'fcm' || trouble.in === 'apns') &&
      setup.latencyMs <= 100;
    if (setup.skewsMs.length > 1) this.faults.add('clocks-differ');
    this.witness.clocksDifferMs = Math.max(0, ...setup.skewsMs) - Math.min(0, ...setup.skewsMs);
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
    const fcmOutage = new Outage(OUT_FCM);
    const apnsOutage = new Outage(OUT_APNS);
    this.fcm = new FcmModel({
      ...way,
      mayLie: true,
      trouble: (call) => {
        const trouble =
          setup.isWrongProject === true
            ? WRONG_PROJECT
            : fcmOutage.over(this.troubleOf('fcm', call.nth), now());
        const isForOne = call.targetKind !== 'topic' && call.targetKind !== 'condition';
        const request = { ...call, token: call.target, server: 'fcm' };
        this.onRequest(request, trouble, isForOne ? fateOfFcm(trouble) : undefined);
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
        const trouble = apnsOutage.over(this.troubleOf('apns', call.nth), now());
        const request = { ...call, server: call.environment, isDryRun: false };
        this.onRequest(request, trouble, fateOfApns(trouble));
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
      load: (instance) => new App(this.wiresOf(instance), { ...APP_SETTINGS, ...setup }),
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
    this.sweeps = new Sweeps({
      scheduler,
      server: this.server,
      horizon: startAt + last + longest + HORIZON_MS,
      isSkipped: () => this.isSweepSkipped(),
      sweep: (what) =>
        this.invoke('sweep', (app) =>
          what === 'deliveries' ? app.sweepDeliveries() : app.sweepPushes(),
        ),
    });
    if (setup.ledgerDays !== undefined) {
      this.expiry = new Expiry({
        ...{ scheduler, random, server: this.server },
        onGone: (path, fields) => this.onGone(path, fields),
      });
    }
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

  private judgeSecret(said: unknown): void {
    const leak = leakIn(said, this.phones);
    if (leak !== undefined) this.witness.fail('secret', `a token stands in: ${leak.slice(0, 300)}`);
  }

  private wiresOf(instance: Instance): AppWires {
    const { random, network, present: server } = this;
    const answer = (ms: number, run: () => void): void => instance.later(ms, run);
    const { production, sandbox } = this.apns.serversFor(answer);
    return {
      instance,
      server,
      wire: network.wireOf(instance),
      random: random.next,
      fcm: this.sending(instance, this.fcm.clientFor(answer)),
      apns: this.sending(instance, production.client),
      apnsSandbox: this.sending(instance, sandbox.client),
      enqueue: (queue, task, name, at) => this.enqueue(instance, queue, task, name, at),
      accounts: {
        exists: async (uid) => {
          await instance.sleep(network.latency());
          return !this.deletedAccounts.has(uid);
        },
      },
      say: (...words) => {
        this.say('log', ...words);
        this.judgeSecret(words);
      },
      newClaim: () => `claim-${(this.counted.claim += 1)}`,
    };
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

  /** @param fate what becomes of it; undefined where it is for nobody in particular. */
  private onRequest(
    request: Request,
    trouble: FcmTrouble | ApnsTrouble | undefined,
    fate: Fate | undefined,
  ): void {
    const { server, token, deliveryId } = request;
    if (trouble !== undefined) this.onProviderTrouble(server, trouble);
    this.say(server, token.slice(0, 34), deliveryId, trouble);
    if (fate === undefined) return;
    this.witness.onRequest(request, fate);
    const wait = waitIn(trouble);
    if (wait !== undefined) this.witness.onWait(token, deliveryId, wait);
  }

  private onProviderTrouble(server: string, trouble: FcmTrouble | ApnsTrouble): void {
    const provider = server === 'fcm' ? 'fcm' : 'apns';
    const isTaken = 'isAccepted' in trouble && trouble.isAccepted === true;
    this.faults.add(`${provider}-${trouble.kind}${isTaken ? '-taken' : ''}`);
    const says = 'says' in trouble ? trouble.says.what : '';
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
      case 'devices':
        return this.takeovers.onDevice(change);
      case 'pushes':
        this.expiry?.onWritten(change);
        this.sweeps.onWritten(collection, after?.fields);
        return this.publish('push', (app) => app.sendPush(id, after?.fields));
      case 'deliveries':
        // Its time is over.
        if (after === undefined && this.server.peek(path) !== undefined) return;
        this.expiry?.onWritten(change);
        judgeEntry(this.witness, change);
        return this.sweeps.onWritten(collection, after?.fields);
      case 'walls': {
        const kind = KINDS.find((each) => kinds === `${each}s`);
        if (kind !== undefined && before === undefined) this.onCreated(kind, change);
        return;
      }
      default:
    }
  }

  /** A TTL policy is about to delete a document. */
  private onGone(path: string, { state }: Readonly<Record<string, unknown>>): void {
    this.faults.add('expired');
    if (!AT_REST.has(state))
      this.witness.fail('lost', `${path} is deleted while it is ${String(state)}`);
  }

  private onUser(uid: string, { before, after, at }: Change): void {
    const had = before?.fields['tokens'];
    const has = after?.fields['tokens'];
    // The function ends at once where the list is the same.
    if (had === has) return;
    this.takeovers.onUser(uid, had, has);
    if (this.isBefore && this.plan.setup.isNew !== true) return;
    const event = { uid, before: had, after: has, writtenAt: Math.floor(at / 1000) };
    this.publish('claimTokens', (app) => app.claimTokens(event));
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

  private isSweepSkipped(): boolean {
    const trouble = this.troubleOf('sweep', this.counted.sweep);
    this.counted.sweep += 1;
    if (trouble !== undefined) this.faults.add('sweep-skipped');
    return trouble !== undefined;
  }
}

/** The id of the event of a document's creation. */
export function eventIdOf(path: string): string {
  return `event-${path.slice(path.lastIndexOf('/') + 1)}`;
}

function queueError(): Error {
  return Object.assign(new Error('The service is currently unavailable.'), {
    code: 'functions/unavailable',
  });
}
