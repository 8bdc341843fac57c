/**
 * Puts everything together, each part when it is first needed, once an instance; and takes the choices that an app makes in code.
 *
 * The only file with state of its own.
 */
import { randomUUID } from 'node:crypto';
import { applicationDefault } from 'firebase-admin/app';
import * as config from './config';
import * as settings from './settings';
import type { WithdrawDeps } from './catalogue/withdraw';
import { firestoreReader } from './catalogue/reader';
import { deliveryLog, type DeliveryLog } from './delivery-log';
import { loadLocalTimes } from './decision/local-times';
import { LEASE_MS } from './delivery/deadline';
import type { Recomposed } from './delivery/deps';
import { Digests } from './delivery/digests';
import { DeliveryEngine } from './delivery/engine';
import { NOT_COMPOSED } from './delivery/give-up';
import { Ledger } from './delivery/ledger';
import type { NotedEvent } from './delivery/ledger-notes';
import { Localiser } from './delivery/localise';
import { taskId, type TaskQueue } from './delivery/tasks';
import { firebaseAccounts } from './devices/accounts';
import { ApnsDeviceStore } from './devices/apns-devices';
import { AddressRemoval } from './devices/address-removal';
import { DeviceStore } from './devices/device-store';
import type { Accounts } from './devices/forget-account';
import { Ownership } from './devices/ownership';
import { apnsLog, logApnsKeyMissing, logMissingMessage, outboxLog } from './log';
import { idsOf } from './model/document-id';
import type { MessageCatalogue } from './model/message-catalogue';
import { choiceOf, isKindName, type Kind } from './model/notification/kind';
import { RateLimit } from './model/rate-limit';
import { Outbox } from './outbox/outbox';
import { endingIn } from './outbox/push-ending';
import { FirestoreAddressBook, PushStore } from './outbox/pushes';
import { pushTaskId, type PushQueue } from './outbox/tasks';
import type { ApnsEndpoint } from './providers/apns/from-env';
import { appleId, parseApnsKey, simulatedKey } from './providers/apns/key';
import { APNS_CONNECTION, ApnsProvider } from './providers/apns/provider';
import { ProviderTokens } from './providers/apns/provider-token';
import { AccessTokens, type Credential } from './providers/fcm/access-token';
import { renewable } from './providers/fcm/admin-credential';
import type { FcmConnection } from './providers/fcm/call';
import { inExperience } from './providers/fcm/expo';
import { FcmTopics } from './providers/fcm/topics';
import { FcmProvider } from './providers/fcm/provider';
import { HTTP2_DEFAULTS, Http2Client } from './providers/http2/client';
import { once } from './model/once';
import type { Broadcaster, Provider } from './providers/provider';
import { CloudTasksQueue } from './store/cloud-tasks';
import { Collections } from './store/collections';
import { creationTime } from './store/creation-time';
import { adminApp, openFirestore } from './store/firestore';
import { PreferenceStore } from './store/preferences';
import { UserStore } from './store/users';
import { TopicStore } from './topics/topic-store';

/** What an app chooses in code, besides its settings. */
export interface PushChoices {
  /**
   * The texts of pushes by locale, in ICU message syntax: `{ en: { 'like.title': '{name} liked your post' } }`. Default: none, so that
   * every notification contains its texts itself.
   */
  readonly messages?: MessageCatalogue;
  /** Topics that any user may join, besides those that `TOPICS_ALLOWED` opens. Default: none. */
  readonly topics?: readonly string[];
  /**
   * Kinds of notifications that only the outbox sends, as their `type` names them: for settings screens, and for how they reach people
   * who did not say how they want them. Default: none.
   */
  readonly kinds?: readonly Kind[];
}

let choices: Required<PushChoices> = { messages: {}, topics: [], kinds: [] };

/**
 * Sets an app's choices. Call it once, where the functions are declared, before anything is sent.
 *
 * @throws when `DEFAULT_LOCALE` has no messages, or the name of a topic or kind is invalid; `firebase deploy` then stops.
 * @example
 * ```ts
 * import { configurePush } from '@firestore-push/push/lib';
 *
 * configurePush({
 *   messages: { en: { 'like.title': '{name} liked your post' } },
 *   topics: ['announcements'],
 * });
 * ```
 */
export function configurePush(chosen: PushChoices): void {
  const { messages = {}, topics = [], kinds = [] } = chosen;
  config.checkDefaultLocale(Object.keys(messages));
  config.topicPolicyOf(topics);
  checkKinds(kinds);
  choices = { messages, topics, kinds };
}

function checkKinds(kinds: readonly Kind[]): void {
  const names = new Set<string>();
  for (const { name } of kinds) {
    if (!isKindName(name)) {
      throw new Error(
        `configurePush({ kinds }): expected names of 1 to 64 of a-z A-Z 0-9 - _, got "${name}".`,
      );
    }
    if (names.has(name)) {
      throw new Error(`configurePush({ kinds }): expected each kind once, got "${name}" twice.`);
    }
    names.add(name);
  }
}

/** A notification of this deployment: as a kind, and as far as an event is composed once more. */
interface Declared {
  readonly kind: Kind;
  /** Path of its documents. */
  readonly document: string;
  readonly composeAgain: (event: NotedEvent) => Promise<Recomposed>;
}

const declared: Declared[] = [];

/** Makes a notification known to all functions of this deployment; whatever is deployed from one codebase is loaded by each of them. */
export function declareNotification(notification: Declared): void {
  declared.push(notification);
}

function recompose(event: NotedEvent): Promise<Recomposed> {
  const { type, document: path = '' } = event;
  const found = declared.find(
    (each) => each.kind.name === type && idsOf(each.document, path) !== undefined,
  );
  return (
    found?.composeAgain(event) ??
    Promise.resolve({ kind: 'failed', failure: NOT_COMPOSED } as const)
  );
}

/** Every kind that this deployment declares, each once: where two say something else, the first, and triggers before others. */
function knownKinds(): Kind[] {
  const kinds = new Map<string, Kind>();
  for (const kind of [...declared.map((each) => each.kind), ...choices.kinds]) {
    if (!kinds.has(kind.name)) kinds.set(kind.name, kind);
  }
  return [...kinds.values()];
}

export interface Delivery {
  readonly engine: DeliveryEngine;
  readonly notify: WithdrawDeps;
  readonly log: DeliveryLog;
}

export interface Devices {
  readonly ownership: Ownership;
  readonly removal: AddressRemoval;
  readonly devices: DeviceStore;
  readonly users: UserStore;
  readonly accounts: Accounts;
}

export interface Topics {
  readonly store: TopicStore;
  readonly fcm: FcmTopics;
  /** Whether any user may join it. */
  readonly isOpen: (topic: string) => boolean;
}

export interface PreferencesParts {
  readonly store: PreferenceStore;
  /** Every kind that this deployment declares. */
  readonly kinds: () => readonly Kind[];
}

/** Callers whose rate is known: about 200 bytes each. */
const USERS_REMEMBERED = 10_000;

/** A simulator takes any token; fetching a real one would only leak it there. */
const EMULATED_CREDENTIAL: Credential = {
  getAccessToken: () => Promise.resolve({ access_token: 'owner', expires_in: 3600 }),
};

const CLOCK = {
  now: Date.now,
  sleep: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
};

/** The app's Firestore, one connection for everything. */
export const firestore = once(() => openFirestore(adminApp(), config.names().database));
/** What this deployment keeps there, by the names that it was given. */
export const collections = once(() => new Collections(firestore(), config.names()));
/** The engine, and what a catalogue entry needs to hand something to it. */
export const delivery = once(makeDelivery);
/** Whose addresses are whose. */
export const devices = once(makeDevices);
/** Topics of devices. */
export const topics = once(makeTopics);
/** What people want to hear. */
export const preferences = once((): PreferencesParts => ({
  store: new PreferenceStore(collections()),
  kinds: knownKinds,
}));
/** Puts texts into people's languages. */
export const localiser = once(makeLocaliser);
/** Sending from a document. */
export const outbox = once(makeOutbox);
/** Who calls too often. */
export const callLimit = once(makeCallLimit);
/** The one connection to FCM, for pushes and for topics. */
const fcmConnection = once(makeFcmConnection);

function makeDelivery(): Delivery {
  const { now } = CLOCK;
  const db = firestore();
  const ledger = new Ledger({
    collections: collections(),
    now,
    newClaim: randomUUID,
    leaseMs: LEASE_MS,
    retentionMs: config.ledgerRetentionMs(),
    endingInPush: endingIn,
  });
  const log = deliveryLog(config.projectId());
  const apns = apnsProvider(new ApnsDeviceStore(collections()), now);
  const fcm = fcmProvider(now);
  const silentChannelId = settings.silentChannelId.value();
  const engine = new DeliveryEngine({
    ledger,
    devices: new DeviceStore(collections()),
    users: new UserStore(collections()),
    digests: new Digests(collections(), now, randomUUID),
    providers: { fcm, ...(apns === undefined ? {} : { apns }) },
    topics: fcm,
    addressBook: new FirestoreAddressBook(collections()),
    localiser: localiser(),
    localTimes: once(() => loadLocalTimes(settings.defaultTimeZone.value() || 'UTC')),
    ...(silentChannelId === '' ? {} : { silentChannelId }),
    recompose,
    createdAt: creationTime(db),
    tasks: deliveryQueue(),
    log: log.engine,
    clock: CLOCK,
    random: Math.random,
    limits: config.limits(),
    shardSize: config.recipientsPerShard(),
  });
  return {
    engine,
    log,
    notify: {
      engine,
      ledger,
      reader: firestoreReader(db),
      load: async (path) => (await db.doc(path).get()).data(),
      createdAt: creationTime(db),
      ...{ now, sleep: CLOCK.sleep },
      composeRetryMs: config.composeRetryMs(),
      images: config.images(),
      log: log.notify,
      recordNobody: config.recordNobody(),
    },
  };
}

function makeLocaliser(): Localiser {
  return new Localiser({
    messages: choices.messages,
    defaultLocale: settings.defaultLocale.value(),
    warn: logMissingMessage,
  });
}

function makeDevices(): Devices {
  const maxTakeoversPerDay = settings.maxTakeoversPerDay.value();
  return {
    ownership: new Ownership({
      collections: collections(),
      now: CLOCK.now,
      maxTakeoversPerDay,
    }),
    removal: new AddressRemoval(collections()),
    devices: new DeviceStore(collections()),
    users: new UserStore(collections()),
    accounts: firebaseAccounts(adminApp()),
  };
}

function makeTopics(): Topics {
  return {
    store: new TopicStore(collections()),
    fcm: new FcmTopics(fcmConnection(), config.projectId(), CLOCK.now),
    isOpen: config.topicPolicyOf(choices.topics),
  };
}

function makeOutbox(): Outbox {
  return new Outbox({
    pushes: new PushStore(collections()),
    pathOf: (id) => collections().pushes.doc(id).path,
    engine: delivery().engine,
    queue: pushQueue(),
    clock: CLOCK,
    retentionMs: config.ledgerRetentionMs(),
    images: config.images(),
    choiceOf: (type) => choiceOf(knownKinds().find(({ name }) => name === type) ?? {}),
    log: outboxLog,
  });
}

function makeCallLimit(): RateLimit {
  return new RateLimit({
    perMinute: settings.callsPerMinute.value(),
    now: CLOCK.now,
    maxUsers: USERS_REMEMBERED,
  });
}

/** Cloud Tasks as the engine's queue. */
function deliveryQueue(): TaskQueue {
  const queue = cloudTasks('deliveryTasks');
  return { enqueue: (task, at) => queue().enqueueOnce(task, taskId(task), at) };
}

/** Cloud Tasks as the queue of scheduled pushes. */
function pushQueue(): PushQueue {
  const queue = cloudTasks('pushTasks');
  return { enqueue: (task) => queue().enqueueOnce(task, pushTaskId(task), task.at) };
}

/**
 * The queue of a function of this deployment.
 *
 * @param name the name by which `index.ts` exports it.
 */
function cloudTasks(name: 'deliveryTasks' | 'pushTasks'): () => CloudTasksQueue {
  // Most events enqueue nothing; what cannot be told of the names must not cost them their push.
  return once(() => new CloudTasksQueue(config.region(), config.functionIds(name)));
}

function makeFcmConnection(): FcmConnection {
  const { now } = CLOCK;
  const { origin, emulated } = config.fcmEndpoint();
  // Neither asks anybody for anything before the first push to an FCM address.
  const credential = emulated
    ? EMULATED_CREDENTIAL
    : renewable(adminApp().options.credential ?? applicationDefault());
  return {
    client: new Http2Client({ ...HTTP2_DEFAULTS, origin, now }),
    tokens: new AccessTokens(credential, now),
  };
}

function fcmProvider(now: () => number): Provider & Broadcaster {
  const site = config.siteUrl();
  const provider = new FcmProvider({
    ...fcmConnection(),
    projectId: config.projectId(),
    now,
    ...(site === undefined ? {} : { site }),
  });
  const experienceId = config.defaultExperienceId();
  return experienceId === undefined ? provider : inExperience(provider, experienceId);
}

/**
 * Absent where no APNs key is configured.
 *
 * @throws {ApnsKeyError} for a key or id that cannot be used: events fail, and are repeated, until it is fixed.
 */
function apnsProvider(devices: ApnsDeviceStore, now: () => number): ApnsProvider | undefined {
  const apns = config.apnsConfig();
  if (apns === undefined) return undefined;
  if (apns.key === '') {
    // APNS_KEY_ID was answered to a question of the deploy, when it was too late to declare the secret.
    logApnsKeyMissing();
    return undefined;
  }
  const server = ({ origin, authority }: ApnsEndpoint) => ({
    client: new Http2Client({ ...APNS_CONNECTION, origin, now }),
    ...(authority === undefined ? {} : { authority }),
  });
  const experienceId = config.defaultExperienceId();
  return new ApnsProvider({
    servers: {
      production: server(apns.endpoints.production),
      sandbox: server(apns.endpoints.sandbox),
    },
    tokens: new ProviderTokens({
      key: apns.key === undefined ? simulatedKey() : parseApnsKey(apns.key),
      keyId: appleId('APNS_KEY_ID', apns.keyId),
      teamId: appleId('APNS_TEAM_ID', apns.teamId),
      now,
    }),
    devices,
    environment: apns.environment,
    ...(apns.bundleId === undefined ? {} : { bundleId: apns.bundleId }),
    ...(experienceId === undefined ? {} : { experienceId }),
    now,
    log: apnsLog,
  });
}
