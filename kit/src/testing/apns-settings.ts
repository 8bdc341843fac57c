/**
 * For tests: everything that an APNs provider is given, with a store in memory and a log that remembers.
 */
import type { Http2Answer, Http2Request } from '../providers/http2/answer';
import type { ApnsSettings } from '../providers/apns/batch';
import type { ApnsDeviceFacts, ApnsEnvironment } from '../providers/apns/device-facts';
import { simulatedKey } from '../providers/apns/key';
import { ProviderTokens } from '../providers/apns/provider-token';

/** A server that must not be asked. */
export const NO_SERVER = {
  client: {
    capacity: 0,
    request: (): Promise<Http2Answer> => {
      throw new Error('Expected no request to this server, got one.');
    },
  },
};

/** A server that answers from a function. */
export function server(reply: (request: Http2Request) => Http2Answer | Promise<Http2Answer>) {
  const requests: Http2Request[] = [];
  const request = (asked: Http2Request): Promise<Http2Answer> => {
    requests.push(asked);
    return Promise.resolve(reply(asked));
  };
  return { requests, client: { capacity: 10, request } };
}

export function response(status: number, body: object | '' = ''): Http2Answer {
  const text = body === '' ? '' : JSON.stringify(body);
  return { kind: 'response', status, headers: {}, body: text };
}

/** Device records in memory. */
export class MemoryDevices {
  readonly records = new Map<string, ApnsDeviceFacts>();
  /** How many addresses each read was for. */
  readonly reads: number[] = [];

  read(addresses: readonly string[]): Promise<ApnsDeviceFacts[]> {
    this.reads.push(addresses.length);
    return Promise.resolve(addresses.map((address) => this.records.get(address) ?? {}));
  }

  rememberEnvironment(address: string, environment: ApnsEnvironment): Promise<void> {
    this.records.set(address, { ...this.records.get(address), environment });
    return Promise.resolve();
  }
}

export function settings(over: Partial<ApnsSettings> = {}) {
  const logged: string[] = [];
  const devices = new MemoryDevices();
  const now = over.now ?? Date.now;
  const made: ApnsSettings = {
    servers: { production: NO_SERVER, sandbox: NO_SERVER },
    tokens: new ProviderTokens({
      key: simulatedKey(),
      keyId: 'ABC123DEFG',
      teamId: 'DEF123GHIJ',
      now,
    }),
    devices,
    environment: 'production',
    bundleId: 'com.example.birds',
    now,
    log: {
      environmentLearned: (name, environment) => logged.push(`learned ${name} ${environment}`),
      environmentNotKept: (name, error) => logged.push(`not kept ${name} ${String(error)}`),
      deviceFactsUnreadable: (count, error) => logged.push(`unreadable ${count} ${String(error)}`),
    },
    ...over,
  };
  return { made, devices, logged };
}
