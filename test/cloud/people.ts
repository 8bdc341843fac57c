/** Who there is in a test, and what must hold of whoever was told. */
import type { Cloud } from './cloud.ts';
import type { Publishing } from './eventarc.ts';

/** Recipients that are sent to before what came of it is recorded; the docs promise that a crash repeats no more. */
export const STEP = 250;

export function addressOf(uid: string, device = 0): string {
  return `${uid}:APA91b-device-${device}`;
}

/** `count` users with so many devices each, as documents; their ids in order. */
export async function addPeople(cloud: Cloud, count: number, devices = 1): Promise<string[]> {
  const uids = Array.from({ length: count }, (_, nth) => `u${String(nth).padStart(5, '0')}`);
  const tokens = (uid: string) =>
    Array.from({ length: devices }, (_, device) => addressOf(uid, device));
  await cloud.seed(
    Object.fromEntries(uids.map((uid) => [`users/${uid}`, { tokens: tokens(uid) }])),
  );
  return uids;
}

/** Writes a notice of a shop whose customers these people are, and the author is not: up to 500 are one unit of work. */
export async function tellCustomers(
  cloud: Cloud,
  uids: readonly string[],
  publishing?: Publishing,
): Promise<void> {
  await cloud.seed({ 'shops/s1': { name: 'A shop', customers: uids } });
  const notice = { authorId: 'author', text: 'hello' };
  await cloud.write({ 'shops/s1/notices/n1': notice }, publishing);
}

/** Has each of these offer the customer to bring an order. */
export async function offer(
  cloud: Cloud,
  customer: string,
  couriers: readonly string[],
): Promise<void> {
  await cloud.seed({ [`orders/of-${customer}`]: { customerId: customer, sellerId: customer } });
  await cloud.write(
    Object.fromEntries(
      couriers.map((courier) => [
        `orders/of-${customer}/offers/${courier}`,
        { at: cloud.clock.now() },
      ]),
    ),
  );
}

export interface Doubt {
  readonly crashes: number;
  /** Units of work, which are deliveries or shards, that one instance had under way at a crash. Default 1. */
  readonly units?: number;
}

/**
 * Everybody was told, and doubt was bounded: nobody more than once more for each crash, and for each no more people than one step
 * of each unit that was under way.
 */
export function expectTold(
  cloud: Cloud,
  addresses: readonly string[],
  { crashes, units = 1 }: Doubt,
): void {
  const sends = cloud.sends();
  const lost = addresses.filter((address) => !sends.has(address));
  const most = Math.max(...sends.values());
  const resends = [...sends.values()].reduce((sum, count) => sum + count - 1, 0);
  expect({ lost, most: Math.min(most, 1 + crashes) }).toEqual({ lost: [], most });
  expect(resends).toBeLessThanOrEqual(crashes * units * STEP);
}
