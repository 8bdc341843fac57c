/**
 * The backend as one instance loads it: what `kit/src/push.ts` puts together, with the instance's own clock, waits and wires, and what
 * the functions of `kit/src/triggers` and `kit/src/callables` do with it.
 */
import { loadLocalTimes } from '../../../kit/src/decision/local-times.ts';
import type { Firestore as RealFirestore } from '@google-cloud/firestore';
import {
  composeAgain,
  notify,
  type CreatedDocument,
  type NotifyDeps,
} from '../../../kit/src/catalogue/compose.ts';
import { firestoreReader } from '../../../kit/src/catalogue/reader.ts';
import { NO_LIMITS, type Limits } from '../../../kit/src/decision/limits.ts';
import { LEASE_MS } from '../../../kit/src/delivery/deadline.ts';
import type { EngineLog } from '../../../kit/src/delivery/deps.ts';
import { DeliveryEngine } from '../../../kit/src/delivery/engine.ts';
import { NOT_COMPOSED } from '../../../kit/src/delivery/give-up.ts';
import { Digests } from '../../../kit/src/delivery/digests.ts';
import { Ledger } from '../../../kit/src/delivery/ledger.ts';
import { Localiser } from '../../../kit/src/delivery/localise.ts';
import { deliveryTaskSchema, taskId, type TaskQueue } from '../../../kit/src/delivery/tasks.ts';
import { AddressRemoval } from '../../../kit/src/devices/address-removal.ts';
import { ApnsDeviceStore } from '../../../kit/src/devices/apns-devices.ts';
import { DeviceStore } from '../../../kit/src/devices/device-store.ts';
import {
  forgetDeletedAccount,
  type Accounts,
  type ForgetDeps,
} from '../../../kit/src/devices/forget-account.ts';
import { Ownership } from '../../../kit/src/devices/ownership.ts';
import {
  reconcileTokens,
  type ReconcileDeps,
  type TokensEvent,
} from '../../../kit/src/devices/reconcile-tokens.ts';
import { sweepStale, type StaleSweepDeps } from '../../../kit/src/devices/sweep-stale.ts';
import { HOUR_MS } from '../../../kit/src/model/durations.ts';
import { Outbox, type OutboxDeps } from '../../../kit/src/outbox/outbox.ts';
import type { PushDocument } from '../../../kit/src/outbox/push-document.ts';
import { endingIn } from '../../../kit/src/outbox/push-ending.ts';
import { FirestoreAddressBook, PushStore } from '../../../kit/src/outbox/pushes.ts';
import { pushTaskId, pushTaskSchema, type PushTask } from '../../../kit/src/outbox/tasks.ts';
import type { ApnsSettings } from '../../../kit/src/providers/apns/batch.ts';
import { ApnsProvider } from '../../../kit/src/providers/apns/provider.ts';
import { AccessTokens } from '../../../kit/src/providers/fcm/access-token.ts';
import type { FcmConnection } from '../../../kit/src/providers/fcm/call.ts';
import { FcmProvider } from '../../../kit/src/providers/fcm/provider.ts';
import { Collections } from '../../../kit/src/store/collections.ts';
import { UserStore } from '../../../kit/src/store/users.ts';
import { Firestore } from '../firestore/client.ts';
import type { Server } from '../firestore/server.ts';
import type { Wire } from '../firestore/wire.ts';
import type { Instance } from '../platform/instance.ts';
import { DEFINITIONS, MESSAGES, type Kind } from './catalogue.ts';

/** Deliveries and pushes that a sweep takes on, as in the triggers. */
const SWEEP_LIMIT = 500;
const DAY_MS = 24 * 60 * 60_000;
const COMPOSE_RETRY_MS = 60 * 60_000;
/** Devices read at a time by the daily sweep. */
const PAGE_SIZE = 2;
const SWEEP_MS = 480_000;

/** As they are by default; worlds have few people, and documents that are created once. */
const LIMITS: Limits = {
  perMinute: 1_000,
  perDay: 20_000,
  repeatMs: HOUR_MS,
  recipientPerHour: 0,
};

/** What every world's deployment has set. */
export interface AppSettings {
  readonly shardSize: number;
  readonly maxTakeoversPerDay: number;
  readonly maxAddressesPerUser: number;
  readonly staleDeviceDays: number;
  readonly ledgerDays: number;
  readonly isUnlimited?: true;
}

/** How an instance reaches the world. */
export interface AppWires {
  readonly instance: Instance;
  readonly server: Server;
  readonly wire: Wire;
  readonly random: () => number;
  readonly fcm: FcmConnection['client'];
  readonly apns: FcmConnection['client'];
  readonly apnsSandbox: FcmConnection['client'];
  /** Enqueues a task of one of the two queues; one of that name that is there already is no error. */
  readonly enqueue: (
    queue: 'deliveries' | 'pushes',
    task: object,
    name: string,
    at: number,
  ) => Promise<void>;
  readonly accounts: Pick<Accounts, 'exists'>;
  /** Takes note of what is logged. */
  readonly say: (...words: readonly unknown[]) => void;
  readonly newClaim: () => string;
}

export class App {
  readonly ledger: Ledger;
  private readonly engine: DeliveryEngine;
  private readonly outbox: Outbox;
  private readonly ownership: Ownership;
  private readonly removal: AddressRemoval;
  private readonly devices: DeviceStore;
  private readonly notifyDeps: NotifyDeps;
  private readonly wires: AppWires;
  private readonly settings: AppSettings;

  constructor(wires: AppWires, settings: AppSettings) {
    this.wires = wires;
    this.settings = settings;
    const { instance, server, wire, random, say } = wires;
    const { now, sleep } = instance;
    const clock = { now, sleep };
    const retentionMs = settings.ledgerDays * DAY_MS;
    const db = new Firestore(server, wire) as unknown as RealFirestore;
    const collections = new Collections(db);
    this.ledger = new Ledger({
      collections,
      now,
      newClaim: wires.newClaim,
      leaseMs: LEASE_MS,
      retentionMs,
      endingInPush: endingIn,
    });
    this.devices = new DeviceStore(collections);
    this.removal = new AddressRemoval(collections);
    this.ownership = new Ownership({
      collections,
      now,
      maxTakeoversPerDay: settings.maxTakeoversPerDay,
    });
    const fcm = new FcmProvider({
      client: wires.fcm,
      tokens: new AccessTokens(CREDENTIAL, now),
      projectId: 'universe',
      now,
    });
    const apns = new ApnsProvider({
      servers: { production: { client: wires.apns }, sandbox: { client: wires.apnsSandbox } },
      tokens: PROVIDER_TOKENS,
      devices: new ApnsDeviceStore(collections),
      environment: 'production',
      bundleId: 'app.universe',
      now,
      log: apnsLog(say),
    });
    const tasks: TaskQueue = {
      enqueue: (task, at) => wires.enqueue('deliveries', task, taskId(task), at ?? now()),
    };
    this.engine = new DeliveryEngine({
      ledger: this.ledger,
      devices: this.devices,
      users: new UserStore(collections),
      providers: { fcm, apns },
      topics: fcm,
      addressBook: new FirestoreAddressBook(collections),
      localiser: LOCALISER,
      localTimes: LOCAL_TIMES,
      digests: new Digests(collections, now, wires.newClaim),
      recompose: (event) => {
        const definition = DEFINITIONS[event.type as Kind];
        return definition === undefined
          ? Promise.resolve({ kind: 'failed', failure: NOT_COMPOSED })
          : composeAgain(definition, event, this.notifyDeps);
      },
      tasks,
      log: engineLog(say),
      clock,
      random,
      limits: settings.isUnlimited === true ? NO_LIMITS : LIMITS,
      shardSize: settings.shardSize,
    });
    this.notifyDeps = {
      engine: this.engine,
      ledger: this.ledger,
      reader: firestoreReader(db),
      load: async (path) => (await db.doc(path).get()).data(),
      now,
      composeRetryMs: COMPOSE_RETRY_MS,
      log: notifyLog(say),
      recordNobody: 'none',
    };
    this.outbox = new Outbox({
      pushes: new PushStore(collections),
      pathOf: (id) => `pushes/${id}`,
      engine: this.engine,
      queue: {
        enqueue: (task: PushTask) => wires.enqueue('pushes', task, pushTaskId(task), task.at),
      },
      clock,
      retentionMs,
      log: outboxLog(say),
    });
  }

  /** A document of the catalogue was created. */
  notify(kind: Kind, event: CreatedDocument): Promise<void> {
    return notify(DEFINITIONS[kind], event, this.notifyDeps);
  }

  /** `users/{uid}` was written. */
  claimTokens(event: TokensEvent): Promise<void> {
    return reconcileTokens(event, {
      ownership: this.ownership,
      removal: this.removal,
      maxAddresses: this.settings.maxAddressesPerUser,
      log: reconcileLog(this.wires.say),
    });
  }

  /** `pushes/{id}` was written. */
  sendPush(id: string, document: PushDocument | undefined): Promise<void> {
    return this.outbox.onWritten(id, document);
  }

  runDelivery(task: unknown): Promise<void> {
    return this.engine.run(deliveryTaskSchema().parse(task));
  }

  runPush(task: unknown): Promise<void> {
    return this.outbox.run(pushTaskSchema().parse(task));
  }

  async sweepDeliveries(): Promise<void> {
    await this.engine.sweep(SWEEP_LIMIT);
  }

  async sweepPushes(): Promise<void> {
    await this.outbox.sweep(SWEEP_LIMIT);
  }

  /** What `registerToken` does. */
  async register(
    uid: string,
    address: string,
    replaces?: string,
    isAnonymous = false,
  ): Promise<void> {
    const registered = await this.ownership.register(uid, {
      address,
      replaces,
      facts: {},
      isAnonymous,
    });
    const max = this.settings.maxAddressesPerUser;
    if (registered.listed > max) await this.removal.tidy(uid, max, registered.address);
  }

  async unregister(uid: string, address: string): Promise<void> {
    await this.ownership.unregister(uid, address);
  }

  async unregisterAll(uid: string): Promise<void> {
    await this.removal.unregisterAll(uid);
  }

  /** An account was deleted. */
  forget(uid: string): Promise<void> {
    return forgetDeletedAccount(
      uid,
      { isEnabled: true, deleteDocument: false },
      {
        accounts: this.wires.accounts,
        removal: this.removal,
        log: forgetLog(this.wires.say),
      },
    );
  }

  async sweepStale(): Promise<void> {
    const { now } = this.wires.instance;
    const { staleDeviceDays: days } = this.settings;
    await sweepStale(
      {
        rules: [
          { refreshedBy: 'call', days },
          { refreshedBy: 'array', days },
        ],
        isDryRun: false,
        pageSize: PAGE_SIZE,
        until: now() + SWEEP_MS,
      },
      { devices: this.devices, now, log: sweepLog(this.wires.say) },
    );
  }
}

/** It only remembers what it has parsed, and parsing would be much of the work. */
const LOCALISER = new Localiser({
  messages: MESSAGES,
  defaultLocale: 'en',
  warn: ({ key }) => {
    throw new Error(`The message ${key} is missing.`);
  },
});

const TIMES = loadLocalTimes('UTC');
const LOCAL_TIMES = () => TIMES;

const CREDENTIAL = {
  getAccessToken: () => Promise.resolve({ access_token: 'ya29.universe', expires_in: 3600 }),
};

/** Signing a token of Apple's for each instance of each world would be most of the work; `provider-token.test.ts` is about them. */
const PROVIDER_TOKENS = {
  get: () => 'provider-token',
  expired: () => 0,
  tooManyUpdates: () => undefined,
};

/**
 * Makes logs of these words: whatever is said goes to `say`, with the word before it. By a prototype, because a closure for each word
 * of each instance is a tenth of a world's memory.
 */
function logOf<Log>(words: readonly (keyof Log & string)[]): (say: AppWires['say']) => Log {
  class Saying {
    readonly say: AppWires['say'];

    constructor(say: AppWires['say']) {
      this.say = say;
    }
  }
  for (const word of words) {
    Object.defineProperty(Saying.prototype, word, {
      value(this: Saying, ...about: readonly unknown[]) {
        this.say(word, ...about);
      },
    });
  }
  return (say) => new Saying(say) as Log;
}

const engineLog = logOf<EngineLog>([
  ...(['finished', 'retryScheduled', 'pruned', 'breakerTripped', 'pruneFailed'] as const),
  ...(['rejected', 'configurationRefused', 'held', 'recordedPlainly'] as const),
  ...(['notLookedUpAgain', 'stepNotRecorded', 'notEnqueued', 'leaseKept'] as const),
  ...(['limitsUnread', 'waitsForBudget'] as const),
]);
const notifyLog = logOf<NotifyDeps['log']>([
  ...(['unusableEvent', 'composeFailed', 'nothingToTell', 'pictureLeftOut', 'notNoted'] as const),
]);
const outboxLog = logOf<OutboxDeps['log']>(['planned', 'swept', 'unwritable']);
const reconcileLog = logOf<ReconcileDeps['log']>(['reconciled', 'tidied', 'skipped']);
const forgetLog = logOf<ForgetDeps['log']>(['forgotten', 'wouldForget', 'alive']);
const sweepLog = logOf<StaleSweepDeps['log']>(['sweepFailed', 'wouldDrop']);
const apnsLog = logOf<ApnsSettings['log']>([
  ...(['environmentLearned', 'environmentNotKept', 'deviceFactsUnreadable'] as const),
]);
