import { once } from 'node:events';
import { constants, type ClientHttp2Session } from 'node:http2';
import { createSimulator, type FaultSpec, type Simulator } from './index.ts';
import { next, openSession, SEND_PATH, sendMessage, sendOn } from './testing/fcm-client.ts';

const ADDRESS = 'device:1';

let simulator: Simulator;
let session: ClientHttp2Session;
beforeEach(async () => {
  simulator = await createSimulator();
  session = await openSession(simulator.url);
});
afterEach(async () => {
  session.destroy();
  await simulator.close();
});

const inbox = () => simulator.inbox(ADDRESS);
const lastRequest = () => simulator.requests().at(-1);

/** Resolves when the simulator has concluded a request. */
const concluded = () =>
  new Promise<void>((resolve) => {
    const unsubscribe = simulator.subscribe(({ type }) => {
      if (type !== 'request') return;
      unsubscribe();
      resolve();
    });
  });

describe('faults that answer', () => {
  it.each<[string, FaultSpec['then'], number, string[]]>([
    ['an error code', { errorCode: 'QUOTA_EXCEEDED' }, 429, ['FcmError', 'QuotaFailure']],
    [
      'an error code with another status',
      { errorCode: 'INTERNAL', status: 503 },
      503,
      ['FcmError'],
    ],
    ['a 429 alone, which is the project quota', { status: 429 }, 429, ['ErrorInfo', 'Help']],
    ['a 404 alone, which says nothing of the device', { status: 404 }, 404, []],
    ['an expired access token', { status: 401 }, 401, ['ErrorInfo']],
    [
      'an Apple device gone, as a 400',
      { errorCode: 'APNS_TOKEN_DISABLED' },
      400,
      ['FcmError', 'ApnsError'],
    ],
    ['a wait alone, which is a 503', { retryAfterSeconds: 7 }, 503, ['FcmError']],
  ])('give %s', async (_what, then, status, details) => {
    simulator.addFault({ times: 1, then });
    const answer = await sendOn(session);
    const { error } = JSON.parse(answer.body) as {
      error: { code: number; details?: { '@type': string }[] };
    };
    expect([answer.status, error.code]).toEqual([status, status]);
    expect(error.details?.map((detail) => detail['@type'].split('.').at(-1)) ?? []).toEqual(
      details,
    );
    expect(inbox()).toEqual([]);
    expect(lastRequest()).toMatchObject({ faultId: 'f1', ending: 'answered', delivered: 0 });
    expect((await sendOn(session)).status).toBe(200);
  });

  it('carry a Retry-After', async () => {
    simulator.addFault({ then: { status: 503, retryAfterSeconds: 30 } });
    expect((await sendOn(session)).headers['retry-after']).toBe('30');
  });

  it('give HTML as the front end does', async () => {
    simulator.addFault({ times: 1, then: { status: 502 } });
    const answer = await sendOn(session);
    expect([answer.status, answer.headers['content-type']]).toEqual([
      502,
      'text/html; charset=UTF-8',
    ]);
    simulator.addFault({ then: { status: 404, body: '<p>own' } });
    expect(await sendOn(session)).toMatchObject({ status: 404, body: '<p>own' });
  });

  it('give a success without a name, or without a body', async () => {
    simulator.addFault({ times: 1, then: { status: 201 } });
    simulator.addFault({ times: 1, then: { status: 204 } });
    expect(await sendOn(session)).toMatchObject({ status: 201, body: '{}\n' });
    expect(await sendOn(session)).toMatchObject({ status: 204, body: '' });
  });

  it('deliver and still answer 503 when told to', async () => {
    simulator.addFault({ then: { errorCode: 'UNAVAILABLE', deliver: true } });
    expect((await sendOn(session)).status).toBe(503);
    expect(inbox()).toHaveLength(1);
  });

  it('accept without delivering when told to', async () => {
    simulator.addFault({ then: { deliver: false, delayMs: 0 } });
    expect((await sendOn(session)).status).toBe(200);
    expect(inbox()).toEqual([]);
  });

  it('cut the answer in half', async () => {
    simulator.addFault({ then: { truncate: true } });
    const { status, body } = await sendOn(session);
    expect(status).toBe(200);
    expect(body.length).toBeGreaterThan(0);
    expect(() => JSON.parse(body) as unknown).toThrow();
  });

  it('wait before they answer, while later requests are answered', async () => {
    simulator.addFault({ times: 1, then: { delayMs: 50 } });
    const order: string[] = [];
    const slow = sendOn(session).then(({ status }) => order.push(`slow ${status}`));
    const quick = sendOn(session).then(({ status }) => order.push(`quick ${status}`));
    await Promise.all([slow, quick]);
    expect(order).toEqual(['quick 200', 'slow 200']);
  });
});

describe('faults of the connection', () => {
  it.each<[FaultSpec['then']['reset'], number]>([
    [true, constants.NGHTTP2_INTERNAL_ERROR],
    ['REFUSED_STREAM', constants.NGHTTP2_REFUSED_STREAM],
    ['ENHANCE_YOUR_CALM', constants.NGHTTP2_ENHANCE_YOUR_CALM],
  ])('reset the stream with %s and leave the session', async (reset, code) => {
    simulator.addFault({ times: 1, then: { reset: reset! } });
    expect(await sendOn(session)).toMatchObject({ status: undefined, rstCode: code });
    expect(inbox()).toEqual([]);
    expect((await sendOn(session)).status).toBe(200);
  });

  it('send GOAWAY and answer the request', async () => {
    simulator.addFault({ times: 1, then: { goaway: true } });
    const goaway = next(session, 'goaway');
    const answer = sendOn(session);
    expect((await goaway).slice(0, 2)).toEqual([constants.NGHTTP2_NO_ERROR, 1]);
    expect((await answer).status).toBe(200);
    expect(inbox()).toHaveLength(1);
  });

  it('send GOAWAY below the request, which is refused unprocessed', async () => {
    await sendOn(session);
    simulator.addFault({ then: { goaway: { processed: false, debugData: 'bye' } } });
    const goaway = next(session, 'goaway');
    const answer = await sendOn(session);
    expect(answer).toMatchObject({
      status: undefined,
      rstCode: constants.NGHTTP2_REFUSED_STREAM,
    });
    const [code, lastStreamId, data] = await goaway;
    expect([code, lastStreamId, String(data)]).toEqual([constants.NGHTTP2_NO_ERROR, 1, 'bye']);
    expect(inbox()).toHaveLength(1);
    expect(lastRequest()).toMatchObject({ ending: 'refused', response: null });
  });

  it('refuse the first request of a session unprocessed too', async () => {
    simulator.addFault({ times: 1, then: { goaway: { processed: false } } });
    const goaway = next(session, 'goaway');
    expect((await sendOn(session)).rstCode).toBe(constants.NGHTTP2_REFUSED_STREAM);
    await goaway;
    expect(inbox()).toEqual([]);
  });

  it('send GOAWAY with an error code', async () => {
    simulator.addFault({ then: { goaway: { code: 'ENHANCE_YOUR_CALM' } } });
    const goaway = next(session, 'goaway');
    void sendOn(session);
    expect((await goaway)[0]).toBe(constants.NGHTTP2_ENHANCE_YOUR_CALM);
  });

  it('let the other requests of a session that goes away finish', async () => {
    simulator.addFault({ times: 1, match: { address: 'slow' }, then: { delayMs: 50 } });
    simulator.addFault({ times: 1, match: { address: 'last' }, then: { goaway: true } });
    const answers = await Promise.all([
      sendOn(session, { token: 'slow', data: {} }),
      sendOn(session, { token: 'last', data: {} }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  });

  it('never answer', async () => {
    simulator.addFault({ times: 1, then: { hang: true, deliver: true } });
    const hung = concluded();
    void sendOn(session);
    await hung;
    expect((await sendOn(session)).status).toBe(200);
    expect(simulator.requests().map(({ ending }) => ending)).toEqual(['hung', 'answered']);
    expect(inbox()).toHaveLength(2);
  });

  it('keep a session whose client gives up on thousands of requests', async () => {
    const { id } = simulator.addFault({ then: { hang: true } });
    for (let batch = 1; batch <= 40; batch += 1) {
      const streams = Array.from({ length: 50 }, () => {
        return session.request({ ':method': 'POST', ':path': SEND_PATH }).end('{}');
      });
      while (simulator.requestCount() < batch * 50) await concluded();
      const closed = streams.map((stream) => once(stream, 'close'));
      for (const stream of streams) stream.close(constants.NGHTTP2_NO_ERROR);
      await Promise.all(closed);
    }
    simulator.removeFault(id);
    expect((await sendOn(session)).status).toBe(200);
  });

  it.each<[FaultSpec['then']['disconnect']]>([[true], ['rst']])(
    'destroy the connection: %s',
    async (disconnect) => {
      simulator.addFault({ then: { disconnect: disconnect! } });
      const closed = next(session, 'close');
      void sendOn(session);
      await closed;
      expect(lastRequest()).toMatchObject({ ending: 'disconnected' });
    },
  );

  it('destroy the connection under TLS as well', async () => {
    const ca = await simulator.certificate();
    const secure = await openSession(`https://127.0.0.1:${simulator.port}`, { ca });
    simulator.addFault({ then: { disconnect: 'rst' } });
    const closed = next(secure, 'close');
    void sendOn(secure);
    await closed;
    expect(lastRequest()).toMatchObject({ ending: 'disconnected' });
  });

  it('lower the number of streams a session may have', async () => {
    simulator.addFault({ times: 1, then: { maxConcurrentStreams: 3 } });
    expect(session.remoteSettings.maxConcurrentStreams).toBe(100);
    const settings = next(session, 'remoteSettings');
    expect((await sendOn(session)).status).toBe(200);
    await settings;
    expect(session.remoteSettings.maxConcurrentStreams).toBe(3);
  });

  it.each<[string, FaultSpec['then']]>([
    ['reset', { reset: true }],
    ['goaway', { goaway: { processed: false } }],
    ['disconnect', { disconnect: 'rst' }],
  ])('lose an HTTP/1.1 client its socket: %s', async (_what, then) => {
    simulator.addFault({ times: 1, then });
    await expect(sendMessage(simulator.url, { token: ADDRESS, data: {} })).rejects.toThrow();
    expect((await sendMessage(simulator.url, { token: ADDRESS, data: {} })).status).toBe(200);
  });

  it('close the connection of an HTTP/1.1 client after a processed GOAWAY', async () => {
    simulator.addFault({ then: { goaway: true, maxConcurrentStreams: 1 } });
    const response = await fetch(`${simulator.url}${SEND_PATH}`, {
      method: 'POST',
      headers: { authorization: 'Bearer x' },
      body: JSON.stringify({ message: { token: ADDRESS, data: {} } }),
    });
    expect([response.status, response.headers.get('connection')]).toEqual([200, 'close']);
    await response.text();
  });
});

describe('which requests a fault strikes', () => {
  const statuses = async (addresses: string[]) => {
    const result: (number | undefined)[] = [];
    for (const token of addresses) result.push((await sendOn(session, { token, data: {} })).status);
    return result;
  };

  it('those to an address, so many times', async () => {
    simulator.addFault({ match: { address: 'a' }, times: 2, then: { status: 500 } });
    expect(await statuses(['a', 'b', 'a', 'a'])).toEqual([500, 200, 500, 200]);
    expect(simulator.faults()).toEqual([]);
  });

  it('those to addresses that begin alike', async () => {
    simulator.addFault({ match: { address: 'bad-*' }, then: { status: 500 } });
    expect(await statuses(['bad-1', 'good-1', 'bad-2'])).toEqual([500, 200, 500]);
  });

  it('those to a topic', async () => {
    simulator.addFault({ match: { address: '/topics/news' }, then: { status: 500 } });
    expect((await sendOn(session, { topic: 'news', data: {} })).status).toBe(500);
  });

  it('those of a provider and a path', async () => {
    simulator.addFault({
      match: { provider: 'fcm', path: '/v1/projects/other/*' },
      then: { status: 500 },
    });
    simulator.addFault({ match: { provider: 'fcm', path: SEND_PATH }, then: { status: 503 } });
    expect(await statuses(['a'])).toEqual([503]);
  });

  it('the oldest first, and the next when that is used up', async () => {
    simulator.addFault({ times: 1, then: { status: 500 } });
    simulator.addFault({ times: 1, then: { status: 503 } });
    expect(await statuses(['a', 'a', 'a'])).toEqual([500, 503, 200]);
  });

  it('a part of them, the same in every run of the same dice', async () => {
    const dice = [0.1, 0.9, 0.24, 0.25];
    const loaded = await createSimulator({ random: () => dice.shift() ?? 1 });
    loaded.addFault({ rate: 0.25, then: { status: 500 } });
    const result: number[] = [];
    for (const token of ['a', 'b', 'c', 'd']) {
      result.push((await sendMessage(loaded.url, { token, data: {} })).status);
    }
    await loaded.close();
    expect(result).toEqual([500, 200, 500, 200]);
  });

  it('no more once it is removed', async () => {
    const { id } = simulator.addFault({ then: { status: 500 } });
    expect(await statuses(['a'])).toEqual([500]);
    expect(simulator.faults()).toMatchObject([{ id, struck: 1, left: null }]);
    expect(simulator.removeFault(id)).toBe(true);
    expect(simulator.removeFault(id)).toBe(false);
    expect(await statuses(['a'])).toEqual([200]);
  });
});

it('shortens a real access token before anybody can see it', async () => {
  const token = `ya29.${'secret'.repeat(30)}`;
  await fetch(`${simulator.url}${SEND_PATH}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${token}` },
    body: '{}',
  });
  expect(lastRequest()?.headers.authorization).toBe('Bearer ya29.… (192 characters)');
});

it('answers every one of thousands of requests at once, each with its own name', async () => {
  const answers = await Promise.all(
    Array.from({ length: 2000 }, (_each, index) => {
      return sendOn(session, { token: `device:${index}`, notification: { title: String(index) } });
    }),
  );
  expect(answers.filter(({ status }) => status !== 200)).toEqual([]);
  expect(simulator.requestCount()).toBe(2000);
  expect(simulator.inbox('device:1999')).toMatchObject([{ title: '1999' }]);
});
