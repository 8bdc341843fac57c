/** The devices the simulator knows, and the topics each is subscribed to. */
import { OldestFirst } from './oldest-first.ts';

/** What a device runs; decides how a message is rendered. */
export const platforms = ['android', 'ios', 'web'] as const;
export type Platform = (typeof platforms)[number];

/**
 * `unregistered`: the app was removed or its address replaced. `expired`: APNs took the address back.
 * Providers refuse sends to both.
 */
export const deviceStates = ['live', 'unregistered', 'expired'] as const;
export type DeviceState = (typeof deviceStates)[number];

/** Which of Apple's two servers knows an address: App Store and TestFlight, or Xcode. */
export const apnsEnvironments = ['production', 'sandbox'] as const;
export type ApnsEnvironment = (typeof apnsEnvironments)[number];

/** One address and the device behind it. Times are milliseconds since 1970. */
export interface Device {
  readonly address: string;
  readonly platform: Platform;
  readonly state: DeviceState;
  /** Since when it is in this state; unset: since it was first seen. */
  readonly since?: number;
  /** Of an APNs address; unset: both servers know it. */
  readonly environment?: ApnsEnvironment;
  /** Bundle id or package name, where it was told. */
  readonly appId?: string;
  /** The Firebase project the address belongs to; a send from another is refused. Unset: any. */
  readonly projectId?: string;
  /** The number on the app's icon. */
  readonly badge: number;
  readonly topics: readonly string[];
  /** True once someone said what this device is; false while it is only known from a send. */
  readonly declared: boolean;
  readonly firstSeenAt: number;
}

/** What can be said of a device; what is left out stays as it is. */
export interface DeviceChange {
  readonly platform?: Platform | undefined;
  readonly state?: DeviceState | undefined;
  /** Milliseconds since 1970; default: now, where the state changes. */
  readonly since?: number | undefined;
  readonly environment?: ApnsEnvironment | undefined;
  readonly appId?: string | undefined;
  readonly projectId?: string | undefined;
  readonly badge?: number | undefined;
  readonly topics?: readonly string[] | undefined;
}

/**
 * The devices by address. Keeps at most `capacity` of those it only knows from sends, the newest;
 * declared devices are never dropped.
 */
export class Devices {
  readonly #capacity: number;
  readonly #defaultPlatform: Platform;
  readonly #devices = new Map<string, Device>();
  readonly #undeclared = new Set<string>();
  readonly #oldestUndeclared = new OldestFirst(this.#undeclared);
  /** By topic, then by address: when it was subscribed, milliseconds since 1970. */
  readonly #subscribers = new Map<string, Map<string, number>>();

  constructor(options: { readonly capacity: number; readonly defaultPlatform: Platform }) {
    this.#capacity = options.capacity;
    this.#defaultPlatform = options.defaultPlatform;
  }

  get(address: string): Device | undefined {
    return this.#devices.get(address);
  }

  /** Every device, in the order they were first heard of. */
  all(): Device[] {
    return [...this.#devices.values()];
  }

  /** Notes an address that a provider was asked to send to; a new one becomes a live device. */
  meet(
    address: string,
    at: number,
    platform = this.#defaultPlatform,
  ): { readonly device: Device; readonly isNew: boolean } {
    const known = this.#devices.get(address);
    if (known !== undefined) return { device: known, isNew: false };
    const device = { ...this.#blank(address, at), platform };
    this.#devices.set(address, device);
    this.#undeclared.add(address);
    if (this.#undeclared.size > this.#capacity) this.#forgetOldestUndeclared();
    return { device, isNew: true };
  }

  /** Makes a device what `change` says; creates it if need be. */
  put(address: string, change: DeviceChange, at: number): Device {
    const before = this.#devices.get(address) ?? this.#blank(address, at);
    const isChanged = change.state !== undefined && change.state !== before.state;
    const device: Device = {
      ...before,
      ...(isChanged && { since: at }),
      ...withoutUndefined(change),
      declared: true,
    };
    this.#undeclared.delete(address);
    this.#devices.set(address, device);
    this.#index(before, device, at);
    return device;
  }

  /** Subscribes a known device to a topic; answers it as it is now, or undefined if it was already. */
  subscribe(address: string, topic: string, at: number): Device | undefined {
    const before = this.#devices.get(address);
    if (before === undefined || before.topics.includes(topic)) return undefined;
    return this.#withTopics(before, [...before.topics, topic], at);
  }

  /** Ends a subscription; answers the device as it is now, or undefined if there was none. */
  unsubscribe(address: string, topic: string): Device | undefined {
    const before = this.#devices.get(address);
    if (before?.topics.includes(topic) !== true) return undefined;
    const topics = before.topics.filter((each) => each !== topic);
    return this.#withTopics(before, topics, before.firstSeenAt);
  }

  /** When a device was subscribed to a topic, milliseconds since 1970; undefined if it is not. */
  subscribedAt(address: string, topic: string): number | undefined {
    return this.#subscribers.get(topic)?.get(address);
  }

  /** Sets the number on the app's icon. */
  setBadge(address: string, badge: number): Device | undefined {
    const device = this.#devices.get(address);
    if (device === undefined || device.badge === badge) return undefined;
    const changed = { ...device, badge };
    this.#devices.set(address, changed);
    return changed;
  }

  /** Forgets one device. Answers whether it was known. */
  remove(address: string): boolean {
    const device = this.#devices.get(address);
    if (device === undefined) return false;
    this.#index(device, { ...device, topics: [] }, device.firstSeenAt);
    this.#undeclared.delete(address);
    return this.#devices.delete(address);
  }

  /** The live devices subscribed to a topic. */
  subscribersOf(topic: string): Device[] {
    const addresses = [...(this.#subscribers.get(topic)?.keys() ?? [])];
    return addresses.flatMap((address) => {
      const device = this.#devices.get(address);
      return device?.state === 'live' ? [device] : [];
    });
  }

  /** The live devices whose topics pass a test. */
  whereTopics(test: (topics: ReadonlySet<string>) => boolean): Device[] {
    return this.all().filter(({ state, topics }) => state === 'live' && test(new Set(topics)));
  }

  clear(): void {
    this.#devices.clear();
    this.#undeclared.clear();
    this.#subscribers.clear();
  }

  #blank(address: string, at: number): Device {
    return {
      address,
      platform: this.#defaultPlatform,
      state: 'live',
      badge: 0,
      topics: [],
      declared: false,
      firstSeenAt: at,
    };
  }

  #forgetOldestUndeclared(): void {
    const oldest = this.#oldestUndeclared.take();
    if (oldest !== undefined) this.remove(oldest);
  }

  #withTopics(before: Device, topics: readonly string[], at: number): Device {
    const device = { ...before, topics };
    this.#devices.set(device.address, device);
    this.#index(before, device, at);
    return device;
  }

  /** Notes what changed between two states of a device; a subscription that stays keeps its time. */
  #index(before: Device, after: Device, at: number): void {
    const { address } = after;
    const kept = new Set(after.topics);
    for (const topic of before.topics) {
      if (kept.has(topic)) continue;
      const subscribers = this.#subscribers.get(topic);
      subscribers?.delete(address);
      if (subscribers?.size === 0) this.#subscribers.delete(topic);
    }
    for (const topic of kept) {
      const subscribers = this.#subscribers.get(topic) ?? new Map<string, number>();
      if (!subscribers.has(address)) subscribers.set(address, at);
      this.#subscribers.set(topic, subscribers);
    }
  }
}

function withoutUndefined(change: DeviceChange): Partial<Device> {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
}
