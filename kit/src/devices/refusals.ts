/**
 * Why a registration is refused: words for the person who writes the app, which hold no address and name no other user.
 */
import type { CollectionNames } from '../store/collections';

/** A call that is refused for a reason that its caller can do something about. */
export class RefusedError extends Error {
  /** As callables answer it. */
  readonly code: 'resource-exhausted' | 'permission-denied' | 'failed-precondition';

  constructor(code: RefusedError['code'], message: string) {
    super(message);
    this.name = 'RefusedError';
    this.code = code;
  }
}

/** The caller has taken as many addresses from others as a day allows. */
export class TooManyTakeoversError extends RefusedError {
  constructor(max: number) {
    super(
      'resource-exhausted',
      `Expected at most ${max} devices taken over from others within a day, got more. Try again tomorrow.`,
    );
    this.name = 'TooManyTakeoversError';
  }
}

/** An anonymous account, which anybody can have any number of, wants another user's device. */
export class AnonymousTakeoverError extends RefusedError {
  constructor() {
    super(
      'permission-denied',
      'This device is registered to another user, and an anonymous account cannot take it over. Either sign in first, ' +
        'or renew the token (deleteToken(), then getToken()) and register the new one.',
    );
    this.name = 'AnonymousTakeoverError';
  }
}

/** The field of addresses of a user's document holds something of the app's own, which is not overwritten. */
export class TokensFieldError extends RefusedError {
  constructor(tokens: unknown, { users, tokensField }: CollectionNames) {
    super(
      'failed-precondition',
      `Expected the field "${tokensField}" of ${users}/{uid} to be an array of device tokens, or absent, got ${typeName(tokens)}. ` +
        'It was not changed: move it to a field of another name, then register again.',
    );
    this.name = 'TokensFieldError';
  }
}

function typeName(value: unknown): string {
  if (typeof value === 'object') return 'a map';
  return `a ${typeof value}`;
}
