import { generateKeyPairSync, verify } from 'node:crypto';
import fc from 'fast-check';
import { MAX_AGE_MS, MIN_USE_MS, ProviderTokens } from './provider-token';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
/** A full hour of the clock. */
const NOON = 1_800_000_000_000;
const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });

function tokensAt(begin: number) {
  const clock = { now: begin };
  const tokens = new ProviderTokens({
    key: privateKey,
    keyId: 'KEY1234567',
    teamId: 'TEAM123456',
    now: () => clock.now,
  });
  return { clock, tokens };
}

function decoded(token: string) {
  const [head, claims] = token.split('.');
  const json = (part: string | undefined) =>
    JSON.parse(Buffer.from(part ?? '', 'base64url').toString()) as Record<string, unknown>;
  return { head: json(head), claims: json(claims) };
}

const issuedAt = (token: string): number => (decoded(token).claims['iat'] as number) * 1000;

describe('a provider token', () => {
  it('is an ES256 JWT with the key id and the team, and nothing else', () => {
    const { tokens } = tokensAt(NOON);
    expect(decoded(tokens.get())).toEqual({
      head: { alg: 'ES256', kid: 'KEY1234567' },
      claims: { iss: 'TEAM123456', iat: NOON / 1000 },
    });
  });

  it('is signed with r and s side by side', () => {
    const token = tokensAt(NOON).tokens.get();
    const [head, claims, signature] = token.split('.');
    const bytes = Buffer.from(signature as string, 'base64url');
    expect(bytes).toHaveLength(64);
    const signed = Buffer.from(`${head}.${claims}`);
    const key = { key: publicKey, dsaEncoding: 'ieee-p1363' as const };
    expect(verify('sha256', signed, key, bytes)).toBe(true);
  });

  it('is of one age in all instances, whenever they started', () => {
    const ages = [0, 7, 29].map((minute) =>
      issuedAt(tokensAt(NOON + minute * MINUTE).tokens.get()),
    );
    expect(new Set(ages)).toEqual(new Set([NOON]));
  });

  it('is one and the same for 30 minutes, then another', () => {
    const { clock, tokens } = tokensAt(NOON);
    const first = tokens.get();
    clock.now = NOON + 30 * MINUTE - 1;
    expect(tokens.get()).toBe(first);
    clock.now = NOON + 30 * MINUTE;
    expect(issuedAt(tokens.get())).toBe(NOON + 30 * MINUTE);
  });

  it('of an instance that started late in the half hour is kept for its 20 minutes', () => {
    const { clock, tokens } = tokensAt(NOON + 29 * MINUTE);
    const first = tokens.get();
    clock.now += MIN_USE_MS - 1;
    expect(tokens.get()).toBe(first);
    clock.now += 1;
    expect(tokens.get()).not.toBe(first);
  });

  it('is never older than 55 minutes and never in use for less than 20, however sends and refusals come', () => {
    const step = fc.record({
      after: fc.nat({ max: 2 * HOUR }),
      refusal: fc.constantFrom('none', 'none', 'expired', 'too many'),
    });
    fc.assert(
      fc.property(fc.nat({ max: HOUR }), fc.array(step, { maxLength: 40 }), (begin, steps) => {
        const { clock, tokens } = tokensAt(NOON + begin);
        let newSince = -Infinity;
        const seen = new Set<string>();
        const take = (token: string, now: number): void => {
          expect(now - issuedAt(token)).toBeLessThan(MAX_AGE_MS + 1000);
          expect(issuedAt(token)).toBeLessThanOrEqual(now);
          if (seen.has(token)) return;
          seen.add(token);
          expect(now - newSince).toBeGreaterThanOrEqual(MIN_USE_MS);
          newSince = now;
        };
        for (const { after, refusal } of steps) {
          clock.now += after;
          const token = tokens.get();
          take(token, clock.now);
          if (refusal === 'expired' && tokens.expired(token) === 0) {
            const renewed = tokens.get();
            expect(renewed).not.toBe(token);
            take(renewed, clock.now);
          }
          if (refusal === 'too many') tokens.tooManyUpdates(token);
        }
      }),
      { numRuns: 500 },
    );
  });
});

describe('a clock that is set back', () => {
  it('leaves no token of a future moment in use, and none that is older than an hour', () => {
    fc.assert(
      fc.property(
        fc.nat({ max: HOUR }),
        fc.array(fc.integer({ min: -5 * HOUR, max: HOUR }), { minLength: 1, maxLength: 20 }),
        (begin, steps) => {
          const { clock, tokens } = tokensAt(NOON + begin);
          tokens.get();
          for (const step of steps) {
            clock.now += step;
            const token = tokens.get();
            expect(issuedAt(token)).toBeLessThanOrEqual(clock.now + MINUTE);
            expect(clock.now - issuedAt(token)).toBeLessThan(MAX_AGE_MS + 1000);
            expect(tokens.expired(token)).toBeLessThanOrEqual(MIN_USE_MS);
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it('by a moment changes nothing', () => {
    const { clock, tokens } = tokensAt(NOON);
    const token = tokens.get();
    clock.now -= 5_000;
    expect(tokens.get()).toBe(token);
  });
});

describe('a token that Apple calls expired', () => {
  it('is replaced once for everybody who was refused, by one of this very moment', () => {
    const { clock, tokens } = tokensAt(NOON);
    const refused = tokens.get();
    clock.now += MIN_USE_MS;
    expect(tokens.expired(refused)).toBe(0);
    const renewed = tokens.get();
    expect(issuedAt(renewed)).toBe(clock.now);
    expect(tokens.expired(refused)).toBe(0);
    expect(tokens.get()).toBe(renewed);
  });

  it('is not replaced before Apple allows it; the wait is said', () => {
    const { clock, tokens } = tokensAt(NOON);
    const refused = tokens.get();
    clock.now += MINUTE;
    expect(tokens.expired(refused)).toBe(19 * MINUTE);
    expect(tokens.get()).toBe(refused);
  });

  it('makes every later token as young as it can be', () => {
    const { clock, tokens } = tokensAt(NOON + 5 * MINUTE);
    const refused = tokens.get();
    clock.now += 21 * MINUTE;
    tokens.expired(refused);
    clock.now += 30 * MINUTE;
    expect(issuedAt(tokens.get())).toBe(clock.now);
  });

  it('before any was sent changes nothing', () => {
    const { tokens } = tokensAt(NOON);
    expect(tokens.expired('of another process')).toBe(0);
    tokens.tooManyUpdates('of another process');
    expect(issuedAt(tokens.get())).toBe(NOON);
  });
});

describe('one update too many', () => {
  it('brings the token before back while it lasts', () => {
    const { clock, tokens } = tokensAt(NOON);
    const before = tokens.get();
    clock.now += 30 * MINUTE;
    const refused = tokens.get();
    tokens.tooManyUpdates(refused);
    expect(tokens.get()).toBe(before);
    tokens.tooManyUpdates(refused);
    clock.now += MIN_USE_MS - 1;
    expect(tokens.get()).toBe(before);
  });

  it('is none any more when the token before has grown too old', () => {
    const { clock, tokens } = tokensAt(NOON);
    tokens.get();
    clock.now += 40 * MINUTE;
    const refused = tokens.get();
    tokens.tooManyUpdates(refused);
    clock.now = NOON + MAX_AGE_MS;
    expect(tokens.get()).toBe(refused);
  });

  it('keeps the only token there is, and signs no other for 20 minutes', () => {
    const { clock, tokens } = tokensAt(NOON + 25 * MINUTE);
    const only = tokens.get();
    clock.now += 10 * MINUTE;
    tokens.tooManyUpdates(only);
    clock.now += 15 * MINUTE;
    expect(tokens.get()).toBe(only);
  });
});
