/**
 * Topics over the real store and the simulator: joined, left, carried over by a renewed token, gone with the owner.
 */
import { fingerprint } from '../../kit/src/model/address.ts';
import { AccessTokens } from '../../kit/src/providers/fcm/access-token.ts';
import { FcmTopics } from '../../kit/src/providers/fcm/topics.ts';
import { HTTP2_DEFAULTS, Http2Client } from '../../kit/src/providers/http2/client.ts';
import { DeviceStore } from '../../kit/src/devices/device-store.ts';
import { Ownership } from '../../kit/src/devices/ownership.ts';
import {
  MAX_TOPICS_PER_DEVICE,
  toDevice,
  TopicStore,
  type SubscribedDevice,
} from '../../kit/src/topics/topic-store.ts';
import { syncTopics } from '../../kit/src/topics/sync-topics.ts';
import { World } from '../faults/world.ts';

const PHONE = 'phone:APA91b-1';
const TABLET = 'tablet:APA91b-2';
const APNS = 'ab'.repeat(32);

let world: World;
let client: Http2Client;
let store: TopicStore;
let ownership: Ownership;
let known = new Map<string, SubscribedDevice>();

beforeAll(async () => {
  world = await World.create();
  client = new Http2Client({ ...HTTP2_DEFAULTS, origin: world.simulator.url, now: Date.now });
  store = new TopicStore(world.collections);
  ownership = new Ownership({
    collections: world.collections,
    now: Date.now,
    maxTakeoversPerDay: 100,
  });
});
beforeEach(async () => {
  world.simulator.reset();
  await world.emptyDatabase();
  known = new Map();
  await register('ola', PHONE);
  await register('ola', TABLET);
});
afterAll(async () => {
  client.close();
  await world.close();
});

function register(uid: string, address: string, replaces?: string) {
  return ownership.register(uid, { address, facts: {}, replaces });
}

/** Delivers an event for each device record that changed since the last time. */
async function deliverEvents(): Promise<void> {
  const records = await world.db.collection('devices').get();
  const present = new Map(
    records.docs.map((record) => [record.id, toDevice(record) as SubscribedDevice]),
  );
  const before = known;
  known = present;
  const tokens = new AccessTokens(
    { getAccessToken: () => Promise.resolve({ access_token: 't', expires_in: 3600 }) },
    Date.now,
  );
  const fcm = new FcmTopics({ client, tokens }, 'demo-world', Date.now);
  for (const id of new Set([...before.keys(), ...present.keys()])) {
    await syncTopics(before.get(id), present.get(id), {
      read: (record) => store.read(record),
      fcm,
      devices: new DeviceStore(world.collections),
      log: { synced: () => undefined, refused: () => undefined, pruned: () => undefined },
    });
  }
}

function subscribed(address: string): readonly string[] {
  return world.simulator.devices().find((device) => device.address === address)?.topics ?? [];
}

it('all devices of a user join a topic, and leave it', async () => {
  expect(await store.change('ola', 'news', true)).toEqual({ devices: 2, unsupported: 0, full: 0 });
  await deliverEvents();
  expect([subscribed(PHONE), subscribed(TABLET)]).toEqual([['news'], ['news']]);
  await store.change('ola', 'news', false);
  await deliverEvents();
  expect([subscribed(PHONE), subscribed(TABLET)]).toEqual([[], []]);
});

it('one device joins, if it is the caller’s', async () => {
  await store.change('ola', 'news', true, PHONE);
  expect(await store.change('lia', 'news', true, PHONE)).toBeUndefined();
  await deliverEvents();
  expect([subscribed(PHONE), subscribed(TABLET)]).toEqual([['news'], []]);
  expect(await store.list('ola')).toEqual([{ topic: 'news', devices: 1 }]);
  expect(await store.list('lia')).toEqual([]);
});

it('a topic joined again is written once and told once', async () => {
  await store.change('ola', 'news', true, PHONE);
  await deliverEvents();
  await store.change('ola', 'news', true, PHONE);
  await deliverEvents();
  expect(world.simulator.requests({ address: PHONE })).toHaveLength(1);
});

it('topics follow a renewed token, also one that its app had listed itself already', async () => {
  await store.change('ola', 'news', true, PHONE);
  await deliverEvents();
  await register('ola', 'new:APA91b-9', PHONE);
  await store.change('ola', 'sport', true, 'new:APA91b-9');
  await deliverEvents();
  expect([subscribed(PHONE), subscribed('new:APA91b-9')]).toEqual([[], ['news', 'sport']]);
  // Listed by the app, then registered in place of the former one.
  await register('ola', 'newer:APA91b-10');
  await store.change('ola', 'weather', true, 'newer:APA91b-10');
  await register('ola', 'newer:APA91b-10', 'new:APA91b-9');
  await deliverEvents();
  expect([...subscribed('newer:APA91b-10')].sort()).toEqual(['news', 'sport', 'weather']);
});

it('topics end at logout', async () => {
  await store.change('ola', 'news', true, PHONE);
  await deliverEvents();
  await ownership.unregister('ola', PHONE);
  await deliverEvents();
  expect(subscribed(PHONE)).toEqual([]);
});

it('topics end when the device changes hands', async () => {
  await store.change('ola', 'news', true, PHONE);
  await deliverEvents();
  await register('lia', PHONE);
  await deliverEvents();
  expect(subscribed(PHONE)).toEqual([]);
  expect(await store.list('lia')).toEqual([]);
});

it('native APNs tokens cannot join, and are counted', async () => {
  await register('ola', APNS);
  expect(await store.change('ola', 'news', true)).toEqual({ devices: 2, unsupported: 1, full: 0 });
});

it('a device that FCM calls dead is pruned', async () => {
  world.simulator.putDevice(PHONE, { state: 'unregistered' });
  await store.change('ola', 'news', true);
  await deliverEvents();
  expect(await world.tokensOf('ola')).toEqual([TABLET]);
  expect(subscribed(TABLET)).toEqual(['news']);
});

it('what FCM was too busy for is told when the event comes again', async () => {
  world.simulator.addFault({ times: 1, then: { errorCode: 'QUOTA_EXCEEDED' } });
  await store.change('ola', 'news', true, PHONE);
  const before = known;
  await expect(deliverEvents()).rejects.toThrow(fingerprint(PHONE));
  known = before;
  await deliverEvents();
  expect(subscribed(PHONE)).toEqual(['news']);
});

it('a device is in so many topics at most', async () => {
  const topics = Array.from({ length: MAX_TOPICS_PER_DEVICE }, (_, nth) => `t${nth}`);
  for (const record of (await world.db.collection('devices').get()).docs)
    await record.ref.update({ topics });
  expect(await store.change('ola', 'one-more', true)).toEqual({
    devices: 0,
    unsupported: 0,
    full: 2,
  });
  expect(await store.change('ola', 't0', true)).toEqual({ devices: 2, unsupported: 0, full: 0 });
});
