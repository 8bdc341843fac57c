import { createSimulator, type Simulator } from '../index.ts';

const CREDENTIALS = { authorization: 'Bearer test', access_token_auth: 'true' };

let simulator: Simulator;
beforeEach(async () => {
  simulator = await createSimulator({ now: () => Date.UTC(2026, 0, 2) });
});
afterEach(() => simulator.close());

const call = async (path: string, body?: unknown, headers: object = CREDENTIALS) => {
  const response = await fetch(`${simulator.url}/iid/${path}`, {
    headers: { ...headers },
    ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
  });
  return { status: response.status, json: await response.json() };
};
const batch = (...tokens: unknown[]) => ({ to: '/topics/news', registration_tokens: tokens });

describe('a batch', () => {
  it('subscribes and unsubscribes, and answers for each token in its place', async () => {
    simulator.putDevice('gone:1', { state: 'unregistered' });
    simulator.putDevice('full:1', { topics: Array.from({ length: 2000 }, (_, n) => `t${n}`) });
    const tokens = ['live:1', 'gone:1', 'no token', 'full:1', 'live:2'];
    expect(await call('v1:batchAdd', batch(...tokens))).toEqual({
      status: 200,
      json: {
        results: [
          {},
          { error: 'NOT_FOUND' },
          { error: 'INVALID_ARGUMENT' },
          { error: 'TOO_MANY_TOPICS' },
          {},
        ],
      },
    });
    expect(simulator.device('live:2')?.topics).toEqual(['news']);
    expect(await call('v1:batchAdd', batch('live:1'))).toMatchObject({ json: { results: [{}] } });
    expect(await call('v1:batchRemove', batch('live:1', 'gone:1', 'live:3'))).toMatchObject({
      json: { results: [{}, { error: 'NOT_FOUND' }, {}] },
    });
    expect(simulator.device('live:1')?.topics).toEqual([]);
  });

  it.each([
    ['no tokens', batch(), 'MissingRegistrationTokens'],
    ['1,001 tokens', batch(...Array<string>(1001).fill('a:1')), 'TooManyRegistrationTokens'],
    ['a token that is no text', batch(1), 'InvalidRegistrationTokens'],
    ['a topic without /topics/', { to: 'news', registration_tokens: ['a:1'] }, 'InvalidTopicName'],
    ['a bad name', { to: '/topics/a b', registration_tokens: ['a:1'] }, 'InvalidTopicName'],
  ])('is refused with %s', async (_what, body, error) => {
    expect(await call('v1:batchAdd', body)).toEqual({ status: 400, json: { error } });
  });

  it.each([
    ['credentials', { access_token_auth: 'true' }],
    ['access_token_auth', { authorization: 'Bearer test' }],
  ])('is refused without %s', async (_what, headers) => {
    expect((await call('v1:batchAdd', batch('a:1'), headers)).status).toBe(401);
    expect(simulator.device('a:1')).toBeUndefined();
  });

  it('takes a fault, in the words of this API', async () => {
    simulator.addFault({ match: { path: '/iid/*' }, times: 1, then: { status: 503 } });
    simulator.addFault({ match: { path: '/iid/*' }, times: 1, then: { errorCode: 'INTERNAL' } });
    simulator.addFault({ match: { address: '/topics/news' }, times: 1, then: { status: 502 } });
    expect(await call('v1:batchAdd', batch('a:1'))).toEqual({
      status: 503,
      json: { error: 'UNAVAILABLE' },
    });
    expect(await call('v1:batchAdd', batch('a:1'))).toEqual({
      status: 500,
      json: { error: 'INTERNAL' },
    });
    await expect(call('v1:batchAdd', batch('a:1'))).rejects.toThrow('not valid JSON');
    expect(simulator.device('a:1')?.topics).toEqual([]);
  });
});

describe('what is known of a token', () => {
  it('has its topics with dates, where details are asked for', async () => {
    simulator.putDevice('a:1', { platform: 'ios', appId: 'com.example', topics: ['news'] });
    const known = { application: 'com.example', authorizedEntity: '000000000000', platform: 'IOS' };
    expect(await call('info/a%3A1')).toEqual({ status: 200, json: known });
    expect(await call('info/a:1?details=true')).toEqual({
      status: 200,
      json: { ...known, rel: { topics: { news: { addDate: '2026-01-02' } } } },
    });
  });

  it('is nothing for a device that is gone, or a text that is no token', async () => {
    simulator.putDevice('gone:1', { state: 'unregistered' });
    expect(await call('info/gone:1')).toEqual({
      status: 404,
      json: { error: 'No information found about this instance id.' },
    });
    expect((await call('info/a%20b')).status).toBe(400);
    expect((await call('info/a:1', undefined, {})).status).toBe(401);
  });
});
