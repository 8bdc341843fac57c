/**
 * The topic subscriptions of one device, as FCM v1 has them: create, get, list, patch, delete.
 *
 * Source: firebase.google.com/docs/reference/fcm/fcmtopics/rest/v1/projects.registrations.topicSubscriptions.
 */
import type { Device } from '../devices.ts';
import type { Answer, Exchange } from '../exchange.ts';
import type { Endpoint, Verdict } from '../provider.ts';
import type { SimulatorState } from '../state.ts';
import { TOPIC_NAME } from './condition.ts';
import { errorAnswer, type ErrorParts, type FieldViolation, jsonAnswer } from './envelope.ts';
import {
  faultAnswer,
  malformedRequest,
  namedErrors,
  permissionDenied,
  topicCredentialErrors,
} from './errors.ts';
import { decodePart, deviceError, type Gate, readJson } from './gate.ts';
import { INSTALLATION_ID, isRegistrationToken } from './validate.ts';

/** Topics one app instance may be subscribed to (firebase.google.com/docs/cloud-messaging/topic-messaging). */
export const MAX_TOPICS_PER_DEVICE = 2000;

const COLLECTION = /^\/v1\/projects\/([^/]+)\/registrations\/([^/]+)\/topicSubscriptions$/;
const SUBSCRIPTION =
  /^\/v1\/projects\/([^/]+)\/registrations\/([^/]+)\/topicSubscriptions\/([^/]+)$/;

const DEFAULT_PAGE_SIZE = 1000;
const MAX_PAGE_SIZE = 2000;

/** A request to the API, its path taken apart and its device found. */
interface Call {
  readonly project: string;
  readonly device: Device;
  readonly topic: string;
  readonly exchange: Exchange;
  readonly at: number;
}

/** What a call comes to; `apply` is what it changes. */
type Outcome = { readonly answer: Answer; readonly apply?: () => void } | ErrorParts;

interface Method {
  /** For the permission it needs. */
  readonly verb: string;
  readonly path: RegExp;
  /** Query parameters it knows, in camelCase; snake_case is taken as well. */
  readonly parameters: readonly string[];
  readonly call: (state: SimulatorState, call: Call) => Outcome;
}

const methods: Readonly<Record<string, readonly Method[]>> = {
  POST: [{ verb: 'create', path: COLLECTION, parameters: ['topicName'], call: create }],
  GET: [
    { verb: 'list', path: COLLECTION, parameters: ['pageSize', 'pageToken'], call: list },
    { verb: 'get', path: SUBSCRIPTION, parameters: [], call: get },
  ],
  PATCH: [{ verb: 'update', path: SUBSCRIPTION, parameters: ['allowMissing'], call: patch }],
  DELETE: [{ verb: 'delete', path: SUBSCRIPTION, parameters: ['allowMissing'], call: remove }],
};

/** Makes the API. */
export function createTopicEndpoint(state: SimulatorState, gate: Gate): Endpoint {
  const find = (method: string, path: string) =>
    methods[method]?.find((each) => each.path.test(path));

  const receive = (exchange: Exchange, at: number): Verdict => {
    const method = find(exchange.method, exchange.path)!;
    const [, project = '', registration = '', named] = (method.path.exec(exchange.path) ?? []).map(
      decodePart,
    );
    const topic = named ?? parameter(exchange, 'topicName') ?? '';
    const body = readJson(exchange.body);
    const outcome = (): Outcome => {
      const credentials = gate.accessTokens.judge(
        exchange.headers.authorization,
        topicCredentialErrors,
      );
      if (credentials !== undefined) return credentials;
      if (!gate.knowsProject(project)) {
        return permissionDenied(project, `cloudmessaging.topicSubscriptions.${method.verb}`);
      }
      const violation =
        (body.error === undefined ? undefined : { description: body.error }) ??
        unknownParameter(exchange, method) ??
        wrongRegistration(registration) ??
        (method.verb === 'list' ? undefined : wrongTopic(topic));
      if (violation !== undefined) return malformedRequest([violation]);
      const device = gate.device(registration, at);
      const error = deviceError(device, project);
      if (error !== undefined || device === undefined) return error ?? namedErrors.UNREGISTERED;
      return method.call(state, { project, device, topic, exchange, at });
    };
    const result = outcome();
    const isRefused = !('answer' in result);
    return {
      body: body.json ?? exchange.body,
      address: registration,
      answer: isRefused ? errorAnswer(result) : result.answer,
      deliveries: () => [],
      ...(!isRefused && result.apply && { apply: result.apply }),
    };
  };

  return {
    provider: 'fcm',
    claims: (method, path) => find(method, path) !== undefined,
    receive,
    faultAnswer,
  };
}

function create(state: SimulatorState, call: Call): Outcome {
  const { device, topic, at } = call;
  if (device.topics.includes(topic)) return namedErrors.ALREADY_EXISTS;
  if (device.topics.length >= MAX_TOPICS_PER_DEVICE) return namedErrors.TOO_MANY_TOPICS;
  return {
    answer: jsonAnswer(200, subscription(call, topic, at)),
    apply: () => changeTopics(state, state.devices.subscribe(device.address, topic, at)),
  };
}

function get(state: SimulatorState, call: Call): Outcome {
  const since = state.devices.subscribedAt(call.device.address, call.topic);
  return since === undefined
    ? namedErrors.NOT_FOUND
    : { answer: jsonAnswer(200, subscription(call, call.topic, since)) };
}

/** A subscription has nothing that could be changed; with `allowMissing` it is made. */
function patch(state: SimulatorState, call: Call): Outcome {
  const isThere = call.device.topics.includes(call.topic);
  return !isThere && isTrue(call.exchange, 'allowMissing') ? create(state, call) : get(state, call);
}

function remove(state: SimulatorState, { device, topic, exchange }: Call): Outcome {
  const isThere = device.topics.includes(topic);
  if (!isThere && !isTrue(exchange, 'allowMissing')) return namedErrors.NOT_FOUND;
  return {
    answer: jsonAnswer(200, {}),
    apply: () => changeTopics(state, state.devices.unsubscribe(device.address, topic)),
  };
}

function list(state: SimulatorState, call: Call): Outcome {
  const { device, exchange } = call;
  const size = Number(parameter(exchange, 'pageSize') ?? 0);
  const start = Number(parameter(exchange, 'pageToken') ?? 0);
  if (!Number.isInteger(size) || size < 0) return badParameter('page_size');
  if (!Number.isInteger(start) || start < 0) return badParameter('page_token');
  const end = start + Math.min(size || DEFAULT_PAGE_SIZE, MAX_PAGE_SIZE);
  const shown = device.topics.slice(start, end);
  return {
    answer: jsonAnswer(200, {
      ...(shown.length > 0 && {
        topic_subscriptions: shown.map((topic) =>
          subscription(call, topic, state.devices.subscribedAt(device.address, topic) ?? call.at),
        ),
      }),
      ...(end < device.topics.length && { next_page_token: String(end) }),
    }),
  };
}

function subscription({ project, device }: Call, topic: string, since: number) {
  return {
    name: `projects/${project}/registrations/${device.address}/topicSubscriptions/${topic}`,
    topic_name: topic,
    create_time: new Date(since).toISOString(),
  };
}

/** Tells whoever listens of a device whose topics changed. */
export function changeTopics(state: SimulatorState, device: Device | undefined): void {
  if (device !== undefined) state.events.emit({ type: 'device', device });
}

/** A query parameter by its name in camelCase, given in either spelling; the last one counts. */
function parameter(exchange: Exchange, name: string): string | undefined {
  return [...exchange.query].findLast(([key]) => key === name || key === snakeCase(name))?.[1];
}

function isTrue(exchange: Exchange, name: string): boolean {
  return parameter(exchange, name) === 'true';
}

/** Parameters that every Google API has. */
const COMMON_PARAMETERS = ['$.xgafv', 'alt', 'key', 'prettyPrint', 'quotaUser', 'fields'];

function unknownParameter(exchange: Exchange, { parameters }: Method): FieldViolation | undefined {
  const known = new Set([...COMMON_PARAMETERS, ...parameters, ...parameters.map(snakeCase)]);
  const name = [...exchange.query.keys()].find((key) => !known.has(key));
  if (name === undefined) return undefined;
  const description =
    `Invalid JSON payload received. Unknown name "${name}": ` +
    'Cannot bind query parameter. Field could not be found in request message.';
  return { description };
}

function wrongRegistration(registration: string): FieldViolation | undefined {
  if (isRegistrationToken(registration) || INSTALLATION_ID.test(registration)) return undefined;
  const description = 'The registration token is not a valid FCM registration token';
  return { field: 'registration', description };
}

function wrongTopic(topic: string): FieldViolation | undefined {
  if (TOPIC_NAME.test(topic)) return undefined;
  return { field: 'topic_name', description: 'Invalid topic name' };
}

function badParameter(field: string): ErrorParts {
  return malformedRequest([{ field, description: `Invalid value at '${field}'` }]);
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
