/**
 * Puts the backend together when it is first needed, once an instance: stores, providers, queue, engine.
 */
import { randomUUID } from 'node:crypto';
import { applicationDefault } from 'firebase-admin/app';
import * as config from './config';
import { messages } from '../../functions/src/i18n';
import { apnsLog, engineLog, logMissingMessage, notifyLog } from './log';
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
import type { Broadcaster, Provider } from './providers/provider';
import { ApnsDeviceStore } from './devices/apns-devices';
import { DeviceStore } from './devices/device-store';
import { adminApp, adminFirestore } from './store/firestore';
import { Ledger } from './delivery/ledger';
import { FirestoreAddressBook } from './outbox/pushes';
import { UserStore } from './store/users';
import { cloudTasks } from './store/cloud-tasks';
import { DeliveryEngine } from './delivery/engine';
import { Localiser } from './delivery/localise';
import type { NotifyDeps } from './catalogue/compose';
import { firestoreReader } from './catalogue/reader';

export interface Backend {
  readonly engine: DeliveryEngine;
  readonly notify: NotifyDeps;
  readonly topics: FcmTopics;
}

/** A simulator takes any token; fetching a real one would only leak it there. */
const EMULATED_CREDENTIAL: Credential = {
  getAccessToken: () => Promise.resolve({ access_token: 'owner', expires_in: 3600 }),
};

let made: Backend | undefined;

/** The instance's backend. */
export function backend(): Backend {
  made ??= make();
  return made;
}

function make(): Backend {
  const { now } = Date;
  const db = adminFirestore();
  const ledger = new Ledger({
    db,
    now,
    newClaim: randomUUID,
    leaseMs: config.LEASE_MS,
    retentionMs: config.ledgerRetentionMs(),
  });
  const devices = new DeviceStore(db);
  const apns = apnsProvider(new ApnsDeviceStore(db), now);
  const connection = fcmConnection(now);
  const fcm = fcmProvider(connection, now);
  const engine = new DeliveryEngine({
    ledger,
    devices,
    users: new UserStore(db),
    providers: { fcm, ...(apns === undefined ? {} : { apns }) },
    topics: fcm,
    addressBook: new FirestoreAddressBook(db),
    localiser: new Localiser({
      messages,
      defaultLocale: config.defaultLocale.value(),
      warn: logMissingMessage,
    }),
    tasks: cloudTasks(config.region),
    log: engineLog,
    clock: { now, sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)) },
    random: Math.random,
    shardSize: config.recipientsPerShard(),
  });
  return {
    engine,
    topics: new FcmTopics(connection, config.projectId(), now),
    notify: {
      engine,
      ledger,
      reader: firestoreReader(db),
      load: async (path) => (await db.doc(path).get()).data(),
      now,
      composeRetryMs: config.composeRetryMs(),
      images: config.images(),
      log: notifyLog,
    },
  };
}

/** The one connection to FCM, for pushes and for topics. */
function fcmConnection(now: () => number): FcmConnection {
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

function fcmProvider(connection: FcmConnection, now: () => number): Provider & Broadcaster {
  const site = config.siteUrl();
  const provider = new FcmProvider({
    ...connection,
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
 * @throws {ApnsKeyError} for a key or id that cannot be used: events fail, and come again, until it is mended.
 */
function apnsProvider(devices: ApnsDeviceStore, now: () => number): ApnsProvider | undefined {
  const apns = config.apnsConfig();
  if (apns === undefined) return undefined;
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
