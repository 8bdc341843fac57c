/** FCM v1 `messages:send`: from a request to an answer and the devices it reaches. */
import { randomBytes } from 'node:crypto';
import type { Device } from '../devices.ts';
import type { Answer, Exchange } from '../exchange.ts';
import type { Delivery, Provider, Verdict } from '../provider.ts';
import type { SimulatorState } from '../state.ts';
import { AccessTokens } from './access-tokens.ts';
import { meets, parseCondition } from './condition.ts';
import { conform } from './conform.ts';
import {
  errorAnswer,
  type ErrorParts,
  faultAnswer,
  jsonAnswer,
  malformedRequest,
  namedErrors,
  permissionDenied,
} from './errors.ts';
import { render } from './render.ts';
import { type Message, sendMessageRequest, type SendMessageRequest } from './schema.ts';
import {
  type SizeLimits,
  validateForDevice,
  validateForTopic,
  validateMessage,
} from './validate.ts';

/** How strict this FCM is. */
export interface FcmOptions {
  /** Projects that may be sent for; undefined: any. */
  readonly projects: readonly string[] | undefined;
  /** Refuse addresses nobody declared, as `UNREGISTERED`. */
  readonly strictDevices: boolean;
  readonly limits: SizeLimits;
}

/** FCM, with the one thing a test may do to it. */
export interface FcmProvider extends Provider {
  /** Expires one access token, or every one seen so far; answers how many. */
  expireAccessTokens(token?: string): number;
}

const SEND_PATH = /^\/v1\/projects\/([^/]+)\/messages:send$/;
const NO_DELIVERIES = () => [];

/** Makes an FCM over the simulator's state. */
export function createFcm(state: SimulatorState, options: FcmOptions): FcmProvider {
  const accessTokens = new AccessTokens();
  const messageIdSuffix = randomBytes(8).toString('hex');
  let messages = 0;

  /** Ids look like the service's: microseconds, `%`, 16 hexadecimal digits. */
  const accepted = (project: string, validateOnly: boolean, at: number): Answer => {
    messages += 1;
    const microseconds = at * 1000 + (messages % 1000);
    const id = validateOnly ? VALIDATED_ONLY_ID : `0:${microseconds}%${messageIdSuffix}`;
    return jsonAnswer(200, { name: `projects/${project}/messages/${id}` });
  };

  const receive = (exchange: Exchange, at: number): Verdict => {
    const body = parseJson(exchange.body);
    const address = addressIn(body.json);
    const refuse = (error: ErrorParts): Verdict => ({
      body: body.json ?? exchange.body,
      address,
      answer: errorAnswer(error),
      deliveries: NO_DELIVERIES,
    });

    const credentials = accessTokens.judge(exchange.headers.authorization);
    if (credentials !== undefined) return refuse(credentials);
    const project = decodePart(SEND_PATH.exec(exchange.path)?.[1] ?? '');
    if (options.projects !== undefined && !options.projects.includes(project)) {
      return refuse(permissionDenied(project));
    }
    if (body.error !== undefined) return refuse(malformedRequest([{ description: body.error }]));
    const conformed = conform(sendMessageRequest, body.json);
    if ('violations' in conformed) return refuse(malformedRequest(conformed.violations));
    const request = conformed.value as SendMessageRequest;
    const message = request.message ?? {};
    const invalid = validateMessage(message);
    if (invalid !== undefined) return refuse(invalid);
    const recipients = findRecipients(message, project, at);
    if ('error' in recipients) return refuse(recipients.error);
    return {
      body: body.json,
      address,
      answer: accepted(project, request.validate_only === true, at),
      deliveries: () =>
        request.validate_only === true ? [] : deliveriesOf(message, recipients.devices()),
    };
  };

  const findRecipients = (
    message: Message,
    project: string,
    at: number,
  ): { readonly error: ErrorParts } | { readonly devices: () => readonly Device[] } => {
    const { token, fid, topic, condition } = message;
    const address = token || fid;
    if (!address) {
      const error = validateForTopic(message, options.limits);
      if (error !== undefined) return { error };
      const parsed = condition ? parseCondition(condition) : undefined;
      return {
        devices: () =>
          parsed === undefined
            ? state.devices.subscribersOf(topic ?? '')
            : state.devices.whereTopics((topics) => meets(parsed, topics)),
      };
    }
    const device = findDevice(address, at);
    const error = deviceError(device, message, project);
    return error === undefined && device !== undefined
      ? { devices: () => [device] }
      : { error: error ?? namedErrors.UNREGISTERED };
  };

  const findDevice = (address: string, at: number): Device | undefined => {
    if (options.strictDevices) return state.devices.get(address);
    const { device, isNew } = state.devices.meet(address, at);
    if (isNew && state.events.heard) state.events.emit({ type: 'device', device });
    return device;
  };

  const deviceError = (
    device: Device | undefined,
    message: Message,
    project: string,
  ): ErrorParts | undefined => {
    if (device === undefined) return namedErrors.UNREGISTERED;
    if (device.projectId !== undefined && device.projectId !== project) {
      return namedErrors.SENDER_ID_MISMATCH;
    }
    const invalid = validateForDevice(message, device, options.limits);
    if (invalid !== undefined) return invalid;
    if (device.state === 'live') return undefined;
    return device.platform === 'ios' ? namedErrors.APNS_UNREGISTERED : namedErrors.UNREGISTERED;
  };

  return {
    name: 'fcm',
    errorCodes: Object.keys(namedErrors),
    claims: (method, path) => method === 'POST' && SEND_PATH.test(path),
    receive,
    faultAnswer,
    reset: () => accessTokens.clear(),
    expireAccessTokens: (token) => accessTokens.expire(token),
  };
}

function deliveriesOf(message: Message, devices: readonly Device[]): Delivery[] {
  return devices.map((device) => ({ device, rendered: render(message, device.platform) }));
}

/** What the service answers to `validate_only` in place of an id. */
const VALIDATED_ONLY_ID = 'fake_message_id';

interface ParsedBody {
  readonly json: unknown;
  readonly error?: string;
}

function parseJson(body: string | undefined): ParsedBody {
  if (body === undefined) {
    return { json: undefined, error: 'Request payload size exceeds the limit: 1048576 bytes.' };
  }
  if (body === '') return { json: {} };
  try {
    return { json: JSON.parse(body) as unknown };
  } catch (error) {
    const why = `Invalid JSON payload received. ${(error as Error).message}`;
    return { json: undefined, error: why };
  }
}

/** Where a message is meant to go, read from JSON that may be wrong in any other way. */
function addressIn(json: unknown): string | undefined {
  const message = (json as { message?: Record<string, unknown> } | null | undefined)?.message;
  if (typeof message !== 'object' || message === null) return undefined;
  const { token, fid, topic } = message;
  if (typeof token === 'string') return token;
  if (typeof fid === 'string') return fid;
  return typeof topic === 'string' ? `/topics/${topic}` : undefined;
}

function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    // A stray percent sign: no project has such a name, so the text itself will match none.
    return part;
  }
}
