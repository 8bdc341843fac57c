/** Carries a soak out on a running stack: sets the scene, writes the offers, waits for the end, reads what came of it. */

import { createRequire } from 'node:module';
import { join } from 'node:path';

import { waitUntil } from '../stack/condition.ts';
import type * as DeliveryFunctions from '../../kit/src/triggers/delivery.ts';
import type * as Push from '../../kit/src/push.ts';
import type { DeliveryDocument } from '../../kit/src/delivery/delivery-document.ts';
import type { Session } from '../stack/session.ts';
import type { LedgerEntry, Shown, World } from './check.ts';
import type { SoakPlan, SoakUser } from './plan.ts';

/** Offers written at once: as busy as an emulator on a small machine gets without becoming a queue. */
const OFFERS_AT_ONCE = 20;
/** Requests to the simulator at once. */
const REQUESTS_AT_ONCE = 20;
/** Documents per commit. */
const BATCH = 400;
/** As often as in production, where a schedule does it; the emulator has no schedules. */
const SWEEP_EVERY_MS = 60_000;
/** Nothing has moved for so long: it never will. Longer than a lease, after which the sweep resumes what was cut off. */
const STANDSTILL_MS = 7 * 60_000;
const PROGRESS_EVERY_MS = 5_000;

export interface Soak {
  setTheScene(): Promise<void>;
  writeOffers(): Promise<void>;
  /** Resolves when nothing is under way any more, or nothing moves; whether all came to an end is for the check to say. */
  waitForTheEnd(): Promise<void>;
  observe(): Promise<World>;
  close(): Promise<void>;
}

export function createSoak(
  root: string,
  plan: SoakPlan,
  { stack, progress, signal }: Session,
): Soak {
  // The built functions read their settings as they do when deployed.
  Object.assign(process.env, stack.env);
  process.loadEnvFile(join(root, 'functions/.env'));
  const require = createRequire(import.meta.url);
  const built = <T>(path: string): T => require(join(root, 'kit/lib', path)) as T;
  const db = built<typeof Push>('push.js').firestore();
  const deliveries = db.collection('deliveries');

  const simulator = async (method: string, path: string, body?: object): Promise<unknown> => {
    const url = `${stack.env['SIMULATOR_URL']}/simulator${path}`;
    const response = await fetch(url, {
      method,
      signal,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`[${method}] ${url}: ${response.status} ${text}`);
    return text === '' ? undefined : (JSON.parse(text) as unknown);
  };

  const count = async (state?: string): Promise<number> => {
    const query = state === undefined ? deliveries : deliveries.where('state', '==', state);
    return (await query.count().get()).data().count;
  };

  return {
    async setTheScene() {
      const documents = plan.users.flatMap((user) => [
        [`users/${user.uid}`, profileOf(user)] as const,
        [`orders/${user.orderId}`, { customerId: user.uid, sellerId: user.uid }] as const,
      ]);
      for (let start = 0; start < documents.length; start += BATCH) {
        const batch = db.batch();
        for (const [path, data] of documents.slice(start, start + BATCH)) {
          batch.set(db.doc(path), data);
        }
        await batch.commit();
      }
      const devices = plan.users.flatMap((user) => user.devices);
      await eachOf(devices, REQUESTS_AT_ONCE, async ({ address, isLive }) => {
        await simulator('PUT', `/devices/${encodeURIComponent(address)}`, {
          platform: 'android',
          state: isLive ? 'live' : 'unregistered',
        });
      });
      for (const fault of plan.faults) await simulator('POST', '/faults', fault);
    },

    async writeOffers() {
      let written = 0;
      await eachOf(plan.events, OFFERS_AT_ONCE, async ({ owner, courierId }) => {
        signal.throwIfAborted();
        await db
          .doc(`orders/${owner.orderId}/offers/${courierId}`)
          .create({ createdAt: new Date() });
        written += 1;
        if (written % 200 === 0)
          progress.step(`${written} of ${plan.events.length} offers written`);
      });
    },

    async waitForTheEnd() {
      const { sweepDeliveries } = built<typeof DeliveryFunctions>('triggers/delivery.js');
      let last = '';
      let movedAt = performance.now();
      let toldAt = 0;
      let sweptAt = performance.now();
      await waitUntil(async () => {
        signal.throwIfAborted();
        const [entries, done, failed] = await Promise.all([
          count(),
          count('done'),
          count('failed'),
        ]);
        const now = performance.now();
        const standing = `${entries} ${done} ${failed}`;
        if (standing !== last) movedAt = now;
        last = standing;
        if (now - toldAt > PROGRESS_EVERY_MS) {
          toldAt = now;
          const waiting = entries - done - failed;
          progress.step(`${done} of ${plan.events.length} done, ${waiting} under way or waiting`);
        }
        if (now - sweptAt > SWEEP_EVERY_MS) {
          sweptAt = now;
          await sweepDeliveries.run({ scheduleTime: new Date().toISOString() });
        }
        return done + failed >= plan.events.length || now - movedAt > STANDSTILL_MS;
      }, Infinity);
    },

    async observe() {
      for (const fault of (await simulator('GET', '/faults')) as { id: string }[]) {
        await simulator('DELETE', `/faults/${fault.id}`);
      }
      const inboxes = new Map<string, Shown[]>();
      const devices = (await simulator('GET', '/devices?inbox=true')) as DeviceWithInbox[];
      for (const { address, inbox } of devices) {
        inboxes.set(
          address,
          inbox.map(({ data }) => ({ orderId: data['orderId'], courierId: data['courierId'] })),
        );
      }
      const users = await db.collection('users').select('tokens').get();
      const tokens = new Map(users.docs.map((user) => [user.id, user.get('tokens') as string[]]));
      const entries = await deliveries.get();
      return {
        inboxes,
        tokens,
        ledger: entries.docs.map((entry) => entryOf(entry.id, entry.data())),
      };
    },

    async close() {
      await db.terminate();
    },
  };
}

interface DeviceWithInbox {
  address: string;
  inbox: { data: Record<string, unknown> }[];
}

function profileOf({ uid, devices }: SoakUser): object {
  return { displayName: uid, tokens: devices.map(({ address }) => address) };
}

function entryOf(id: string, data: unknown): LedgerEntry {
  const { state, pending, counts } = data as DeliveryDocument;
  return { id, state, pending: pending.length, counts };
}

async function eachOf<T>(
  items: readonly T[],
  atOnce: number,
  step: (item: T) => Promise<void>,
): Promise<void> {
  const rest = items.values();
  const worker = async (): Promise<void> => {
    for (const item of rest) await step(item);
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
}
