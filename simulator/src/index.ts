/** The simulator from code: `createSimulator()` starts one and answers what it can do. */
import { generateCertificate } from './certificate.ts';
import { handleControl, problem } from './control.ts';
import type { Platform } from './devices.ts';
import type { Exchange } from './exchange.ts';
import { createFcm } from './fcm/fcm.ts';
import { handleTokenRequest } from './oauth.ts';
import { handlePage } from './page.ts';
import { listen } from './server.ts';
import { createSimulation, type Simulation } from './simulation.ts';
import { SimulatorState } from './state.ts';
import { handleProviderRequest } from './traffic.ts';

export type { Device, DeviceChange, DeviceState, Platform } from './devices.ts';
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

/** A running simulator. */
export interface Simulator extends Simulation {
  /** `http://host:port`, where the inbox page is. */
  readonly url: string;
  readonly port: number;
  /** `host:port`, the value for `FCM_EMULATOR_HOST`. */
  readonly emulatorHost: string;
  /** The certificate of the TLS side, PEM, for a client that wants to check it. */
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
  const simulation = createSimulation(state, fcm);
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
      warn(`simulator: nothing answers ${unknown}; see the README for what does`);
      exchange.answer(problem(404, `Nothing answers ${unknown}. ${WHAT_ANSWERS}`));
    }
  };
  const handle = (exchange: Exchange) => {
    try {
      route(exchange);
    } catch (error) {
      warn(`simulator: ${exchange.method} ${exchange.path} failed: ${stackOf(error)}`);
      exchange.answer(problem(500, 'The simulator itself failed; its log says how.'));
    }
  };

  let certificate: ReturnType<typeof generateCertificate> | undefined;
  const getCertificate = () => (certificate ??= generateCertificate());
  const host = options.host ?? '127.0.0.1';
  const server = await listen({
    host,
    port: options.port ?? 0,
    maxConcurrentStreams: options.maxConcurrentStreams ?? 100,
    certificate: getCertificate,
    handle,
    onError: (error) => warn(`simulator: ${stackOf(error)}`),
  });
  const emulatorHost = `${dialable(host)}:${server.port}`;
  return {
    ...simulation,
    url: `http://${emulatorHost}`,
    port: server.port,
    emulatorHost,
    certificate: async () => (await getCertificate()).cert,
    close: async () => {
      state.stopTimers();
      await server.close();
    },
  };
}

const WHAT_ANSWERS =
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
