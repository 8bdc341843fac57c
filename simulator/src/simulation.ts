/** Everything that can be asked of or done to the simulator; REST and code use the same. */
import type { ApnsProvider } from './apns/apns.ts';
import type { ApnsKey } from './apns/provider-token.ts';
import { apnsKey, deviceChange, InvalidInput, parseInput } from './control-schema.ts';
import { deviceName } from './device-name.ts';
import type { Device, DeviceChange } from './devices.ts';
import type { Listener } from './events.ts';
import { faultSchema, type FaultSpec, type ParsedFault } from './fault-spec.ts';
import type { Fault } from './faults.ts';
import type { FcmProvider } from './fcm/fcm.ts';
import type { InboxItem } from './inbox.ts';
import type { Provider } from './provider.ts';
import type { LoggedRequest, RequestFilter } from './request-log.ts';
import type { SimulatorState } from './state.ts';

/** What {@link createSimulator}'s answer and the control interface can do. */
export interface Simulation {
  /** The provider requests seen, oldest first. */
  requests(filter?: RequestFilter): LoggedRequest[];
  /** One request by its id, if it is still kept. */
  request(id: string): LoggedRequest | undefined;
  /** Requests seen since the start or the last reset, also those no longer kept. */
  requestCount(): number;
  /** The known devices, in the order in which they were first seen. */
  devices(): Device[];
  device(address: string): Device | undefined;
  /** What a device shows now, oldest first; empty for an unknown device. */
  inbox(address: string): InboxItem[];
  /** Empties a device's inbox, as a person does who swipes all away. */
  clearInbox(address: string): void;
  /** Says what a device is; creates it if need be. Throws `InvalidInput`. */
  putDevice(address: string, change: DeviceChange): Device;
  /** Forgets a device and its inbox. Answers whether it was known. */
  removeDevice(address: string): boolean;
  /** Sets a fault. Throws `InvalidInput`, naming the field. */
  addFault(spec: FaultSpec): Fault;
  faults(): Fault[];
  /** Takes a fault away. Answers whether there was one. */
  removeFault(id: string): boolean;
  /** Answers 401 to an access token from now on, or to every one seen so far. */
  expireAccessTokens(token?: string): number;
  /**
   * Makes the public half of an APNs key known; from the first on, provider tokens must be signed by
   * one that is. Throws `InvalidInput`.
   */
  putApnsKey(key: ApnsKey): void;
  /** Calls the listener for every event from now on; the answer ends that. */
  subscribe(listener: Listener): () => void;
  /** Forgets devices, inboxes, faults, requests, expired tokens, and keys made known since the start. */
  reset(): void;
}

/** Makes the simulation over its state. */
export function createSimulation(
  state: SimulatorState,
  fcm: FcmProvider,
  apns: ApnsProvider,
): Simulation {
  const providers = [fcm, apns];
  return {
    requests: (filter) => state.log.list(filter),
    request: (id) => state.log.get(id),
    requestCount: () => state.log.seen,
    devices: () => state.devices.all(),
    device: (address) => state.devices.get(deviceName(address)),
    inbox: (address) => state.inboxes.of(deviceName(address)),
    clearInbox: (spelling) => {
      const address = deviceName(spelling);
      state.inboxes.clearOne(address);
      state.events.emit({ type: 'cleared', address });
    },
    putDevice: (address, change) => {
      const checked = parseInput(deviceChange, change, 'device');
      if (address === '') throw new InvalidInput('address: expected at least one character');
      const device = state.devices.put(deviceName(address), checked, state.now());
      state.events.emit({ type: 'device', device });
      return device;
    },
    removeDevice: (spelling) => {
      const address = deviceName(spelling);
      state.inboxes.clearOne(address);
      const wasKnown = state.devices.remove(address);
      if (wasKnown) state.events.emit({ type: 'removed', address });
      return wasKnown;
    },
    addFault: (spec) => {
      const fault = state.faults.add(
        forItsProvider(parseInput(faultSchema, spec, 'fault'), providers),
      );
      state.events.emit({ type: 'fault', fault, removed: false });
      return fault;
    },
    faults: () => state.faults.list(),
    removeFault: (id) => {
      const fault = state.faults.remove(id);
      if (fault !== undefined) state.events.emit({ type: 'fault', fault, removed: true });
      return fault !== undefined;
    },
    putApnsKey: (key) => {
      const checked = parseInput(apnsKey, key, 'key');
      try {
        apns.putKey(checked);
      } catch (error) {
        throw new InvalidInput(`publicKeyPem: expected a public key: ${(error as Error).message}`);
      }
    },
    expireAccessTokens: (token) => fcm.expireAccessTokens(token),
    subscribe: (listener) => state.events.subscribe(listener),
    reset: () => {
      for (const provider of providers) provider.reset();
      state.reset();
    },
  };
}

/** A fault whose `errorCode` is one provider's strikes that provider's requests only. */
function forItsProvider(fault: ParsedFault, providers: readonly Provider[]): ParsedFault {
  const { match, then } = fault;
  const { errorCode } = then;
  if (errorCode === undefined) return fault;
  const candidates = providers.filter(({ name }) => name === (match.provider ?? name));
  const owner = candidates.find(({ errorCodes }) => errorCodes.includes(errorCode));
  if (owner === undefined) {
    const expected = candidates.flatMap(({ errorCodes }) => errorCodes).join(', ');
    throw new InvalidInput(`then.errorCode: expected one of ${expected}, got ${errorCode}`);
  }
  return { ...fault, match: { ...match, provider: owner.name } };
}
