/**
 * Puts the backend together when it is first needed, once an instance: stores, providers, queue, engine.
 */
import { applicationDefault } from 'firebase-admin/app';
import * as config from '../config';
import { engineLog, notifyLog } from '../log';
import { AccessTokens, type Credential } from '../providers/fcm/access-token';
import { FcmProvider } from '../providers/fcm/provider';
import { HTTP2_DEFAULTS, Http2Client } from '../providers/http2/client';
import { DeviceStore } from '../store/devices';
import { adminApp, adminFirestore } from '../store/firestore';
import { Ledger } from '../store/ledger';
import { UserStore } from '../store/users';
import { cloudTasks } from './cloud-tasks';
import { DeliveryEngine } from './engine';
import type { NotifyDeps } from './notify';
import { firestoreReader } from './reader';

export interface Backend {
  readonly engine: DeliveryEngine;
  readonly devices: DeviceStore;
  readonly notify: NotifyDeps;
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
    leaseMs: config.LEASE_MS,
    retentionMs: config.ledgerRetentionMs(),
  });
  const devices = new DeviceStore(db);
  const engine = new DeliveryEngine({
    ledger,
    devices,
    users: new UserStore(db),
    providers: { fcm: fcmProvider(now) },
    tasks: cloudTasks(config.region.value()),
    log: engineLog,
    clock: { now, sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)) },
    random: Math.random,
    shardSize: config.shardSize.value(),
  });
  return {
    engine,
    devices,
    notify: {
      engine,
      ledger,
      reader: firestoreReader(db),
      now,
      composeRetryMs: config.composeRetryMs(),
      log: notifyLog,
    },
  };
}

function fcmProvider(now: () => number): FcmProvider {
  const { origin, emulated } = config.fcmEndpoint();
  const credential = emulated
    ? EMULATED_CREDENTIAL
    : (adminApp().options.credential ?? applicationDefault());
  return new FcmProvider({
    projectId: config.projectId(),
    client: new Http2Client({ ...HTTP2_DEFAULTS, origin, now }),
    tokens: new AccessTokens(credential, now),
    now,
  });
}
