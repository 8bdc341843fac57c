/** APNs: from a request to an answer and the device it reaches. */
import { parseJson } from '../json.ts';
import { randomUUID } from 'node:crypto';
import type { ApnsEnvironment, Device } from '../devices.ts';
import type { Answer, Exchange } from '../exchange.ts';
import type { Endpoint, Provider, Verdict } from '../provider.ts';
import type { SimulatorState } from '../state.ts';
import { Connection, type ConnectionRules } from './connection.ts';
import { type ApnsKey, ApnsKeys, type ProviderToken } from './provider-token.ts';
import { messageId, type Push, readPush, routeError, tokenIn } from './push.ts';
import { bundleIdOf } from './push-types.ts';
import { faultAnswer, type Reason, reasons, refusal } from './reasons.ts';
import { render } from './render.ts';

/** How strict this APNs is. */
export interface ApnsOptions extends ConnectionRules {
  /** Refuse device tokens nobody declared, as `BadDeviceToken`. */
  readonly strictDevices: boolean;
  /** Whose part is played where neither `:authority` nor TLS names one of Apple's hosts. */
  readonly environment: ApnsEnvironment;
  readonly keys: readonly ApnsKey[];
}

/** APNs, with the one thing a test may do to it. */
export interface ApnsProvider extends Provider {
  /** The one API, which answers for every path. */
  readonly endpoint: Endpoint;
  /** Makes a key known; from the first on, tokens must be signed by one that is. Throws on a bad PEM. */
  putKey(key: ApnsKey): void;
}

/** Apple's hosts; `development` is the older name of the sandbox. */
const hosts: Readonly<Record<string, ApnsEnvironment>> = {
  'api.push.apple.com': 'production',
  'api.sandbox.push.apple.com': 'sandbox',
  'api.development.push.apple.com': 'sandbox',
};

/** Why a push is refused; `timestamp` in milliseconds since 1970. */
interface Refusal {
  readonly reason: Reason;
  readonly timestamp?: number;
}

/** Makes an APNs over the simulator's state. */
export function createApns(state: SimulatorState, options: ApnsOptions): ApnsProvider {
  const keys = new ApnsKeys();
  const setKeys = () => {
    keys.clear();
    for (const key of options.keys) keys.put(key);
  };
  setKeys();
  let connections = new WeakMap<object, Connection>();

  const connectionOf = (exchange: Exchange): Connection => {
    const known = connections.get(exchange.connection);
    if (known !== undefined) return known;
    const connection = new Connection(options);
    connections.set(exchange.connection, connection);
    return connection;
  };

  /** Who sends it: a valid token, on a connection that takes it, for this environment and topic. */
  const authorise = (exchange: Exchange, at: number): ProviderToken | Reason => {
    const token = keys.judge(exchange.headers.authorization, at);
    if (typeof token === 'string') return token;
    const environment = environmentOf(exchange, options.environment);
    if (token.key?.environment !== undefined && token.key.environment !== environment) {
      return 'BadEnvironmentKeyInToken';
    }
    const connection = connectionOf(exchange);
    const refused = connection.admit(token, at);
    if (refused !== undefined) return refused;
    connection.open(exchange);
    return token;
  };

  const findDevice = (push: Push, at: number): Device | undefined => {
    if (options.strictDevices) return state.devices.get(push.token);
    const { device, isNew } = state.devices.meet(push.token, at, 'ios');
    if (isNew && state.events.heard) state.events.emit({ type: 'device', device });
    return device;
  };

  const judge = (exchange: Exchange, at: number): { push: Push; device: Device } | Refusal => {
    const wrongRoute = routeError(exchange);
    if (wrongRoute !== undefined) return { reason: wrongRoute };
    const token = authorise(exchange, at);
    if (typeof token === 'string') return { reason: token };
    const push = readPush(exchange);
    if (typeof push === 'string') return { reason: push };
    const bundleId = bundleIdOf(push.topic);
    if (token.key?.topics?.includes(bundleId) === false) return { reason: 'TopicDisallowed' };
    const device = findDevice(push, at);
    const environment = environmentOf(exchange, options.environment);
    if (device === undefined || (device.environment ?? environment) !== environment) {
      return { reason: 'BadDeviceToken' };
    }
    if (device.state !== 'live') {
      const reason = device.state === 'expired' ? 'ExpiredToken' : 'Unregistered';
      return { reason, timestamp: device.since ?? at };
    }
    const isOfApp = device.appId === undefined || push.type === 'mdm' || device.appId === bundleId;
    return isOfApp ? { push, device } : { reason: 'DeviceTokenNotForTopic' };
  };

  /** Headers that say which push an answer is about. */
  const identity = (exchange: Exchange): Record<string, string> => {
    const isSandbox = environmentOf(exchange, options.environment) === 'sandbox';
    return {
      'apns-id': messageId(exchange.headers) ?? randomUUID().toUpperCase(),
      ...(isSandbox && { 'apns-unique-id': randomUUID() }),
    };
  };

  const receive = (exchange: Exchange, at: number): Verdict => {
    const judged = judge(exchange, at);
    const answered = (answer: Answer, deliveries: Verdict['deliveries']): Verdict => ({
      body: parsed(exchange.body),
      address: tokenIn(exchange.path) || undefined,
      answer,
      deliveries,
    });
    if ('reason' in judged) {
      const { reason, timestamp } = judged;
      const answer = refusal(reasons[reason], reason, identity(exchange), timestamp);
      return answered(answer, () => []);
    }
    const { push, device } = judged;
    return answered({ status: 200, headers: identity(exchange), body: '' }, () => [
      { device, rendered: render(push, exchange.headers, at), appId: bundleIdOf(push.topic) },
    ]);
  };

  const endpoint: Endpoint = {
    provider: 'apns',
    claims: () => true,
    receive,
    faultAnswer: (fault, exchange, at) => faultAnswer(fault, identity(exchange), at),
    beforeAnswer: (exchange, { status, body }) =>
      connectionOf(exchange).conclude(exchange, status, body),
  };
  return {
    name: 'apns',
    errorCodes: Object.keys(reasons),
    endpoint,
    endpoints: [endpoint],
    putKey: (key) => keys.put(key),
    reset: () => {
      setKeys();
      connections = new WeakMap();
    },
  };
}

/** The environment that a request is for: by `:authority`, else by the name in the TLS handshake. */
function environmentOf(exchange: Exchange, fallback: ApnsEnvironment): ApnsEnvironment {
  const authority = exchange.headers[':authority'] ?? exchange.headers.host ?? '';
  const host = String(authority).replace(/:\d+$/, '').toLowerCase();
  return hosts[host] ?? hosts[exchange.serverName ?? ''] ?? fallback;
}

function parsed(body: string | undefined): unknown {
  if (body === undefined || body === '') return body;
  try {
    return parseJson(body);
  } catch {
    // The log shows what came, JSON or not.
    return body;
  }
}
