/**
 * One world: Firestore, FCM, APNs, the platform and its queues, people and their phones, all in virtual time, and in the middle of it the
 * backend as it is deployed.
 */
import type { Server } from '../firestore/server.ts';
import { CloudTasksModel } from '../platform/cloud-tasks.ts';
import { Eventarc } from '../platform/eventarc.ts';
import { Fleet } from '../platform/fleet.ts';
import type { Instance } from '../platform/instance.ts';
import { Network } from '../platform/network.ts';
import { ApnsModel, type ApnsTrouble } from '../providers/apns-model.ts';
import { FcmModel, type FcmTrouble } from '../providers/fcm-model.ts';
import { leakIn } from '../providers/leaks.ts';
import { Phones } from '../providers/phones.ts';
import { setGlobals } from '../time/globals.ts';
import { Random } from '../time/random.ts';
import { Scheduler } from '../time/scheduler.ts';
import { App } from './app.ts';
import { onChange, onGone } from './changes.ts';
import { Expiry } from './expiry.ts';
import { olderServer, WatchedServer } from './servers.ts';
import { fateOfApns, fateOfFcm, isClose, waitIn } from './fate.ts';
import { Outage } from './outage.ts';
import type { Plan } from './plan.ts';
import type { Trouble, TroubleIn } from './troubles.ts';
import { Sweeps } from './sweeps.ts';
import { Takeovers } from './takeovers.ts';
import type { Fate, Request } from './asked.ts';
import { BrokenPromise } from './broken-promise.ts';
import { Witness } from './witness.ts';
import { wiresOf } from './wires.ts';
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
  readonly network: Network;
  private readonly eventarc: Eventarc;
  readonly queues: Readonly<Record<'deliveries' | 'pushes', CloudTasksModel>>;
  private readonly troubles = new Map<string, Trouble['is']>();
  /** What instances write through that begin now. */
  private present: Server;
  /** How many there were so far. */
  private readonly counted = { request: 0, queue: 0, event: 0, sweep: 0 };
  private claims = 0;
  readonly sweeps: Sweeps;
  readonly expiry: Expiry | undefined;

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
    this.server = new WatchedServer(now, (change) => onChange(this, change), setup.contention);
    this.present = setup.startsOlder === true ? olderServer(this.server) : this.server;
    this.phones = new Phones(now);
    this.witness = new Witness(this.server, this.phones, now);
    this.takeovers = new Takeovers(this.witness, setup.maxTakeoversPerDay, now);
    this.witness.isPunctual =
      plan.troubles.every((trouble) => {
        return (trouble.in === 'fcm' || trouble.in === 'apns') && !isClose(trouble.is);
      }) && setup.latencyMs <= 100;
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
      load: (instance) =>
        new App(wiresOf(this, instance, this.present), { ...APP_SETTINGS, ...setup }),
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
        onGone: (path, fields) => onGone(this, path, fields),
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
    this.trace?.(
      words
        .filter((word) => word !== undefined)
        .map(inWords)
        .join(' '),
    );
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

  judgeSecret(said: unknown): void {
    const leak = leakIn(said, this.phones);
    if (leak !== undefined) this.witness.fail('secret', `a token stands in: ${leak.slice(0, 300)}`);
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

  /** A name for a hold that no other has. */
  readonly newClaim = (): string => `claim-${(this.claims += 1)}`;

  /** What goes wrong with the next request, task, event or sweep. */
  nextTrouble<In extends 'request' | 'queue' | 'event' | 'sweep'>(
    where: In,
  ): TroubleIn<In> | undefined {
    const nth = this.counted[where];
    this.counted[where] += 1;
    return this.troubleOf(where, nth);
  }

  private troubleOf<In extends Trouble['in']>(where: In, nth: number): TroubleIn<In> | undefined {
    if (this.troubles.size === 0) return undefined;
    return this.troubles.get(`${where} ${nth}`) as TroubleIn<In> | undefined;
  }

  /** An event of which the platform tells a function. */
  publish(what: string, handler: (app: App) => Promise<void>): void {
    const trouble = this.nextTrouble('event');
    if (trouble !== undefined) {
      this.faults.add(trouble.copies === undefined ? 'event-late' : 'event-again');
    }
    this.eventarc.publish((onEnd) => this.invoke(what, handler, onEnd), trouble);
  }

  private isSweepSkipped(): boolean {
    const trouble = this.nextTrouble('sweep');
    if (trouble !== undefined) this.faults.add('sweep-skipped');
    return trouble !== undefined;
  }
}
