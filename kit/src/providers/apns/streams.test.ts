/** Apple's stream limits, over real connections: one until a token was accepted, then as many as it says. */
import { once } from 'node:events';
import { content } from '../../testing/content';
import { HTTP2_DEFAULTS, Http2Client } from '../http2/client';
import { answer, startService, type Service, type ServiceRequest } from '../../testing/service';
import { APNS_CONNECTION, ApnsProvider } from './provider';
import { NO_SERVER, settings } from '../../testing/apns-settings';

const addresses = Array.from({ length: 40 }, (_, nth) => nth.toString(16).padStart(64, '0'));

let service: Service;
let client: Http2Client;

afterEach(async () => {
  client.close();
  await service.close();
});

/** Sends to all addresses through a service that allows one stream, to begin with. */
async function sendThrough(handle: (request: ServiceRequest, nth: number) => void) {
  service = await startService(handle, { maxConcurrentStreams: 1 });
  const { origin } = service;
  client = new Http2Client({ ...APNS_CONNECTION, maxSessions: 1, origin, now: Date.now });
  const { made } = settings({ servers: { production: { client }, sandbox: NO_SERVER } });
  const outcomes = await new ApnsProvider(made).send(content(), addresses);
  expect(outcomes.map(({ kind }) => kind)).toEqual(addresses.map(() => 'delivered'));
}

/** Sets the limit; resolves when the client has it. */
const allow = (session: ServiceRequest['stream']['session'], maxConcurrentStreams: number) =>
  new Promise<void>((resolve) => session?.settings({ maxConcurrentStreams }, () => resolve()));

it('sends one push alone until Apple allows more', async () => {
  let seenBeforeTheFirstAnswer = 0;
  await sendThrough((request, nth) => {
    const { session } = request.stream;
    if (nth > 0) {
      setImmediate(() => answer(request, 200));
      return;
    }
    // A PING's answer comes after everything that the client had to send.
    session?.ping(() => {
      seenBeforeTheFirstAnswer = service.requests.length;
      void allow(session, 8).then(() => answer(request, 200));
    });
  });
  expect(seenBeforeTheFirstAnswer).toBe(1);
  expect(service.mostAtOnce()).toBeGreaterThan(4);
  expect(service.mostAtOnce()).toBeLessThanOrEqual(8);
});

it('falls back to one push at a time when Apple says so in mid-batch', async () => {
  let isNarrow = false;
  let openNow = 0;
  let mostWhileNarrow = 0;
  const held: ServiceRequest[] = [];
  await sendThrough((request, nth) => {
    const { session } = request.stream;
    if (nth === 0) {
      void allow(session, 8).then(() => answer(request, 200));
    } else if (isNarrow) {
      openNow += 1;
      mostWhileNarrow = Math.max(mostWhileNarrow, openNow);
      void once(request.stream, 'close').then(() => (openNow -= 1));
      setImmediate(() => answer(request, 200));
    } else {
      held.push(request);
      if (held.length < 8) return;
      void allow(session, 1).then(() => {
        isNarrow = true;
        for (const each of held) answer(each, 200);
      });
    }
  });
  expect(mostWhileNarrow).toBe(1);
});

it('keeps connections for a day, but asks those that were idle for a minute whether they still live', () => {
  expect(APNS_CONNECTION).toEqual({
    ...HTTP2_DEFAULTS,
    probeAfterIdleMs: 60_000,
    maxIdleMs: 86_400_000,
  });
});
