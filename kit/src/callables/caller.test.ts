import { HttpsError } from 'firebase-functions/https';
import { fingerprint } from '../model/address';
import { TooManyTakeoversError } from '../devices/refusals';
import { asHttpsErrors, admitCaller, type Caller } from './caller';

const free = { take: () => 0 };
const signedIn = { auth: { uid: 'ola' } } as Caller;

const said: unknown[] = [];
jest.mock('firebase-functions/logger', () => ({
  warn: (...words: unknown[]) => said.push(words),
  error: (...words: unknown[]) => said.push(words),
}));
beforeEach(() => {
  said.length = 0;
});

async function failure(error: unknown, addresses: readonly string[] = []): Promise<HttpsError> {
  const thrown: unknown = await asHttpsErrors('registerToken', 'ola', addresses, () =>
    Promise.reject(error as Error),
  ).catch((reason: unknown) => reason);
  if (thrown instanceof HttpsError) return thrown;
  throw new Error('expected an HttpsError');
}

describe('admitCaller', () => {
  it('names the signed-in user', () => {
    expect(admitCaller(signedIn, free)).toBe('ola');
  });

  it('refuses who is not signed in, and says what to do', () => {
    expect(() => admitCaller({}, free)).toThrow('Sign in first');
  });

  it.each(['a/b/c', '..', '__x__', ''])('refuses the user id %j, which is no document’s', (uid) => {
    expect(() => admitCaller({ auth: { uid } } as Caller, free)).toThrow('cannot be a document id');
  });

  it('refuses who calls too often, and says when to try again', () => {
    let error: unknown;
    try {
      admitCaller(signedIn, { take: () => 1_400 });
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toMatchObject({
      code: 'resource-exhausted',
      message: expect.stringContaining('Try again in 2 s') as string,
      details: { retryAfterSeconds: 2 },
    });
  });

  it('refuses an App Check token that was used before, and takes a fresh one', () => {
    const app = { appId: 'app', token: {} } as NonNullable<Caller['app']>;
    expect(admitCaller({ ...signedIn, app: { ...app, alreadyConsumed: false } }, free)).toBe('ola');
    expect(() =>
      admitCaller({ ...signedIn, app: { ...app, alreadyConsumed: true } }, free),
    ).toThrow('limitedUseAppCheckTokens');
  });
});

describe('asHttpsErrors', () => {
  it('passes on the answer, and an error that is one already', async () => {
    const answer = asHttpsErrors('registerToken', 'ola', [], () => Promise.resolve(1));
    expect(await answer).toBe(1);
    const refusal = new HttpsError('not-found', 'nothing there');
    expect(await failure(refusal)).toBe(refusal);
  });

  it('tells a user with too many takeovers to come back tomorrow', async () => {
    expect(await failure(new TooManyTakeoversError(20))).toMatchObject({
      code: 'resource-exhausted',
      message: expect.stringContaining('Try again tomorrow') as string,
    });
  });

  it('tells trouble that passes from trouble that does not', async () => {
    const busy = Object.assign(new Error('10 ABORTED'), { code: 10 });
    expect(await failure(busy)).toMatchObject({ code: 'unavailable' });
    expect(await failure(new Error('bug'))).toMatchObject({ code: 'internal' });
    expect(await failure('bug')).toMatchObject({ code: 'internal' });
  });

  it('keeps addresses out of the log and out of the answer', async () => {
    const address = 'phone:APA91b-secret';
    const error = await failure(new Error(`cannot write ${address}: ${address}`), [address]);
    expect(error.message).not.toContain(address);
    expect(JSON.stringify(said)).not.toContain(address);
    expect(JSON.stringify(said)).toContain(fingerprint(address));
  });
});
