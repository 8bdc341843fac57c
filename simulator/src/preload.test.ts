import { createSimulator, type Simulator } from './index.ts';
import { runApp } from './testing/app.ts';

/** The Admin SDK is the one that the functions deploy. */
const FUNCTIONS = '../../../functions/package.json';

let simulator: Simulator;
beforeEach(async () => {
  simulator = await createSimulator();
});
afterEach(() => simulator.close());

const run = (script: string, environment: Record<string, string> = {}) =>
  runApp(simulator, script, { from: FUNCTIONS, environment });

const APP = `
  const { initializeApp } = require('firebase-admin/app');
  const { getMessaging } = require('firebase-admin/messaging');
  initializeApp({ projectId: 'demo-firestore-push' });
  const messaging = getMessaging();`;

describe('an unmodified firebase-admin app under the preload', () => {
  it('sends one and many, without credentials and without Google', async () => {
    simulator.putDevice('gone:1', { state: 'unregistered' });
    const result = await run(`${APP}
      const name = await messaging.send({ token: 'live:1', notification: { title: 'One' } });
      const many = await messaging.sendEach([
        {
          token: 'live:1',
          notification: { title: 'Two', imageUrl: 'https://example.com/a.png' },
          android: {
            ttl: 4500,
            priority: 'high',
            notification: {
              channelId: 'likes',
              priority: 'high',
              eventTimestamp: new Date(0),
              vibrateTimingsMillis: [100, 200],
              lightSettings: {
                color: '#112233', lightOnDurationMillis: 30, lightOffDurationMillis: 40,
              },
            },
          },
          apns: {
            payload: { aps: { alert: { title: 'T', titleLocKey: 'k' }, contentAvailable: true } },
            fcmOptions: { analyticsLabel: 'likes' },
          },
          webpush: { fcmOptions: { link: 'https://example.com/' } },
          fcmOptions: { analyticsLabel: 'likes' },
        },
        { token: 'gone:1', data: { a: 'b' } },
      ]);
      const codes = many.responses.map(({ success, error }) => success || error.code);
      console.log(JSON.stringify({ name, codes }));`);
    expect(result).toEqual({
      name: expect.stringMatching(/^projects\/demo-firestore-push\/messages\//) as string,
      codes: [true, 'messaging/registration-token-not-registered'],
    });
    expect(simulator.inbox('live:1').map(({ title }) => title)).toEqual(['One', 'Two']);
    const [first] = simulator.requests();
    expect(first?.headers['x-goog-api-client']).toMatch(/fire-admin\/14\./);
  });

  it('subscribes to a topic and leaves it, by the new API and by the old one', async () => {
    simulator.putDevice('gone:1', { state: 'unregistered' });
    const result = await run(`${APP}
      const outcome = ({ successCount, errors }) =>
        [successCount, errors.map(({ index, error }) => [index, error.code])];
      const tokens = ['live:1', 'gone:1', 'live:2'];
      const outcomes = [
        await messaging.subscribeToTopic(tokens, 'news'),
        await messaging.subscribeToTopic(['live:1'], '/topics/news'),
        await messaging.subscribeToTopicLegacy(tokens, 'sport'),
        await messaging.unsubscribeFromTopic(['live:1', 'live:3'], 'news'),
        await messaging.unsubscribeFromTopicLegacy(tokens, 'sport'),
      ];
      await messaging.send({ topic: 'news', notification: { title: 'News' } });
      console.log(JSON.stringify(outcomes.map(outcome)));`);
    const gone = [[1, 'messaging/registration-token-not-registered']];
    expect(result).toEqual([
      [2, gone],
      [1, []],
      [2, gone],
      [2, []],
      [2, gone],
    ]);
    const topics = ['live:1', 'live:2'].map((token) => simulator.device(token)?.topics);
    expect(topics).toEqual([[], ['news']]);
    expect(simulator.inbox('live:2')).toMatchObject([{ title: 'News' }]);
  });

  it('finds nothing at fcm.googleapis.com but the simulator, however it is called', async () => {
    const result = await run(`
      import { request } from 'node:https';
      const url = 'https://fcm.googleapis.com/simulator/devices';
      const status = (start) => new Promise((resolve, reject) => {
        start((response) => resolve(response.resume().statusCode)).on('error', reject).end();
      });
      console.log(JSON.stringify([
        await status((callback) => request(url, callback)),
        await status((callback) => request(new URL(url), { method: 'POST' }, callback)),
        await status((callback) => request({
          host: 'iid.googleapis.com', path: '/simulator/requests',
        }, callback)),
        (await fetch(url)).status,
        (await fetch(new Request(url, { method: 'POST', body: 'x' }))).status,
      ]));`);
    expect(result).toEqual([200, 405, 200, 200, 405]);
  });

  it('finds nothing at any of Apple’s push hosts but the simulator, however it is dialled', async () => {
    const result = await run(`
      import { connect as connectHttp2 } from 'node:http2';
      import { connect } from 'node:tls';
      const certified = (socket) => new Promise((resolve, reject) => {
        socket.on('error', reject).on('secureConnect', () => {
          resolve(socket.getPeerCertificate().subject.CN);
          socket.destroy();
        });
      });
      const ALPNProtocols = ['h2'];
      const session = connectHttp2('https://api.push.apple.com:2197');
      await new Promise((resolve, reject) => session.on('error', reject).on('connect', resolve));
      session.destroy();
      console.log(JSON.stringify([
        await certified(connect({ host: 'api.sandbox.push.apple.com', port: 443, ALPNProtocols })),
        await certified(connect(443, 'api.push.apple.com', { ALPNProtocols })),
        await certified(connect(443, { servername: 'api.development.push.apple.com', ALPNProtocols })),
      ]));`);
    expect(result).toEqual(['localhost', 'localhost', 'localhost']);
  });

  it('keeps its own credentials where it has some', async () => {
    const result = await run(
      `console.log(JSON.stringify(process.env.GOOGLE_APPLICATION_CREDENTIALS));`,
      { GOOGLE_APPLICATION_CREDENTIALS: '/own.json' },
    );
    expect(result).toBe('/own.json');
  });

  it('does not start with an address that is none', async () => {
    await expect(run('', { FCM_EMULATOR_HOST: 'http://127.0.0.1:9110' })).rejects.toThrow(
      'Expected FCM_EMULATOR_HOST to be host:port, for instance 127.0.0.1:9110, ' +
        'got "http://127.0.0.1:9110".',
    );
    await expect(run('', { APNS_EMULATOR_HOST: 'localhost' })).rejects.toThrow(
      'Expected APNS_EMULATOR_HOST to be host:port, for instance 127.0.0.1:9111, got "localhost".',
    );
  });
});
