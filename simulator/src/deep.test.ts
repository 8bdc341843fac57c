/** JSON of any depth at every door: a refusal or an answer, never an error of the simulator's own. */
import { createSimulator, type Simulator } from './index.ts';

let simulator: Simulator;
const warned: string[] = [];

beforeAll(async () => {
  simulator = await createSimulator({ warn: (line) => warned.push(line) });
});
afterAll(() => simulator.close());

const DEPTHS = [90, 110, 5_000, 100_000];
const lists = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);
const objects = (depth: number): string => '{"x":'.repeat(depth) + '0' + '}'.repeat(depth);

const DOORS: readonly (readonly [string, string, (deep: string) => string])[] = [
  ['POST', '/v1/projects/demo/messages:send', (deep) => deep],
  ['POST', '/v1/projects/demo/messages:send', (deep) => `{"message":${deep}}`],
  ['POST', '/v1/projects/demo/messages:send', (deep) => `{"message":{"token":"t","data":${deep}}}`],
  [
    'POST',
    '/v1/projects/demo/messages:send',
    (deep) => `{"message":{"token":"t","apns":{"payload":{"aps":{},"x":${deep}}}}}`,
  ],
  [
    'POST',
    '/v1/projects/demo/messages:send',
    (deep) => `{"message":{"token":"t","webpush":{"notification":{"x":${deep}}}}}`,
  ],
  ['POST', '/v1/projects/demo/registrations/t/topicSubscriptions?topic_name=news', (deep) => deep],
  ['POST', '/iid/v1:batchAdd', (deep) => deep],
  ['PUT', '/simulator/devices/t', (deep) => `{"state":${deep}}`],
  ['PUT', '/simulator/devices/t', (deep) => deep],
  ['POST', '/simulator/faults', (deep) => `{"then":${deep}}`],
  ['POST', '/simulator/faults', (deep) => deep],
];

it.each(DOORS)('%s %s', async (method, path, body) => {
  for (const depth of DEPTHS) {
    for (const deep of [lists(depth), objects(depth)]) {
      const response = await fetch(simulator.url + path, {
        method,
        headers: { 'content-type': 'application/json', authorization: 'Bearer owner' },
        body: body(deep),
      });
      const text = await response.text();
      expect({
        depth,
        status: response.status < 500,
        text: response.status < 500 ? '' : text,
      }).toEqual({
        depth,
        status: true,
        text: '',
      });
    }
  }
  const log = await fetch(`${simulator.url}/simulator/requests`);
  expect(log.status).toBe(200);
  await log.text();
  expect(warned).toEqual([]);
});
