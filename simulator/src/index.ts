/** The simulator from code: `createSimulator()` starts one and answers what it can do. */
import { createApns } from './apns/apns.ts';
import { farewell } from './apns/connection.ts';
import type { ApnsKey } from './apns/provider-token.ts';
import { generateCertificate } from './certificate.ts';
import { handleControl, problem } from './control.ts';
import type { ApnsEnvironment, Platform } from './devices.ts';
import type { Exchange } from './exchange.ts';
import { createFcm } from './fcm/fcm.ts';
import { handleTokenRequest } from './oauth.ts';
import { handlePage } from './page.ts';
import { listen } from './server.ts';
import { createSimulation, type Simulation } from './simulation.ts';
import { SimulatorState } from './state.ts';
import { handleProviderRequest } from './traffic.ts';

export type { ApnsKey } from './apns/provider-token.ts';
export type { ApnsEnvironment, Device, DeviceChange, DeviceState, Platform } from './devices.ts';
export type { Listener, SimulatorEvent } from './events.ts';
export type { FaultSpec } from './fault-spec.ts';
export type { Fault } from './faults.ts';
export type { InboxItem } from './inbox.ts';
export type { LoggedRequest, RequestFilter } from './request-log.ts';
export type { Simulation } from './simulation.ts';

/** How a simulator is to behave. */
export interface SimulatorOptions {
  /** Default `127.0.0.1`: nobody but this machine. */
  readonly host?: string;
  /** Default 0: a free one. */
  readonly port?: number;
  /** Port of the APNs side. Default 0: a free one. */
  readonly apnsPort?: number;
  /** How APNs is to behave. */
  readonly apns?: ApnsSideOptions;
  /** Projects that may be sent for; others get 403. Default: any. */
  readonly projects?: readonly string[];
  /** Refuse addresses nobody declared with 404 `UNREGISTERED`. Default false. */
  readonly strictDevices?: boolean;
  /** What a device is until somebody declares it. Default `android`. */
  readonly defaultPlatform?: Platform;
  /** Largest payload to one device, bytes. Default 4096. */
  readonly payloadLimitBytes?: number;
  /** Largest payload to a topic or condition, bytes. Default 4096; Google's pages also say 2048. */
  readonly topicPayloadLimitBytes?: number;
  /** Streams an HTTP/2 client may have open at once. Default 100, as Google's front end. */
  readonly maxConcurrentStreams?: number;
  /** Requests the log keeps, the newest. Default 20,000. */
  readonly requestLogSize?: number;
  /** Items a device shows, the newest. Default 50. */
  readonly inboxSize?: number;
  /** Items all devices show together. Default 50,000. */
  readonly totalInboxSize?: number;
  /** Devices kept that are known only from a send. Default 100,000. */
  readonly maxDevices?: number;
  /** Decides about faults with a rate: 0 (inclusive) to 1. Default `Math.random`. */
  readonly random?: () => number;
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly now?: () => number;
  /** Gets a line for each thing somebody should look at. Default: to standard error. */
  readonly warn?: (line: string) => void;
}

/** How the APNs side is to behave. */
export interface ApnsSideOptions {
  /** Whose part is played where a request names none of Apple's hosts. Default `production`. */
  readonly environment?: ApnsEnvironment;
  /** Public halves of the keys that sign provider tokens. Default: none, and any signature does. */
  readonly keys?: readonly ApnsKey[];
  /**
   * Streams at once until a valid provider token was seen. Default 1, as Apple says. A client that opens streams without waiting
   * for SETTINGS, as many do, is not refused any: it gets `maxConcurrentStreams` from the beginning.
   */
  readonly initialStreams?: number;
  /** Streams at once from then on. Default 1,000. */
  readonly maxConcurrentStreams?: number;
  /** Back to one stream after a 4xx other than 410, until a push is accepted. Default false. */
  readonly slowDownAfterErrors?: boolean;
  /** GOAWAY after so many 4xx other than 410 on one connection. Default: never. */
  readonly maxErrors?: number;
  /** The same for `BadDeviceToken` alone. Default: never. */
  readonly maxBadDeviceTokens?: number;
  /** GOAWAY with `IdleTimeout` after so long without traffic. Default: never. */
  readonly idleTimeoutMs?: number;
}

/** A running simulator. */
export interface Simulator extends Simulation {
  /** `http://host:port`, where the inbox page is. */
  readonly url: string;
  readonly port: number;
  /** `host:port`, the value for `FCM_EMULATOR_HOST`. */
  readonly emulatorHost: string;
  readonly apnsPort: number;
  /** `host:port`, the value for `APNS_EMULATOR_HOST`. */
  readonly apnsEmulatorHost: string;
  /** The certificate of the TLS side of both ports, PEM, for a client that wants to check it. */
  certificate(): Promise<string>;
  /** Drops every connection and frees the port. */
  close(): Promise<void>;
}

/** Starts a simulator. Rejects with the system's error if it cannot listen. */
export async function createSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const warn = options.warn ?? ((line: string) => process.stderr.write(`${line}\n`));
  const state = new SimulatorState({
    now: options.now ?? Date.now,
    random: options.random ?? Math.random,
    requestLogSize: options.requestLogSize ?? 20_000,
    inboxSize: options.inboxSize ?? 50,
    totalInboxSize: options.totalInboxSize ?? 50_000,
    maxDevices: options.maxDevices ?? 100_000,
    defaultPlatform: options.defaultPlatform ?? 'android',
  });
  const fcm = createFcm(state, {
    projects: options.projects,
    strictDevices: options.strictDevices ?? false,
    limits: {
      payloadBytes: options.payloadLimitBytes ?? 4096,
      topicPayloadBytes: options.topicPayloadLimitBytes ?? 4096,
    },
  });
  const initialStreams = options.apns?.initialStreams ?? 1;
  const apnsStreams = options.apns?.maxConcurrentStreams ?? 1000;
  const apns = createApns(state, {
    strictDevices: options.strictDevices ?? false,
    environment: options.apns?.environment ?? 'production',
    keys: options.apns?.keys ?? [],
    initialStreams,
    maxConcurrentStreams: apnsStreams,
    slowDownAfterErrors: options.apns?.slowDownAfterErrors ?? false,
    maxErrors: options.apns?.maxErrors,
    maxBadDeviceTokens: options.apns?.maxBadDeviceTokens,
  });
  const simulation = createSimulation(state, fcm, apns);
  const endpoints = fcm.endpoints;

  const route = (exchange: Exchange) => {
    const endpoint = endpoints.find((each) => each.claims(exchange.method, exchange.path));
    if (endpoint !== undefined) handleProviderRequest(state, endpoint, exchange);
    else if (
      !handleControl(simulation, exchange) &&
      !handlePage(exchange) &&
      !handleTokenRequest(exchange, state.now())
    ) {
      const unknown = `${exchange.method} ${exchange.path}`;
      warn(`simulator: no route for ${unknown}; the README lists the routes`);
      exchange.answer(problem(404, `No route for ${unknown}. ${ROUTES}`));
    }
  };
  const guarded = (handle: (exchange: Exchange) => void) => (exchange: Exchange) => {
    try {
      handle(exchange);
    } catch (error) {
      warn(`simulator: ${exchange.method} ${exchange.path} failed: ${stackOf(error)}`);
      exchange.answer(problem(500, 'The simulator itself failed; see its log.'));
    }
  };

  let certificate: ReturnType<typeof generateCertificate> | undefined;
  const getCertificate = () => (certificate ??= generateCertificate());
  const host = options.host ?? '127.0.0.1';
  const onError = (error: unknown) => warn(`simulator: ${stackOf(error)}`);
  const server = await listen({
    host,
    port: options.port ?? 0,
    maxConcurrentStreams: options.maxConcurrentStreams ?? 100,
    certificate: getCertificate,
    handle: guarded(route),
    onError,
  });
  const idleTimeoutMs = options.apns?.idleTimeoutMs;
  const apnsServer = await listen({
    host,
    port: options.apnsPort ?? 0,
    http1: false,
    maxConcurrentStreams: initialStreams,
    eagerStreams: apnsStreams,
    certificate: getCertificate,
    idle:
      idleTimeoutMs === undefined
        ? undefined
        : { timeoutMs: idleTimeoutMs, debugData: farewell.idle },
    farewell: farewell.shutdown,
    handle: guarded((exchange) => handleProviderRequest(state, apns.endpoint, exchange)),
    onError,
  }).catch(async (error: unknown) => {
    await server.close();
    throw error;
  });
  const emulatorHost = `${dialable(host)}:${server.port}`;
  return {
    ...simulation,
    url: `http://${emulatorHost}`,
    port: server.port,
    emulatorHost,
    apnsPort: apnsServer.port,
    apnsEmulatorHost: `${dialable(host)}:${apnsServer.port}`,
    certificate: async () => (await getCertificate()).cert,
    close: async () => {
      state.stopTimers();
      await Promise.all([server.close(), apnsServer.close()]);
    },
  };
}

const ROUTES =
  'Sends: POST /v1/projects/{project}/messages:send. Topics: ' +
  '/v1/projects/{project}/registrations/{registration}/topicSubscriptions, ' +
  'POST /iid/v1:batchAdd and :batchRemove, GET /iid/info/{token}. Control: ' +
  '/simulator/requests, /simulator/devices, /simulator/faults, /simulator/events. Inbox page: GET /.';

/** An address to dial: a wildcard to listen on is none. */
function dialable(host: string): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
