/** The wire shape, against FCM's own: what is compiled is accepted by a service that checks as FCM does, field by field. */
import fc from 'fast-check';
import { anyNotification, firestoreProblem, keptOf } from '../../testing/notification';
import { Localiser } from '../../delivery/localise';
import { compileApns } from '../apns/compile';
import type { Content } from '../../model/notification/content';
import { content } from '../../testing/content';
import { PayloadTooLargeError } from '../fit';
import { HTTP2_DEFAULTS, Http2Client } from '../http2/client';
import { type Simulator, startSimulator } from '../../testing/simulator';
import { compileFcm, compileProbe, type FcmTargetField, type FcmTemplate } from './compile';
import type { FcmMessage } from './message';

let simulator: Simulator;
let client: Http2Client;

const SITE = new URL('https://app.example/');
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

it('whatever a notification says is refused at the edge, or can be kept and is accepted on every platform', async () => {
  const accepted = { alert: 0, data: 0 };
  const localiser = new Localiser({
    messages: { en: { says: 'says {text}' } },
    defaultLocale: 'en',
    warn: () => undefined,
  });
  await fc.assert(
    fc.asyncProperty(anyNotification, fc.constantFrom(...PLATFORMS), async (notification, to) => {
      const draft = keptOf(notification);
      if (draft === undefined) return;
      expect(firestoreProblem(draft)).toBeUndefined();
      const push = await localiser.localise(draft, 'en');
      accepted[push.style] += 1;
      const compiled = compiledOrTooLarge(() => compileFcm(push, Date.now(), { site: SITE }));
      if (compiled !== undefined) {
        expect(await answerTo(compiled, 'token', to)).toBe('accepted');
        expect(emptyAlert(compiled)).toBe(false);
      }
      const native = compiledOrTooLarge(() => compileApns(push, Date.now()));
      if (native !== undefined) expect(Buffer.byteLength(native.body)).toBeLessThanOrEqual(5120);
    }),
    { seed: 20_261_127, numRuns: 1500 },
  );
  expect(Math.min(accepted.alert, accepted.data)).toBeGreaterThan(50);
});

/** The compiled push, or undefined where what must arrive is larger than any payload, which the ledger says. */
function compiledOrTooLarge<T>(compile: () => T): T | undefined {
  try {
    return compile();
  } catch (error) {
    expect(error).toBeInstanceOf(PayloadTooLargeError);
    return undefined;
  }
}

/** Whether some platform would show a notification without a word. */
function emptyAlert(template: FcmTemplate): boolean {
  const { message } = JSON.parse(template.render('fid', FID)) as { message: FcmMessage };
  const { notification, android, webpush } = message;
  const texts = [
    [android?.notification, 'titleLocKey', 'bodyLocKey'],
    [webpush?.notification],
  ] as const;
  return texts.some(([own, ...keys]) => {
    if (own === undefined && notification === undefined) return false;
    const shown: Record<string, unknown> = { ...notification, ...own };
    return ['title', 'body', ...keys].every((key) => !shown[key]);
  });
}
