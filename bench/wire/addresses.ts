/** Made-up addresses that look like real ones; some are dead, and only the provider and the checks know which. */

/** An address that begins so is answered as unregistered. Hexadecimal, so that APNs tokens can begin so, too. */
const DEAD = 'dead';
/** One address in so many is dead in bulk sends: enough to see that outcomes are in order. */
const DEAD_EVERY = 100;

/** An FCM registration token as long as those of today, 163 characters. */
export function fcmAddress(index: number, dead = false): string {
  const id = String(index).padStart(18, '0');
  return flat(`${dead ? DEAD : 'live'}${id}:APA91b${'x'.repeat(116)}${id}`);
}

/** An APNs device token: 64 hexadecimal digits. */
export function apnsAddress(index: number, dead = false): string {
  return flat(`${dead ? DEAD : 'beef'}${index.toString(16).padStart(60, '0')}`);
}

/** As strings that come from the network are; V8 makes those put together a tree that the sender would pay to flatten. */
function flat(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1');
}

export function isDead(address: string): boolean {
  return address.startsWith(DEAD);
}

/** So many addresses beginning at `first`, one in a hundred dead. */
export function addressList(
  kind: 'fcm' | 'apns',
  count: number,
  first = 0,
  deadEvery = DEAD_EVERY,
): string[] {
  const address = kind === 'fcm' ? fcmAddress : apnsAddress;
  return Array.from({ length: count }, (_, index) =>
    address(first + index, index % deadEvery === deadEvery - 1),
  );
}
