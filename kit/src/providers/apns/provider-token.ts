/**
 * The provider token for APNs: one JWT a process, shared by every send, renewed within the bounds that Apple sets.
 *
 * Words: a token's *age* counts from its `iat`, which Apple checks; its *use* from when this process signed it, which Apple counts
 * updates by.
 *
 * @see https://developer.apple.com/documentation/usernotifications/establishing-a-token-based-connection-to-apns
 */
import { sign, type KeyObject } from 'node:crypto';

const MINUTE_MS = 60_000;
/** Apple: refresh the token no more than once every 20 minutes. */
export const MIN_USE_MS = 20 * MINUTE_MS;
/** Apple: a token whose `iat` is more than an hour ago is expired. Kept well below, for clocks that differ. */
export const MAX_AGE_MS = 55 * MINUTE_MS;
/**
 * `iat` is set back to the last half hour of the clock, so that all instances send tokens of one age: Apple was seen to count
 * the updates of a key over all its connections. Used for 20 to 30 minutes, such a token is at most 50 minutes old.
 */
const STEP_MS = 30 * MINUTE_MS;
/** A token of a moment further ahead than this was signed by a clock that has been set back since: Apple does not take it. */
const MAX_AHEAD_MS = MINUTE_MS;

export interface ProviderTokenOptions {
  /** EC P-256. */
  readonly key: KeyObject;
  readonly keyId: string;
  readonly teamId: string;
  readonly now: () => number;
}

interface IssuedToken {
  readonly token: string;
  readonly issuedAt: number;
}

export class ProviderTokens {
  private readonly options: ProviderTokenOptions;
  private current: IssuedToken | undefined;
  /** The token before; after one update too many, the token that was refused. */
  private other: IssuedToken | undefined;
  private signedAt = -Infinity;
  private keepUntil = -Infinity;
  /** Cleared once Apple called a token expired: its clock is ahead of ours, and a token had better be as young as it can be. */
  private stepped = true;

  constructor(options: ProviderTokenOptions) {
    this.options = options;
  }

  /** The token to send now. */
  get(): string {
    const now = this.now();
    const { current } = this;
    if (current === undefined) return this.issue(now);
    if (!this.isDue(current, now)) return current.token;
    return this.backToYounger(current, now) ?? this.issue(now);
  }

  /**
   * Apple called `token` expired: from now on another is sent. Many callers with the same refusal cause one renewal.
   *
   * @returns 0 when another token can be had at once, else the ms until Apple allows one.
   */
  expired(token: string): number {
    const now = this.now();
    const { current } = this;
    if (current === undefined || current.token !== token) return 0;
    if (this.backToYounger(current, now) !== undefined) return 0;
    const wait = this.signedAt + MIN_USE_MS - now;
    if (wait > 0) return wait;
    this.stepped = false;
    this.issue(now);
    return 0;
  }

  /** Apple says that `token` is one update too many: the one before is sent again while it lasts, and none is signed for a while. */
  tooManyUpdates(token: string): void {
    const now = this.now();
    const { current, other } = this;
    if (current === undefined || current.token !== token) return;
    this.keepUntil = now + MIN_USE_MS;
    if (other !== undefined && now - other.issuedAt < MAX_AGE_MS) this.swap(current, other);
  }

  /** The time. Where the clock was set back, what was measured by it before neither keeps a token nor delays one for longer. */
  private now(): number {
    const now = this.options.now();
    if (now < this.signedAt) {
      this.signedAt = now;
      this.keepUntil = Math.min(this.keepUntil, now + MIN_USE_MS);
      if (isAhead(this.other, now)) this.other = undefined;
      if (isAhead(this.current, now)) this.current = undefined;
    }
    return now;
  }

  /** After one update too many: the token that was it is none any more, and spares signing yet another. */
  private backToYounger(current: IssuedToken, now: number): string | undefined {
    const { other } = this;
    if (other === undefined || other.issuedAt <= current.issuedAt) return undefined;
    return now - other.issuedAt < MAX_AGE_MS ? this.swap(current, other) : undefined;
  }

  private swap(current: IssuedToken, other: IssuedToken): string {
    this.current = other;
    this.other = current;
    return other.token;
  }

  private isDue({ issuedAt }: IssuedToken, now: number): boolean {
    if (now - issuedAt >= MAX_AGE_MS) return true;
    if (now - this.signedAt < MIN_USE_MS || now < this.keepUntil) return false;
    return this.stepped ? issuedAt < stepOf(now) : now - issuedAt >= STEP_MS;
  }

  private issue(now: number): string {
    const issuedAt = this.stepped ? stepOf(now) : now;
    const { key, keyId, teamId } = this.options;
    const head = base64url({ alg: 'ES256', kid: keyId });
    const claims = base64url({ iss: teamId, iat: Math.floor(issuedAt / 1000) });
    const signed = `${head}.${claims}`;
    // JOSE wants r and s side by side (RFC 7518 §3.4), not in DER as is Node's default.
    const signature = sign('sha256', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' });
    const token = `${signed}.${signature.toString('base64url')}`;
    this.other = this.current;
    this.current = { token, issuedAt };
    this.signedAt = now;
    return token;
  }
}

function isAhead(token: IssuedToken | undefined, now: number): boolean {
  return token !== undefined && token.issuedAt > now + MAX_AHEAD_MS;
}

function stepOf(now: number): number {
  return now - (now % STEP_MS);
}

function base64url(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
