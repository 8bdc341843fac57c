import { AccessTokens } from './access-token';

const MINUTE = 60_000;
let now = 0;
let fetches = 0;

beforeEach(() => {
  now = 0;
  fetches = 0;
});

/** Tokens t1, t2, … that live for so many seconds. */
function tokens(seconds = 3600): AccessTokens {
  return new AccessTokens(
    {
      getAccessToken: () => {
        fetches += 1;
        return Promise.resolve({ access_token: `t${fetches}`, expires_in: seconds });
      },
    },
    () => now,
  );
}

describe('get', () => {
  it('fetches one token for everybody who asks meanwhile, and keeps it', async () => {
    const sut = tokens();
    expect(await Promise.all([sut.get(), sut.get(), sut.get()])).toEqual(['t1', 't1', 't1']);
    expect(await sut.get()).toBe('t1');
    expect(fetches).toBe(1);
  });

  it('renews it five minutes before it ends', async () => {
    const sut = tokens();
    await sut.get();
    now = 55 * MINUTE - 1;
    expect(await sut.get()).toBe('t1');
    now = 55 * MINUTE;
    expect(await sut.get()).toBe('t2');
  });

  it('uses a token that is handed out late for half of what is left of it', async () => {
    const sut = tokens(4 * 60);
    await sut.get();
    now = 2 * MINUTE - 1;
    expect(await sut.get()).toBe('t1');
    now = 2 * MINUTE;
    expect(await sut.get()).toBe('t2');
  });

  it('does not keep a failure', async () => {
    let fail = true;
    const sut = new AccessTokens(
      {
        getAccessToken: () =>
          fail
            ? Promise.reject(new Error('metadata server is away'))
            : Promise.resolve({ access_token: 'ok', expires_in: 3600 }),
      },
      () => now,
    );
    await expect(Promise.all([sut.get(), sut.get()])).rejects.toThrow('metadata server is away');
    fail = false;
    expect(await sut.get()).toBe('ok');
  });
});

describe('replace', () => {
  it('fetches one token for everybody whose token was refused', async () => {
    const sut = tokens();
    const old = await sut.get();
    expect(await Promise.all([sut.replace(old), sut.replace(old)])).toEqual(['t2', 't2']);
    expect(await sut.replace(old)).toBe('t2');
    expect(await sut.get()).toBe('t2');
    expect(fetches).toBe(2);
  });

  it('gives a replacement that is refused as well, until a minute has passed', async () => {
    const sut = tokens();
    await sut.replace(await sut.get());
    now = MINUTE - 1;
    expect(await sut.replace('t2')).toBe('t2');
    expect(fetches).toBe(2);
    now = MINUTE;
    expect(await sut.replace('t2')).toBe('t3');
  });

  it('rejects when no token is to be had, and tries again next time', async () => {
    let away = false;
    const sut = new AccessTokens(
      {
        getAccessToken: () =>
          away
            ? Promise.reject(new Error('away'))
            : Promise.resolve({ access_token: `t${++fetches}`, expires_in: 3600 }),
      },
      () => now,
    );
    await sut.get();
    away = true;
    await expect(sut.replace('t1')).rejects.toThrow('away');
    away = false;
    expect(await sut.get()).toBe('t2');
  });
});
