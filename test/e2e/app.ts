/**
 * The running stack as a test sees it: people with devices on one side, the ledger and the simulator on the other.
 */
import { Firestore } from '@google-cloud/firestore';
import { createDevice, type Device, type Platform } from '../../scripts/demo/device.ts';
import { registrationToken } from '../../scripts/demo/token.ts';
import type { DeliveryDocument } from '../../kit/src/delivery/delivery-document.ts';
import { waitUntil } from '../../scripts/stack/condition.ts';
import { DEFAULT_PORTS } from '../../scripts/stack/ports.ts';

/** A cold function takes a few seconds on a busy machine; a warm one a fraction of one. */
const TIMEOUT_MS = 60_000;

function variable(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') {
    throw new Error(`${name}: expected the running stack in the environment; use \`npm test\`.`);
  }
  return value;
}

function portOf(name: string): number {
  return Number(variable(name).split(':').at(-1));
}

/** What a device shows, as the simulator tells it. */
export interface Shown {
  readonly kind: 'notification' | 'data';
  readonly title?: string;
  readonly body?: string;
  readonly image?: string;
  readonly badge?: number;
  readonly data: Readonly<Record<string, string>>;
}

export interface Person {
  readonly uid: string;
  readonly device: Device;
}

let people = 0;

export class App {
  /** Server side: passes by the rules. */
  readonly db = new Firestore({ projectId: variable('GCLOUD_PROJECT') });
  private readonly devices: Device[] = [];

  async close(): Promise<void> {
    await Promise.all(this.devices.map((device) => device.close()));
    await this.db.terminate();
  }

  /** A device with the app on it; nobody is signed in yet. Its token is like a real one. */
  async device(platform: Platform = 'android'): Promise<Device> {
    people += 1;
    const token = registrationToken(Math.random);
    const device = createDevice(
      `device-${process.pid}-${people}`,
      platform,
      token,
      variable('GCLOUD_PROJECT'),
      {
        ...DEFAULT_PORTS,
        auth: portOf('FIREBASE_AUTH_EMULATOR_HOST'),
        firestore: portOf('FIRESTORE_EMULATOR_HOST'),
        functions: portOf('FUNCTIONS_EMULATOR_HOST'),
      },
      variable('FUNCTIONS_REGION'),
    );
    this.devices.push(device);
    await this.declare(token, { platform, state: 'live' });
    return device;
  }

  /** Somebody new, signed up on one registered device. */
  async person(name: string, platform: Platform = 'android'): Promise<Person> {
    const device = await this.device(platform);
    await device.signUp({ email: `${device.token.slice(0, 22)}@example.com`, password }, name);
    await device.registerByArrayUnion();
    return { uid: device.uid(), device };
  }

  async declare(address: string, change: object): Promise<void> {
    const path = `/simulator/devices/${encodeURIComponent(address)}`;
    const response = await fetch(variable('SIMULATOR_URL') + path, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(change),
    });
    if (!response.ok) throw new Error(`PUT ${path}: ${response.status} ${await response.text()}`);
  }

  inbox(device: Device): Promise<Shown[]> {
    return this.inboxOf(device.token);
  }

  /** What the device of an address shows. */
  async inboxOf(address: string): Promise<Shown[]> {
    const path = `/simulator/devices/${encodeURIComponent(address)}/inbox`;
    const response = await fetch(variable('SIMULATOR_URL') + path);
    return (await response.json()) as Shown[];
  }

  /** Waits until the device shows this many, and returns them. */
  async shows(device: Device, count: number): Promise<Shown[]> {
    let shown: Shown[] = [];
    await until(`${count} pushes on ${device.name}`, async () => {
      shown = await this.inbox(device);
      return shown.length >= count;
    });
    expect(shown).toHaveLength(count);
    return shown;
  }

  /** Waits until the one delivery of this type and data is final, and returns its ledger entry. */
  async delivery(
    type: string,
    matches: (entry: DeliveryDocument & { id: string }) => boolean,
  ): Promise<DeliveryDocument> {
    let found: DeliveryDocument | undefined;
    await until(`the ledger entry of a ${type}`, async () => {
      const entries = await this.db.collection('deliveries').where('type', '==', type).get();
      found = entries.docs
        .map((entry) => ({ id: entry.id, ...(entry.data() as DeliveryDocument) }))
        .find((entry) => entry.state !== 'sending' && matches(entry));
      return found !== undefined;
    });
    return found as DeliveryDocument;
  }
}

export const password = 'correct horse';

/** Waits for a condition; fails with what was waited for. */
export async function until(
  what: string,
  condition: () => boolean | Promise<boolean>,
): Promise<void> {
  if (!(await waitUntil(condition, TIMEOUT_MS))) {
    throw new Error(`Expected ${what} within ${TIMEOUT_MS / 1000} s, but it did not happen.`);
  }
}
