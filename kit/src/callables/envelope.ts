/**
 * Reads what a callable is called with before the SDK does; pure.
 *
 * The SDK logs what it cannot read: a body without `data`, unknown `@type`s, the content type, names of fields. Any of these may be or
 * hold a device's address. So whatever is malformed never reaches it, and what does is plain JSON of bounded depth.
 */
import { isRecord } from '../model/is-record';

/** What is read of a request. */
export interface Envelope {
  readonly method: string;
  readonly contentType: string | undefined;
  /** As the platform has parsed it. */
  readonly body: unknown;
}

export type ReadEnvelope =
  | { readonly data: unknown }
  /** What was expected; never what came instead. */
  | { readonly fault: string };

/** Our deepest input is an object of strings: whatever is deeper is no honest call, and could exhaust the stack of who reads it. */
export const MAX_DEPTH = 8;
/** Values in all: what is beyond is longer than any request may be. */
const MAX_VALUES = 2_000;

const EXPECTED =
  'expected a request as httpsCallable() sends it: POST, application/json, and a body of {"data": …} with nothing else';

/** The `data` of a call, free of Google's `@type` wrappers (of 64-bit numbers), or what is wrong with the call. */
export function readEnvelope({ method, contentType, body }: Envelope): ReadEnvelope {
  if (method !== 'POST') return { fault: EXPECTED };
  const [mediaType = ''] = (contentType ?? '').split(';');
  if (mediaType.trim().toLowerCase() !== 'application/json') return { fault: EXPECTED };
  if (!isObject(body) || !Object.hasOwn(body, 'data') || Object.keys(body).length !== 1) {
    return { fault: EXPECTED };
  }
  const left = { values: MAX_VALUES };
  try {
    return { data: plain(body['data'], 1, left) };
  } catch (error) {
    if (error instanceof TooMuchError) return { fault: error.message };
    throw error;
  }
}

class TooMuchError extends Error {}

function plain(value: unknown, depth: number, left: { values: number }): unknown {
  left.values -= 1;
  if (left.values < 0) throw new TooMuchError(`expected at most ${MAX_VALUES} values`);
  if (typeof value !== 'object' || value === null) return value;
  if (depth > MAX_DEPTH) {
    throw new TooMuchError(`expected objects and lists nested at most ${MAX_DEPTH} deep`);
  }
  if (Array.isArray(value)) return value.map((item) => plain(item, depth + 1, left));
  if (Object.hasOwn(value, '@type')) return unwrapped(value as Record<string, unknown>);
  // Assigned one by one, a field named __proto__ would become the prototype.
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => name !== '__proto__')
      .map(([name, item]) => [name, plain(item, depth + 1, left)]),
  );
}

/** Android and iOS wrap 64-bit numbers; of anything else that is wrapped nothing is known. */
function unwrapped({ value }: Record<string, unknown>): number | null {
  const number = typeof value === 'string' || typeof value === 'number' ? Number(value) : NaN;
  return Number.isFinite(number) ? number : null;
}

/** Whether a header is `Bearer` and something like an ID token: three parts, the second of which is a JSON object in base64url. */
export function isBearerToken(authorization: string): boolean {
  const [, token = ''] = /^Bearer ([\w.=-]+)$/i.exec(authorization) ?? [];
  return isJsonWebToken(token);
}

/** As above, for a token alone. */
export function isJsonWebToken(token: string): boolean {
  const parts = token.split('.');
  if (parts.length !== 3) return false;
  try {
    return isObject(JSON.parse(Buffer.from(parts[1] ?? '', 'base64url').toString()));
  } catch {
    return false;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return isRecord(value) && !Buffer.isBuffer(value);
}
