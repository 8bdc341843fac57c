import { createSimulator, type Simulator } from './index.ts';
import { openSession, sendMessage } from './testing/fcm-client.ts';

const TOKEN = 'a/b:c%d é?';
const PATH = `/simulator/devices/${encodeURIComponent(TOKEN)}`;

let simulator: Simulator;
let warnings: string[];
beforeEach(async () => {
  warnings = [];
  simulator = await createSimulator({
    warn: (line) => warnings.push(line),
    now: () => Date.UTC(2026, 0, 2, 3, 4, 5),
  });
});
afterEach(() => simulator.close());

const call = async (method: string, path: string, body?: unknown) => {
  const response = await fetch(`${simulator.url}${path}`, {
    method,
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, json: (text === '' ? undefined : JSON.parse(text)) as unknown };
};
const send = (token: string, title = 'Hi') =>
  sendMessage(simulator.url, { token, notification: { title } });

describe('requests', () => {
  it('are listed as they came and as they were answered', async () => {
    await send('known');
    expect((await call('GET', '/simulator/requests')).json).toEqual([
      {
        id: 'r1',
        at: '2026-01-02T03:04:05.000Z',
        provider: 'fcm',
        method: 'POST',
        path: '/v1/projects/demo-firestore-push/messages:send',
        headers: expect.objectContaining({ authorization: 'Bearer test' }) as unknown,
        body: { message: { token: 'known', notification: { title: 'Hi' } } },
        address: 'known',
        ending: 'answered',
        delivered: 1,
        response: {
          status: 200,
          headers: { 'content-type': 'application/json; charset=UTF-8' },
          body: { name: expect.stringContaining('/messages/') as string },
        },
      },
    ]);
    expect((await call('GET', '/simulator/requests/r1')).json).toMatchObject({ id: 'r1' });
    expect((await call('GET', '/simulator/requests/r2')).status).toBe(404);
  });

  it('are filtered by address, provider and number', async () => {
    for (const token of ['a', 'b', 'a']) await send(token);
    const ids = async (query: string) =>
      ((await call('GET', `/simulator/requests?${query}`)).json as { id: string }[]).map(
        ({ id }) => id,
      );
    expect(await ids('address=a')).toEqual(['r1', 'r3']);
    expect(await ids('provider=fcm&limit=2')).toEqual(['r2', 'r3']);
    expect(await ids('address=a&limit=1')).toEqual(['r3']);
  });
});

describe('devices', () => {
  it('are declared under a percent-encoded address, found and forgotten', async () => {
    const device = {
      platform: 'ios',
      state: 'live',
      appId: 'com.example',
      topics: ['news'],
      badge: 2,
    };
    expect(await call('PUT', PATH, device)).toMatchObject({
      status: 200,
      json: { address: TOKEN, declared: true, ...device },
    });
    expect((await call('GET', PATH)).json).toMatchObject(device);
    expect((await call('DELETE', PATH)).status).toBe(204);
    expect((await call('GET', PATH)).status).toBe(404);
    expect((await call('DELETE', PATH)).status).toBe(404);
  });

  it('are filtered, and come with their inboxes when asked', async () => {
    simulator.putDevice('phone-1', { platform: 'ios' });
    simulator.putDevice('phone-2', { appId: 'com.example.PHONE', state: 'unregistered' });
    await send('other');
    const addresses = async (query: string) =>
      ((await call('GET', `/simulator/devices?${query}`)).json as { address: string }[]).map(
        ({ address }) => address,
      );
    expect(await addresses('')).toEqual(['phone-1', 'phone-2', 'other']);
    expect(await addresses('contains=PHONE')).toEqual(['phone-1', 'phone-2']);
    expect(await addresses('platform=ios')).toEqual(['phone-1']);
    expect(await addresses('state=unregistered')).toEqual(['phone-2']);
    expect(await addresses('limit=1')).toEqual(['other']);
    expect((await call('GET', '/simulator/devices?contains=other&inbox=true')).json).toMatchObject([
      { address: 'other', declared: false, inbox: [{ title: 'Hi' }] },
    ]);
  });

  it('show their inbox, which a person can empty', async () => {
    await send('a/b:c%d');
    const path = '/simulator/devices/a%2Fb%3Ac%25d/inbox';
    expect((await call('GET', path)).json).toMatchObject([{ title: 'Hi' }]);
    expect((await call('DELETE', path)).status).toBe(204);
    expect((await call('GET', path)).json).toEqual([]);
  });

  it('nobody has heard of have an empty inbox, so that a test can wait for it', async () => {
    expect(await call('GET', '/simulator/devices/nobody/inbox')).toEqual({ status: 200, json: [] });
  });
});

describe('faults', () => {
  it('are set, listed and taken away', async () => {
    const spec = { match: { address: 'a' }, times: 2, then: { status: 503, deliver: true } };
    expect(await call('POST', '/simulator/faults', spec)).toEqual({
      status: 201,
      json: { id: 'f1', match: spec.match, rate: 1, then: spec.then, left: 2, struck: 0 },
    });
    await call('POST', '/simulator/faults', { then: { hang: true } });
    expect((await call('GET', '/simulator/faults')).json).toHaveLength(2);
    expect((await call('DELETE', '/simulator/faults/f1')).status).toBe(204);
    expect((await call('DELETE', '/simulator/faults/f1')).status).toBe(404);
    expect((await call('DELETE', '/simulator/faults')).status).toBe(204);
    expect((await call('GET', '/simulator/faults')).json).toEqual([]);
  });
});

describe('mistakes', () => {
  it.each([
    ['POST', '/simulator/faults', { then: { status: 99 } }, /then\.status: .*>=200/],
    ['POST', '/simulator/faults', { then: {} }, /then: expected at least one thing to happen/],
    ['POST', '/simulator/faults', {}, /then: /],
    ['POST', '/simulator/faults', { then: { stauts: 503 } }, /then: .*"stauts"/],
    ['POST', '/simulator/faults', { rate: 2, then: { hang: true } }, /rate: .*<=1/],
    ['POST', '/simulator/faults', { times: 0, then: { hang: true } }, /times: .*>=1/],
    ['POST', '/simulator/faults', { then: { reset: 'NO_SUCH' } }, /then\.reset: /],
    ['POST', '/simulator/faults', { then: { errorCode: 'GONE' } }, /then\.errorCode: .*, got GONE/],
    [
      'POST',
      '/simulator/faults',
      { then: { body: 'x', contentType: 'a\r\nb: c' } },
      /then\.contentType: /,
    ],
    [
      'POST',
      '/simulator/faults',
      { match: { provider: 'x' }, then: { hang: true } },
      /match\.provider: /,
    ],
    ['POST', '/simulator/faults', '{', /body: expected JSON/],
    ['PUT', '/simulator/devices/a', { platform: 'fridge' }, /platform: .*"android"/],
    ['PUT', '/simulator/devices/a', { topics: ['a b'] }, /topics\.0: /],
    ['PUT', '/simulator/devices/%zz', {}, /path: expected percent-encoding/],
    ['GET', '/simulator/requests?adress=a', undefined, /query: .*"adress"/],
    ['GET', '/simulator/requests?limit=none', undefined, /limit: /],
    ['POST', '/simulator/access-tokens/expire', { token: 1 }, /token: /],
  ])('%s %s %j names the field', async (method, path, body, message) => {
    const answer = await call(method, path, body);
    expect(answer).toMatchObject({
      status: 400,
      json: { error: { status: 400, message: expect.stringMatching(message) as string } },
    });
  });

  it('in the method say which is right', async () => {
    expect(await call('POST', '/simulator/requests')).toMatchObject({
      status: 405,
      json: { error: { message: 'Expected GET here, got POST.' } },
    });
  });

  it('in the path are answered and logged, and say what there is', async () => {
    const answer = await call('GET', '/simulator/inboxes');
    expect(answer.status).toBe(404);
    expect(JSON.stringify(answer.json)).toContain('/simulator/devices');
    expect(warnings).toEqual([expect.stringContaining('no route for GET /simulator/inboxes')]);
  });

  it('of a page on another site are refused', async () => {
    const response = await fetch(`${simulator.url}/simulator`, {
      method: 'DELETE',
      headers: { 'sec-fetch-site': 'cross-site' },
    });
    expect(response.status).toBe(403);
  });

  it('from code name the field too', () => {
    expect(() => simulator.addFault({ then: { status: 99 } })).toThrow(/then\.status/);
    expect(() => simulator.putDevice('', {})).toThrow('address: expected at least one character');
  });
});

it('forgets everything, expired tokens too', async () => {
  await send('a');
  simulator.expireAccessTokens();
  simulator.addFault({ then: { hang: true } });
  expect((await call('DELETE', '/simulator')).status).toBe(204);
  expect([simulator.requests(), simulator.devices(), simulator.faults()]).toEqual([[], [], []]);
  expect((await send('a')).status).toBe(200);
});

it('expires access tokens', async () => {
  await send('a');
  expect((await call('POST', '/simulator/access-tokens/expire')).json).toEqual({ expired: 1 });
  expect((await send('a')).status).toBe(401);
});

describe('events', () => {
  it('tell of all that happens, over HTTP/1.1', async () => {
    const response = await fetch(`${simulator.url}/simulator/events`);
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    await send('a');
    simulator.clearInbox('a');
    simulator.removeDevice('a');
    simulator.removeFault(simulator.addFault({ then: { hang: true } }).id);
    simulator.reset();
    let text = '';
    for await (const chunk of response.body!) {
      text += Buffer.from(chunk).toString();
      if (text.includes('event: reset')) break;
    }
    expect([...text.matchAll(/^event: (\w+)$/gm)].map(([, type]) => type)).toEqual([
      'device',
      'inbox',
      'request',
      'cleared',
      'removed',
      'fault',
      'fault',
      'reset',
    ]);
    const [, data] = /event: inbox\ndata: (.*)\n\n/.exec(text) ?? [];
    expect(JSON.parse(data ?? '')).toMatchObject({ address: 'a', item: { title: 'Hi' } });
  });

  it('come over HTTP/2 as well, and end for who has left', async () => {
    const session = await openSession(simulator.url);
    const stream = session.request({ ':path': '/simulator/events' });
    stream.setEncoding('utf8');
    let text = '';
    for await (const chunk of stream) {
      text += String(chunk);
      if (text.includes('retry')) break;
    }
    session.destroy();
    expect((await send('a')).status).toBe(200);
  });
});
