/**
 * The Instance ID API (iid.googleapis.com): many devices in or out of a topic, and what is known of one.
 *
 * Source: developers.google.com/instance-id/reference/server. Google ends it on 29 September 2027.
 */
import type { Device, Platform } from '../devices.ts';
import type { Answer, Exchange } from '../exchange.ts';
import type { Endpoint, FaultAnswer, Verdict } from '../provider.ts';
import type { SimulatorState } from '../state.ts';
import { TOPIC_NAME } from './condition.ts';
import { jsonAnswer } from './envelope.ts';
import { faultAnswer } from './errors.ts';
import { decodePart, deviceError, type Gate, readJson } from './gate.ts';
import { changeTopics, MAX_TOPICS_PER_DEVICE } from './topic-subscriptions.ts';
import { isRegistrationToken } from './validate.ts';

const BATCH = /^\/iid\/v1:batch(Add|Remove)$/;
const INFO = /^\/iid\/info\/([^/]+)$/;
/** Tokens in one request. */
const MAX_TOKENS = 1000;

const platformNames: Readonly<Record<Platform, string>> = {
  android: 'ANDROID',
  ios: 'IOS',
  web: 'CHROME',
};

/** What one token of a batch gets: nothing, or why not. */
interface Result {
  readonly error?: 'NOT_FOUND' | 'INVALID_ARGUMENT' | 'TOO_MANY_TOPICS';
}

/** A batch that is well formed. */
interface Batch {
  readonly topic: string;
  readonly tokens: readonly string[];
}

/** Makes the API. */
export function createInstanceIdEndpoint(state: SimulatorState, gate: Gate): Endpoint {
  const unauthorised = ({ headers }: Exchange): Answer | undefined => {
    if (gate.accessTokens.judge(headers.authorization) !== undefined) return UNAUTHORIZED;
    // Without this header the service takes the token for a server key of the old kind.
    return headers['access_token_auth'] === 'true' ? undefined : UNAUTHORIZED;
  };

  const usable = (token: string, at: number): Device | undefined => {
    const device = isRegistrationToken(token) ? gate.device(token, at) : undefined;
    return deviceError(device, undefined) === undefined ? device : undefined;
  };

  const resultOf = (isAdding: boolean, topic: string, token: string, at: number): Result => {
    if (!isRegistrationToken(token)) return { error: 'INVALID_ARGUMENT' };
    const device = usable(token, at);
    if (device === undefined) return { error: 'NOT_FOUND' };
    const isFull = device.topics.length >= MAX_TOPICS_PER_DEVICE && !device.topics.includes(topic);
    return isAdding && isFull ? { error: 'TOO_MANY_TOPICS' } : {};
  };

  const receiveBatch = (exchange: Exchange, at: number): Verdict => {
    const { json, error } = readJson(exchange.body);
    const isAdding = exchange.path.endsWith('Add');
    const to = (json as { to?: unknown } | null | undefined)?.to;
    const refused = (answer: Answer): Verdict => ({
      body: json ?? exchange.body,
      address: typeof to === 'string' ? to : undefined,
      answer,
      deliveries: () => [],
    });
    const unknown = unauthorised(exchange);
    if (unknown !== undefined) return refused(unknown);
    const batch = error === undefined ? readBatch(json) : error;
    if (typeof batch === 'string') return refused(problem(400, batch));
    const { topic, tokens } = batch;
    const results = tokens.map((token) => resultOf(isAdding, topic, token, at));
    return {
      ...refused(jsonAnswer(200, { results })),
      apply: () => {
        for (const [index, token] of tokens.entries()) {
          if (results[index]?.error !== undefined) continue;
          changeTopics(
            state,
            isAdding
              ? state.devices.subscribe(token, topic, at)
              : state.devices.unsubscribe(token, topic),
          );
        }
      },
    };
  };

  const receiveInfo = (exchange: Exchange, at: number): Verdict => {
    const token = decodePart(INFO.exec(exchange.path)?.[1] ?? '');
    const answered = (answer: Answer): Verdict => ({
      body: undefined,
      address: token,
      answer,
      deliveries: () => [],
    });
    const unknown = unauthorised(exchange);
    if (unknown !== undefined) return answered(unknown);
    if (!isRegistrationToken(token)) return answered(problem(400, 'InvalidToken'));
    const device = usable(token, at);
    if (device === undefined) {
      return answered(problem(404, 'No information found about this instance id.'));
    }
    const isDetailed = exchange.query.get('details') === 'true' && device.topics.length > 0;
    return answered(
      jsonAnswer(200, {
        ...(device.appId !== undefined && { application: device.appId }),
        authorizedEntity: device.projectId ?? '000000000000',
        platform: platformNames[device.platform],
        ...(isDetailed && { rel: { topics: datedTopics(state, device, at) } }),
      }),
    );
  };

  return {
    provider: 'fcm',
    claims: (method, path) =>
      (method === 'POST' && BATCH.test(path)) || (method === 'GET' && INFO.test(path)),
    receive: (exchange, at) =>
      BATCH.test(exchange.path) ? receiveBatch(exchange, at) : receiveInfo(exchange, at),
    faultAnswer: instanceIdFault,
  };
}

const UNAUTHORIZED = problem(401, 'Unauthorized');

/** The batch in a body, or what is wrong with it. */
function readBatch(json: unknown): Batch | string {
  const { to, registration_tokens: tokens } = (json ?? {}) as Record<string, unknown>;
  if (!Array.isArray(tokens) || tokens.length === 0) return 'MissingRegistrationTokens';
  if (tokens.length > MAX_TOKENS) return 'TooManyRegistrationTokens';
  if (!tokens.every((token) => typeof token === 'string')) return 'InvalidRegistrationTokens';
  const topic = typeof to === 'string' ? /^\/topics\/(.+)$/.exec(to)?.[1] : undefined;
  if (topic === undefined || !TOPIC_NAME.test(topic)) return 'InvalidTopicName';
  return { topic, tokens };
}

function datedTopics(state: SimulatorState, device: Device, at: number) {
  const dated = device.topics.map((topic) => {
    const since = new Date(state.devices.subscribedAt(device.address, topic) ?? at);
    return [topic, { addDate: since.toISOString().slice(0, 'YYYY-MM-DD'.length) }];
  });
  return Object.fromEntries(dated) as Record<string, { addDate: string }>;
}

function problem(status: number, error: string): Answer {
  return jsonAnswer(status, { error });
}

/** This API has a word where FCM v1 has an envelope; HTML of the front end stays what it is. */
function instanceIdFault(fault: FaultAnswer): Answer {
  const answer = faultAnswer(fault);
  if (answer.headers['content-type']?.startsWith('application/json') !== true) return answer;
  const { error } = JSON.parse(answer.body) as { error?: { status: string } };
  return error === undefined ? answer : problem(answer.status, fault.errorCode ?? error.status);
}
