/**
 * What came of looking at one thing: every fact of a project is read by itself, and one that cannot be read never hides the others.
 */
import { own } from '../../model/own';

/** What somebody needs to be allowed to look. */
export interface Need {
  readonly permission: string;
  /** A role that contains it, and changes nothing. */
  readonly role: string;
}

export type Unread =
  /** 403. */
  | { readonly kind: 'refused'; readonly need: Need }
  /** The API that would say it is not enabled in the project. */
  | { readonly kind: 'disabled'; readonly api: string }
  /** 401: the credentials are no longer good. */
  | { readonly kind: 'signed-out' }
  | { readonly kind: 'unreachable'; readonly why: string };

export type Reading<Value> =
  | { readonly kind: 'known'; readonly value: Value }
  /** 404: looked, and it is not there. */
  | { readonly kind: 'absent' }
  | Unread;

export function known<Value>(value: Value): Reading<Value> {
  return { kind: 'known', value };
}

export const ABSENT = { kind: 'absent' } as const;

export function unreachable(why: string): Unread {
  return { kind: 'unreachable', why };
}

/** Why a request that was given `timeoutMs` had no answer. */
export function whyOf(error: unknown, timeoutMs: number): string {
  const { name, message, cause } = error as Error;
  if (name === 'TimeoutError') return `no answer within ${timeoutMs / 1000} s`;
  const code = own(cause, 'code');
  return typeof code === 'string' ? code : message;
}

/** Goes on with a value that is known; everything else stays as it is. */
export function mapReading<From, To>(
  reading: Reading<From>,
  change: (value: From) => To,
): Reading<To> {
  return reading.kind === 'known' ? known(change(reading.value)) : reading;
}

export function isUnread(reading: Reading<unknown>): reading is Unread {
  return reading.kind !== 'known' && reading.kind !== 'absent';
}
