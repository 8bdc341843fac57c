/**
 * What FCM says, word for word: the simulator's answers, made once, and Google's front end when it says nothing that can be read.
 */
import { errorAnswer, pushName } from '../../../simulator/src/fcm/envelope.ts';
import {
  frontEndAnswer,
  invalidField,
  malformedRequest,
  namedErrors,
} from '../../../simulator/src/fcm/errors.ts';
import type { Http2Answer } from '../../../kit/src/providers/http2/answer.ts';
import { retryAfterHeader, type RetryAfter } from './exchange.ts';

/** Those that the simulator has names for, and the payload's fault said to be so. */
const errors = {
  ...namedErrors,
  INVALID_PAYLOAD: invalidField('message.data', 'Invalid data payload key: universe'),
};

/** An error by its name; `HTML`, `EMPTY`, `GARBAGE` and `NO_NAME` (JSON of another kind) come with any status, 200 as well. */
export interface FcmSaid {
  readonly what: keyof typeof errors | 'HTML' | keyof typeof ODD;
  /** Default: that of the error, else 200. */
  readonly status?: number;
  readonly retryAfter?: RetryAfter;
}

/** Says that the target is dead. */
const DEAD = new Set<string>(['UNREGISTERED', 'APNS_UNREGISTERED', 'APNS_TOKEN_DISABLED']);
/** Casts a doubt on the target, which the engine clears by a dry run to it alone. */
const DOUBTS = new Set<string>([
  'INVALID_ARGUMENT',
  'INVALID_REGISTRATION_TOKEN',
  'MESSAGE_TOO_BIG',
  'SENDER_ID_MISMATCH',
  'NOT_FOUND',
]);

/** Whether the engine may call the target dead after this answer. */
export function condemns({ what }: FcmSaid, isDryRun: boolean): boolean {
  return DEAD.has(what) || (isDryRun && DOUBTS.has(what));
}

type Response = Extract<Http2Answer, { kind: 'response' }>;

const OK = 200;
const NO_HEADERS = {};
const ODD = { EMPTY: '', GARBAGE: '{"name": "projects/demo/mess', NO_NAME: '{}' };
const made = new Map<string, Response>();

/** The answer. `now`: true time, ms since 1970. */
export function fcmAnswer({ what, status, retryAfter }: FcmSaid, now: number): Response {
  const key = `${what} ${status}`;
  let answer = made.get(key);
  if (answer === undefined) made.set(key, (answer = make(what, status)));
  if (retryAfter === undefined) return answer;
  return {
    ...answer,
    headers: { ...answer.headers, 'retry-after': retryAfterHeader(retryAfter, now) },
  };
}

/** A push was taken. */
export function fcmAccepted(project: string, id: string): Response {
  return {
    kind: 'response',
    status: 200,
    headers: NO_HEADERS,
    body: `{\n  "name": "${pushName(project, id)}"\n}\n`,
  };
}

/** The front end cannot make a message of the request. */
export function fcmMalformed(description: string): Response {
  return {
    kind: 'response',
    ...errorAnswer(malformedRequest([{ field: 'message', description }])),
  };
}

function make(what: FcmSaid['what'], status?: number): Response {
  if (what === 'HTML') return { kind: 'response', ...frontEndAnswer(status ?? OK) };
  if (what in ODD) {
    const body = ODD[what as keyof typeof ODD];
    return { kind: 'response', status: status ?? OK, headers: NO_HEADERS, body };
  }
  const answer = errorAnswer(errors[what as keyof typeof errors]);
  return { kind: 'response', ...answer, ...(status === undefined ? {} : { status }) };
}
