/** The wire shape, against FCM's own: what is compiled is accepted by a service that checks as FCM does, field by field. */
import fc from 'fast-check';
import type { Content } from '../content';
import { content } from '../content.contract';
import { HTTP2_DEFAULTS, Http2Client } from '../http2/client';
import { type Simulator, startSimulator } from '../simulator.contract';
import { compileFcm, compileProbe, type FcmTargetField, type FcmTemplate } from './compile';

let simulator: Simulator;
let client: Http2Client;

const PLATFORMS = ['android', 'ios', 'web'] as const;
const FID = 'cXyZ_-0123456789abcdef';

beforeAll(async () => {
  simulator = await startSimulator();
  client = new Http2Client({ ...HTTP2_DEFAULTS, origin: simulator.url, now: Date.now });
  for (const platform of PLATFORMS) simulator.putDevice(platform, { platform });
});

afterAll(async () => {
  client.close();
  await simulator.close();
});

/** FCM's answer to a body, in short. */
async function answerTo(template: FcmTemplate, field: FcmTargetField, target: string) {
  const answer = await client.request({
    path: '/v1/projects/demo/messages:send',
    headers: { authorization: 'Bearer t', 'content-type': 'application/json' },
    body: template.render(field, target),
  });
  return answer.kind === 'response' && answer.status === 200 ? 'accepted' : JSON.stringify(answer);
}

/** Refused by the simulator, so that acceptance means something. */
it('is checked by somebody who refuses', async () => {
  const render = (): string => '{"message":{"token":"android","andriod":{}}}';
  expect(await answerTo({ render, bytes: 0 }, 'token', 'android')).toContain('Unknown name');
});

it.each(PLATFORMS)('a probe is accepted for %s', async (platform) => {
  expect(await answerTo(compileProbe(), 'token', platform)).toBe('accepted');
});

it.each([
  ['token', 'android'],
  ['fid', FID],
  ['topic', 'news'],
  ['condition', "'a' in topics && 'b' in topics"],
] as const)('a push is accepted for a %s', async (field, target) => {
  const template = compileFcm(content({ expiresAt: Date.now() + 60_000 }), Date.now());
  expect(await answerTo(template, field, target)).toBe('accepted');
});

it('every push is accepted on every platform, whatever it says', async () => {
  const text = fc.string({ unit: 'grapheme', maxLength: 2000 });
  const name = fc.stringMatching(/^[a-z][a-z0-9_]{0,15}$/).map((word) => `x_${word}`);
  const any = fc
    .record(
      {
        style: fc.constantFrom('alert', 'data'),
        priority: fc.constantFrom('high', 'normal'),
        title: text,
        body: text,
        subtitle: fc.string({ maxLength: 20 }),
        image: fc.webUrl(),
        link: fc.oneof(fc.webUrl(), fc.string()),
        data: fc.dictionary(name, text, { maxKeys: 4 }),
        collapseKey: fc.string({ minLength: 1, maxLength: 40 }),
        channelId: name,
        category: name,
        threadId: name,
        sound: fc.constantFrom('default', 'ping.caf'),
        badge: fc.nat({ max: 2 ** 31 - 1 }),
        tag: fc.string({ minLength: 1, maxLength: 64 }),
        analyticsLabel: fc.stringMatching(/^[a-zA-Z0-9\-_.~%]{1,50}$/),
        expiresAt: fc.integer({ min: 0, max: 4_000_000_000_000 }),
      },
      { requiredKeys: ['style', 'priority', 'data', 'tag', 'expiresAt'] },
    )
    .map((over): Content => content({ ...over, requiredData: [] }));
  await fc.assert(
    fc.asyncProperty(any, fc.constantFrom(...PLATFORMS), async (given, to) => {
      expect(await answerTo(compileFcm(given, Date.now()), 'token', to)).toBe('accepted');
    }),
    { seed: 20_261_122, numRuns: 200 },
  );
});
