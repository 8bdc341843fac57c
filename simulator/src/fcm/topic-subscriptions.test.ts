import { createSimulator, type Simulator } from '../index.ts';
import { sendMessage } from '../testing/fcm-client.ts';

const TOKEN = 'a:b/c';
const REGISTRATION = `/v1/projects/demo/registrations/${encodeURIComponent(TOKEN)}`;
const COLLECTION = `${REGISTRATION}/topicSubscriptions`;
const NOW = Date.UTC(2026, 0, 2, 3, 4, 5);

let simulator: Simulator;
beforeEach(async () => {
  simulator = await createSimulator({ now: () => NOW });
});
afterEach(() => simulator.close());

interface Result {
  readonly status: number;
  readonly json: Record<string, unknown> & { error: { status: string; details: unknown } };
}

const call = async (
  method: string,
  path: string,
  headers: Record<string, string> = { authorization: 'Bearer test' },
): Promise<Result> => {
  const response = await fetch(`${simulator.url}${path}`, {
    method,
    headers,
    ...(method === 'POST' && { body: '{}' }),
  });
  return { status: response.status, json: (await response.json()) as Result['json'] };
};
const topicsOf = () => simulator.device(TOKEN)?.topics;

describe('a topic subscription', () => {
  it('is made, and topic and condition sends reach the device from then on', async () => {
    expect(await call('POST', `${COLLECTION}?topic_name=news`)).toEqual({
      status: 200,
      json: {
        name: `projects/demo/registrations/${TOKEN}/topicSubscriptions/news`,
        topic_name: 'news',
        create_time: '2026-01-02T03:04:05.000Z',
      },
    });
    await sendMessage(simulator.url, { topic: 'news', notification: { title: 'topic' } });
    const condition = "'news' in topics && !('sport' in topics)";
    await sendMessage(simulator.url, { condition, notification: { title: 'condition' } });
    expect(simulator.inbox(TOKEN).map(({ title }) => title)).toEqual(['topic', 'condition']);
  });

  it('is made also where the parameter is spelt in camelCase, and the name has a percent sign', async () => {
    expect((await call('POST', `${COLLECTION}?topicName=50%25~off`)).status).toBe(200);
    expect(topicsOf()).toEqual(['50%~off']);
    expect((await call('DELETE', `${COLLECTION}/50%25~off`)).status).toBe(200);
    expect(topicsOf()).toEqual([]);
  });

  it('is not made twice', async () => {
    await call('POST', `${COLLECTION}?topic_name=news`);
    const { status, json } = await call('POST', `${COLLECTION}?topic_name=news`);
    expect([status, json.error.status]).toEqual([409, 'ALREADY_EXISTS']);
    expect(topicsOf()).toEqual(['news']);
  });

  it('is deleted, and a second time only where it may be missing', async () => {
    await call('POST', `${COLLECTION}?topic_name=news`);
    expect(await call('DELETE', `${COLLECTION}/news`)).toEqual({ status: 200, json: {} });
    expect(topicsOf()).toEqual([]);
    expect((await call('DELETE', `${COLLECTION}/news`)).status).toBe(404);
    expect((await call('DELETE', `${COLLECTION}/news?allow_missing=true`)).status).toBe(200);
    expect((await call('DELETE', `${COLLECTION}/news?allowMissing=true`)).status).toBe(200);
  });

  it('can be looked up, and made by PATCH where it may be missing', async () => {
    expect((await call('GET', `${COLLECTION}/news`)).status).toBe(404);
    expect((await call('PATCH', `${COLLECTION}/news`)).status).toBe(404);
    const made = await call('PATCH', `${COLLECTION}/news?allow_missing=true`);
    expect(made).toMatchObject({ status: 200, json: { topic_name: 'news' } });
    expect(await call('GET', `${COLLECTION}/news`)).toEqual(made);
    expect(await call('PATCH', `${COLLECTION}/news`)).toEqual(made);
  });

  it('is listed page by page', async () => {
    simulator.putDevice(TOKEN, { topics: ['a', 'b', 'c'] });
    const first = await call('GET', `${COLLECTION}?pageSize=2`);
    expect(first.json).toMatchObject({
      topic_subscriptions: [{ topic_name: 'a' }, { topic_name: 'b' }],
      next_page_token: '2',
    });
    const second = await call('GET', `${COLLECTION}?page_size=2&page_token=2`);
    expect(second.json['topic_subscriptions']).toMatchObject([{ topic_name: 'c' }]);
    expect(second.json['next_page_token']).toBeUndefined();
    expect((await call('GET', `${COLLECTION}?pageSize=x`)).status).toBe(400);
  });

  it.each([
    ['a name that is none', `${COLLECTION}?topic_name=a%20b`, 'topic_name'],
    ['no name', COLLECTION, 'topic_name'],
    ['a name that is too long', `${COLLECTION}?topic_name=${'a'.repeat(901)}`, 'topic_name'],
    ['an unknown parameter', `${COLLECTION}?topic=a`, undefined],
    [
      'an APNs token',
      `/v1/projects/demo/registrations/${'ab'.repeat(32)}/topicSubscriptions?topic_name=a`,
      'registration',
    ],
  ])('is refused with %s', async (_what, path, field) => {
    const { status, json } = await call('POST', path);
    expect([status, json.error.status]).toEqual([400, 'INVALID_ARGUMENT']);
    expect(json.error.details).toMatchObject([
      { fieldViolations: [field === undefined ? {} : { field }] },
    ]);
  });

  it('is refused beyond 2,000 topics', async () => {
    simulator.putDevice(TOKEN, { topics: Array.from({ length: 2000 }, (_, n) => `t${n}`) });
    const { status, json } = await call('POST', `${COLLECTION}?topic_name=news`);
    expect([status, json.error.status]).toEqual([429, 'RESOURCE_EXHAUSTED']);
    expect((await call('POST', `${COLLECTION}?topic_name=t7`)).status).toBe(409);
  });

  it('is refused for a device that is gone, of another project, or without credentials', async () => {
    simulator.putDevice(TOKEN, { state: 'unregistered' });
    const gone = await call('POST', `${COLLECTION}?topic_name=news`);
    expect([gone.status, gone.json.error.details]).toMatchObject([
      404,
      [{ errorCode: 'UNREGISTERED' }],
    ]);
    simulator.putDevice(TOKEN, { state: 'live', projectId: 'another' });
    expect((await call('POST', `${COLLECTION}?topic_name=news`)).status).toBe(403);
    const bare = await call('POST', `${COLLECTION}?topic_name=news`, {});
    expect([bare.status, bare.json.error.details]).toMatchObject([
      401,
      [{ reason: 'CREDENTIALS_MISSING', metadata: { service: 'fcm.googleapis.com' } }],
    ]);
    expect(JSON.stringify(bare.json)).not.toContain('SendMessage');
    expect(topicsOf()).toEqual([]);
  });

  it('is an event, and stands in the request log', async () => {
    const seen: unknown[] = [];
    simulator.subscribe((event) => {
      if (event.type === 'device') seen.push(event.device.topics);
    });
    await call('POST', `${COLLECTION}?topic_name=news`);
    expect(seen).toEqual([[], ['news']]);
    expect(simulator.requests({ address: TOKEN })).toMatchObject([
      { method: 'POST', path: `${COLLECTION}?topic_name=news`, body: {}, ending: 'answered' },
    ]);
  });

  it('is not made by a request that a fault strikes, unless the fault says so', async () => {
    simulator.addFault({ times: 1, then: { errorCode: 'UNAVAILABLE' } });
    simulator.addFault({ times: 1, then: { errorCode: 'UNAVAILABLE', deliver: true } });
    simulator.addFault({ times: 1, then: { errorCode: 'TOO_MANY_TOPICS' } });
    expect((await call('POST', `${COLLECTION}?topic_name=news`)).status).toBe(503);
    expect(topicsOf()).toEqual([]);
    expect((await call('POST', `${COLLECTION}?topic_name=news`)).status).toBe(503);
    expect(topicsOf()).toEqual(['news']);
    expect((await call('POST', `${COLLECTION}?topic_name=news`)).status).toBe(429);
  });
});
