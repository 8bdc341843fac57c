/** FCM v1 `messages:send`: from a request to an answer and the devices it reaches. */
import { randomBytes } from 'node:crypto';
import type { Device } from '../devices.ts';
import type { Answer, Exchange } from '../exchange.ts';
import type { Delivery, Endpoint, Verdict } from '../provider.ts';
import type { SimulatorState } from '../state.ts';
import { meets, parseCondition } from './condition.ts';
import { conform } from './conform.ts';
import { errorAnswer, jsonAnswer, pushName, type ErrorParts } from './envelope.ts';
import { faultAnswer, malformedRequest, namedErrors, permissionDenied } from './errors.ts';
import { decodePart, deviceError, type Gate, readJson } from './gate.ts';
import { render } from './render.ts';
import { type Message, sendMessageRequest, type SendMessageRequest } from './schema.ts';
import {
  type SizeLimits,
  validateForDevice,
  validateForTopic,
  validateMessage,
} from './validate.ts';

const SEND_PATH = /^\/v1\/projects\/([^/]+)\/messages:send$/;
const NO_DELIVERIES = () => [];

/** Makes the API that sends messages. */
export function createSendEndpoint(
  state: SimulatorState,
  gate: Gate,
  limits: SizeLimits,
): Endpoint {
  const messageIdSuffix = randomBytes(8).toString('hex');
  let messages = 0;

  /** Ids look like the service's: microseconds, `%`, 16 hexadecimal digits. */
  const accepted = (project: string, validateOnly: boolean, at: number): Answer => {
    messages += 1;
    const microseconds = at * 1000 + (messages % 1000);
    const id = validateOnly ? VALIDATED_ONLY_ID : `0:${microseconds}%${messageIdSuffix}`;
    return jsonAnswer(200, { name: pushName(project, id) });
  };

  const receive = (exchange: Exchange, at: number): Verdict => {
    const body = readJson(exchange.body);
    const address = addressIn(body.json);
    const refuse = (error: ErrorParts): Verdict => ({
      body: body.json ?? exchange.body,
      address,
      answer: errorAnswer(error),
      deliveries: NO_DELIVERIES,
    });

    const credentials = gate.accessTokens.judge(exchange.headers.authorization);
    if (credentials !== undefined) return refuse(credentials);
    const project = decodePart(SEND_PATH.exec(exchange.path)?.[1] ?? '');
    if (!gate.knowsProject(project)) return refuse(permissionDenied(project));
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
      const error = validateForTopic(message, limits);
      if (error !== undefined) return { error };
      const parsed = condition ? parseCondition(condition) : undefined;
      return {
        devices: () =>
          parsed === undefined
            ? state.devices.subscribersOf(topic ?? '')
            : state.devices.whereTopics((topics) => meets(parsed, topics)),
      };
    }
    const device = gate.device(address, at);
    if (device === undefined) return { error: namedErrors.UNREGISTERED };
    const error = validateForDevice(message, device, limits) ?? deviceError(device, project);
    return error === undefined ? { devices: () => [device] } : { error };
  };

  return {
    provider: 'fcm',
    claims: (method, path) => method === 'POST' && SEND_PATH.test(path),
    receive,
    faultAnswer,
  };
}

function deliveriesOf(message: Message, devices: readonly Device[]): Delivery[] {
  return devices.map((device) => ({ device, rendered: render(message, device.platform) }));
}

/** What the service answers to `validate_only` in place of an id. */
const VALIDATED_ONLY_ID = 'fake_message_id';

/** Where a message is meant to go, read from JSON that may be wrong in any other way. */
function addressIn(json: unknown): string | undefined {
  const message = (json as { message?: Record<string, unknown> } | null | undefined)?.message;
  if (typeof message !== 'object' || message === null) return undefined;
  const { token, fid, topic } = message;
  if (typeof token === 'string') return token;
  if (typeof fid === 'string') return fid;
  return typeof topic === 'string' ? `/topics/${topic}` : undefined;
}
