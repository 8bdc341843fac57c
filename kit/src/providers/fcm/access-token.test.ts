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

/** A credential that has no token when it is asked for the first time, and how often it was asked. */
function awayAtFirst() {
  let asked = 0;
  const getAccessToken = () => {
    asked += 1;
    return asked === 1
      ? Promise.reject(new Error('metadata server is away'))
      : Promise.resolve({ access_token: 'ok', expires_in: 3600 });
  };
  return { sut: new AccessTokens({ getAccessToken }, () => now), asked: () => asked };
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

  it('asks again where the clock was set back since a failure', async () => {
    now = 60 * MINUTE;
    const { sut } = awayAtFirst();
    await expect(sut.get()).rejects.toThrow('metadata server is away');
    now = 0;
    expect(await sut.get()).toBe('ok');
  });

  it('is used no longer for a clock that was set back', async () => {
    now = 60 * MINUTE;
    const sut = tokens();
    await sut.get();
    now = 0;
    expect(await sut.get()).toBe('t2');
    expect(await sut.get()).toBe('t2');
  });

  it('asks nobody for two seconds after a failure, and keeps it no longer', async () => {
    const { sut, asked } = awayAtFirst();
    await expect(Promise.all([sut.get(), sut.get()])).rejects.toThrow('metadata server is away');
    now = 1_999;
    await expect(sut.get()).rejects.toThrow('metadata server is away');
    expect(asked()).toBe(1);
    now = 2_000;
    expect(await sut.get()).toBe('ok');
  });

  it('goes on with a token that is due for renewal but still valid, while no new one is to be had', async () => {
    const sut = new AccessTokens(
      {
        getAccessToken: () => {
          fetches += 1;
          return fetches === 1
            ? Promise.resolve({ access_token: 't1', expires_in: 3600 })
            : Promise.reject(new Error('away'));
        },
      },
      () => now,
    );
    await sut.get();
    now = 60 * MINUTE - 1;
    expect(await sut.get()).toBe('t1');
    now = 60 * MINUTE + 2_000;
    await expect(sut.get()).rejects.toThrow('away');
  });

  it('gives up a credential that never answers, and asks it again later', async () => {
    const sut = new AccessTokens(
      {
        getAccessToken: () => {
          fetches += 1;
          return fetches === 1
            ? new Promise(() => undefined)
            : Promise.resolve({ access_token: 'ok', expires_in: 3600 });
        },
      },
      () => now,
      10,
    );
    await expect(sut.get()).rejects.toThrow('expected an access token within 10 ms');
    now = 2_000;
    expect(await sut.get()).toBe('ok');
  });

  it('rejects for a credential that throws instead', async () => {
    const sut = new AccessTokens(
      {
        getAccessToken: () => {
          throw new Error('no key file');
        },
      },
      () => now,
    );
    await expect(sut.get()).rejects.toThrow('no key file');
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

  it('asks the credential for one that is not from its cache', async () => {
    const sut = new AccessTokens(
      {
        getAccessToken: () => Promise.resolve({ access_token: 'cached', expires_in: 3600 }),
        renew: () => Promise.resolve({ access_token: 'fresh', expires_in: 3600 }),
      },
      () => now,
    );
    expect(await sut.replace(await sut.get())).toBe('fresh');
    expect(await sut.get()).toBe('fresh');
  });

  it('says that a replacement which is refused as well is not worth another try, until a minute has passed', async () => {
    const sut = tokens();
    await sut.replace(await sut.get());
    now = MINUTE - 1;
    expect(await sut.replace('t2')).toBeUndefined();
    expect(fetches).toBe(2);
    now = MINUTE;
    expect(await sut.replace('t2')).toBe('t3');
  });

  it('gives a replacement once more that was accepted since: that it is refused now is no fault of its own', async () => {
    const sut = tokens();
    await sut.replace(await sut.get());
    sut.accepted('t1');
    expect(await sut.replace('t2')).toBeUndefined();
    sut.accepted('t2');
    expect(await sut.replace('t2')).toBe('t2');
    expect(fetches).toBe(2);
    // Refused for a minute, it has to prove itself again.
    now = MINUTE;
    await sut.replace('t2');
    expect(await sut.replace('t3')).toBeUndefined();
  });

  it('rejects when no token is to be had, and leaves the others the one there is', async () => {
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
    expect(await sut.get()).toBe('t1');
    away = false;
    now = MINUTE;
    expect(await sut.replace('t1')).toBe('t2');
  });
});
