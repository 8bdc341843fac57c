/**
 * People who use the team's app, each on a phone of their own, with the Firebase client SDK; and what their phones show.
 */
import { createDevice, type Device } from '../../scripts/demo/device.ts';
import { registrationToken } from '../../scripts/demo/token.ts';
import { waitUntil } from '../../scripts/stack/condition.ts';
import { HOST, type Ports } from '../../scripts/stack/ports.ts';
import { PROJECT_ID, REGION } from './team.ts';

/** A function's first call on a busy machine takes some seconds, and a push is the work of several. */
const TIMEOUT_MS = 90_000;

export class People {
  private readonly ports: Ports;
  private readonly devices: Device[] = [];
  private readonly accounts = new Set<string>();

  constructor(ports: Ports) {
    this.ports = ports;
  }

  /** Somebody signed in on a phone that is on and online; on another one, if this person has one already. */
  async signedIn(name: string): Promise<Device> {
    const token = registrationToken(Math.random);
    const phone = `${name} ${this.devices.length}`;
    const device = createDevice(phone, 'android', token, PROJECT_ID, this.ports, REGION);
    this.devices.push(device);
    await this.ask('PUT', `simulator/devices/${encodeURIComponent(token)}`, this.ports.simulator, {
      platform: 'android',
      state: 'live',
    });
    const account = { email: `${name.toLowerCase()}@example.com`, password: 'correct horse' };
    if (!this.accounts.has(name)) {
      const signUp = 'identitytoolkit.googleapis.com/v1/accounts:signUp?key=any';
      await this.ask('POST', signUp, this.ports.auth, account);
      this.accounts.add(name);
    }
    await device.signIn(account);
    return device;
  }

  /** The same, registered with one installation of the kit, by the prefix of its functions. */
  async registered(name: string, prefix: string): Promise<Device> {
    const device = await this.signedIn(name);
    const { token, platform } = device;
    await device.call(`${prefix}-registerToken`, { address: token, platform });
    return device;
  }

  /** Titles of what a phone shows. */
  async titles({ token }: Device): Promise<readonly string[]> {
    const path = `simulator/devices/${encodeURIComponent(token)}/inbox`;
    const shown = (await this.ask('GET', path, this.ports.simulator)) as { title: string }[];
    return shown.map(({ title }) => title);
  }

  /** Waits until a phone shows something with this title. */
  async shows(device: Device, title: string): Promise<void> {
    await until(`"${title}" on ${device.name}'s phone`, async () =>
      (await this.titles(device)).includes(title),
    );
  }

  async close(): Promise<void> {
    await Promise.all(this.devices.map((device) => device.close()));
  }

  private async ask(method: string, path: string, port: number, body?: object): Promise<unknown> {
    const response = await fetch(`http://${HOST}:${port}/${path}`, {
      method,
      ...(body && {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    });
    if (!response.ok)
      throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    return response.json();
  }
}

/** Waits for a condition; fails with what was waited for. */
export async function until(what: string, condition: () => Promise<boolean>): Promise<void> {
  if (await waitUntil(condition, TIMEOUT_MS)) return;
  throw new Error(`Expected ${what} within ${TIMEOUT_MS / 1000} s, but it did not happen.`);
}
