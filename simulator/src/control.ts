/** The control interface: `/simulator/…` over plain HTTP, JSON in and out. */
import { parseJson } from './json.ts';
import {
  devicesQuery,
  expireBody,
  InvalidInput,
  parseInput,
  requestsQuery,
} from './control-schema.ts';
import type { ApnsKey } from './apns/provider-token.ts';
import type { DeviceChange } from './devices.ts';
import type { Answer, Exchange } from './exchange.ts';
import type { FaultSpec } from './fault-spec.ts';
import { streamEvents } from './event-stream.ts';
import type { Simulation } from './simulation.ts';

/** Answers a control request. Answers false if the path is none of the control interface's. */
export function handleControl(simulation: Simulation, exchange: Exchange): boolean {
  const route = routes.find(
    ({ method, path }) => method === exchange.method && path.test(exchange.path),
  );
  if (route === undefined) return answerNoRoute(exchange);
  if (isCrossSite(exchange)) {
    exchange.answer(
      problem(403, 'Expected a request from this page or a tool, got one from another site.'),
    );
    return true;
  }
  try {
    const [, parameter] = route.path.exec(exchange.path)!;
    const answer = route.handle(simulation, exchange, decodeAddress(parameter ?? ''));
    if (answer !== undefined) exchange.answer(answer);
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    exchange.answer(problem(400, error.message));
  }
  return true;
}

interface Route {
  readonly method: string;
  readonly path: RegExp;
  /** Answers, or undefined if it keeps the exchange for itself. */
  readonly handle: (
    simulation: Simulation,
    exchange: Exchange,
    parameter: string,
  ) => Answer | undefined;
}

const DEVICE = /^\/simulator\/devices\/([^/]+)$/;
const INBOX = /^\/simulator\/devices\/([^/]+)\/inbox$/;
const FAULT = /^\/simulator\/faults\/([^/]+)$/;

const routes: readonly Route[] = [
  {
    method: 'GET',
    path: /^\/simulator\/requests$/,
    handle: (simulation, exchange) => {
      return json(200, simulation.requests(query(requestsQuery, exchange)));
    },
  },
  {
    method: 'GET',
    path: /^\/simulator\/requests\/([^/]+)$/,
    handle: (simulation, _exchange, id) => {
      const request = simulation.request(id);
      return request === undefined
        ? problem(
            404,
            'No such request, or it has been dropped (a larger --request-log keeps more).',
          )
        : json(200, request);
    },
  },
  { method: 'GET', path: /^\/simulator\/devices$/, handle: listDevices },
  {
    method: 'GET',
    path: DEVICE,
    handle: (simulation, _exchange, address) => {
      const device = simulation.device(address);
      return device === undefined ? unknownDevice() : json(200, device);
    },
  },
  {
    method: 'PUT',
    path: DEVICE,
    handle: (simulation, exchange, address) => {
      return json(200, simulation.putDevice(address, bodyOf(exchange) as DeviceChange));
    },
  },
  {
    method: 'DELETE',
    path: DEVICE,
    handle: (simulation, _exchange, address) => {
      return simulation.removeDevice(address) ? NO_CONTENT : unknownDevice();
    },
  },
  {
    method: 'GET',
    path: INBOX,
    handle: (simulation, _exchange, address) => json(200, simulation.inbox(address)),
  },
  {
    method: 'DELETE',
    path: INBOX,
    handle: (simulation, _exchange, address) => {
      simulation.clearInbox(address);
      return NO_CONTENT;
    },
  },
  {
    method: 'GET',
    path: /^\/simulator\/faults$/,
    handle: (simulation) => json(200, simulation.faults()),
  },
  {
    method: 'POST',
    path: /^\/simulator\/faults$/,
    handle: (simulation, exchange) => {
      return json(201, simulation.addFault(bodyOf(exchange) as FaultSpec));
    },
  },
  {
    method: 'DELETE',
    path: /^\/simulator\/faults$/,
    handle: (simulation) => {
      for (const { id } of simulation.faults()) simulation.removeFault(id);
      return NO_CONTENT;
    },
  },
  {
    method: 'DELETE',
    path: FAULT,
    handle: (simulation, _exchange, id) => {
      return simulation.removeFault(id)
        ? NO_CONTENT
        : problem(404, 'No such fault. GET /simulator/faults lists those that are set.');
    },
  },
  {
    method: 'PUT',
    path: /^\/simulator\/apns\/keys$/,
    handle: (simulation, exchange) => {
      simulation.putApnsKey(bodyOf(exchange) as ApnsKey);
      return NO_CONTENT;
    },
  },
  {
    method: 'POST',
    path: /^\/simulator\/access-tokens\/expire$/,
    handle: (simulation, exchange) => {
      const { token } = parseInput(expireBody, bodyOf(exchange), 'body');
      return json(200, { expired: simulation.expireAccessTokens(token) });
    },
  },
  {
    method: 'GET',
    path: /^\/simulator\/events$/,
    handle: (simulation, exchange) => {
      streamEvents(simulation, exchange);
      return undefined;
    },
  },
  {
    method: 'DELETE',
    path: /^\/simulator$/,
    handle: (simulation) => {
      simulation.reset();
      return NO_CONTENT;
    },
  },
];

const NO_CONTENT: Answer = { status: 204, headers: {}, body: '' };

/** What the control interface answers when it cannot do as asked. */
export function problem(status: number, message: string): Answer {
  return json(status, { error: { status, message } });
}

function json(status: number, value: unknown): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' },
    body: `${JSON.stringify(value, null, 2)}\n`,
  };
}

function unknownDevice(): Answer {
  return problem(
    404,
    'No such device. GET /simulator/devices lists the known ones; PUT here to declare one.',
  );
}

function answerNoRoute(exchange: Exchange): boolean {
  const methods = routes.filter(({ path }) => path.test(exchange.path)).map(({ method }) => method);
  if (methods.length === 0) return false;
  const answer = problem(405, `Expected ${methods.join(' or ')} here, got ${exchange.method}.`);
  exchange.answer({ ...answer, headers: { ...answer.headers, allow: methods.join(', ') } });
  return true;
}

/** Browsers say so when another site's page makes a request; that page has no business here. */
function isCrossSite(exchange: Exchange): boolean {
  return exchange.headers['sec-fetch-site'] === 'cross-site';
}

function listDevices(simulation: Simulation, exchange: Exchange): Answer {
  const { contains, platform, state, limit, inbox } = query(devicesQuery, exchange);
  const wanted = contains?.toLowerCase();
  const devices = simulation.devices().filter((device) => {
    return (
      (platform === undefined || device.platform === platform) &&
      (state === undefined || device.state === state) &&
      (wanted === undefined ||
        `${device.address}\n${device.appId ?? ''}`.toLowerCase().includes(wanted))
    );
  });
  const shown = limit === undefined ? devices : devices.slice(-limit);
  const listed =
    inbox === true
      ? shown.map((device) => ({ ...device, inbox: simulation.inbox(device.address) }))
      : shown;
  const answer = json(200, listed);
  return { ...answer, headers: { ...answer.headers, 'x-total-count': String(devices.length) } };
}

function query<Schema extends Parameters<typeof parseInput>[0]>(
  schema: Schema,
  exchange: Exchange,
) {
  return parseInput(schema, Object.fromEntries(exchange.query), 'query');
}

function bodyOf(exchange: Exchange): unknown {
  if (exchange.body === undefined) throw new InvalidInput('body: expected at most a megabyte');
  if (exchange.body === '') return {};
  try {
    return parseJson(exchange.body);
  } catch (error) {
    throw new InvalidInput(`body: expected JSON: ${(error as Error).message}`);
  }
}

function decodeAddress(encoded: string): string {
  try {
    return decodeURIComponent(encoded);
  } catch {
    throw new InvalidInput(`path: expected percent-encoding (encodeURIComponent), got ${encoded}`);
  }
}
