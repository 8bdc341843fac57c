/**
 * The example in a real browser with the real Firebase SDK: from a message that this project compiles to the page that a tap opens.
 *
 * Real are the push event, which the browser delivers to the worker, and all of the worker's code. There is no push service here,
 * so what FCM would deliver is written down (`asDelivered`); a headless shell has no notifications and no browser lets a test
 * tap one, so what the worker asks to show and to open is recorded at the browser's edge.
 */
import { execFileSync } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Browser, CDPSession, Page, Worker } from 'playwright-core';
import { fcmMessage } from '../../kit/src/providers/fcm/compile.ts';
import { withdrawalOf } from '../../kit/src/delivery/withdrawal.ts';
import type { Content } from '../../kit/src/model/notification/content.ts';
import { launchChromium } from '../../simulator/src/testing/chromium.ts';
import { describeInBrowser } from '../../simulator/src/testing/in-browser.ts';

const ROOT = join(__dirname, '../..');
const PATIENCE_MS = 20_000;
/** Bundles as a web app would; without a file, the code itself. */
function bundle(code: string): string {
  const esbuild = join(ROOT, 'functions/node_modules/.bin/esbuild');
  const args = ['--bundle', '--format=iife', '--log-level=warning'];
  return execFileSync(esbuild, args, { input: code, cwd: __dirname, encoding: 'utf8' });
}

const EXAMPLE = `
  import './testing/worker.js';
  import './firebase-messaging-sw.js';`;
/** An app that leaves taps to the SDK. */
const SDK_ALONE = `
  import './testing/worker.js';
  import { initializeApp } from 'firebase/app';
  import { getMessaging } from 'firebase/messaging/sw';
  import { firebaseConfig } from './config.js';
  getMessaging(initializeApp(firebaseConfig));`;
const PAGE = `import './testing/page.js';`;

interface Shown {
  title: string;
  options: { body?: string; tag?: string };
}

const CONTENT: Content = {
  type: 'like',
  deliveryId: 'like-e1',
  style: 'alert',
  title: 'Zoë liked your post',
  body: 'Électre',
  data: { postId: 'p 1' },
  requiredData: [],
  link: '/posts/p%201',
  tag: 'like-p1',
  priority: 'high',
  expiresAt: Date.parse('2030-01-02T00:00:00Z'),
};
const NOW = Date.parse('2030-01-01T00:00:00Z');

/** What FCM hands to the browser for a message: the web's part laid over the common one. */
function asDelivered(content: Content, site?: URL): string {
  const { notification, data, webpush } = fcmMessage(content, NOW, site);
  const shown = { ...notification, ...webpush?.notification };
  return JSON.stringify({
    from: '1234567890',
    fcmMessageId: '8a3e1f0e-0001',
    priority: 'normal',
    data: { ...data, ...webpush?.data },
    ...(content.style === 'data' ? {} : { notification: shown }),
    ...(webpush?.fcmOptions && { fcmOptions: webpush.fcmOptions }),
  });
}

describeInBrowser('a push in a web app', () => {
  let browser: Browser;
  let server: Server;
  let origin: string;
  let page: Page;
  let cdp: CDPSession;
  let worker: Worker;
  let registrationId: string;
  const scripts = new Map<string, string>();

  beforeAll(async () => {
    browser = await launchChromium();
    scripts.set('/app.js', bundle(PAGE));
    scripts.set('/example.js', bundle(EXAMPLE));
    scripts.set('/sdk-alone.js', bundle(SDK_ALONE));
    server = createServer(({ url = '' }, response) => {
      const { pathname } = new URL(url, 'http://localhost');
      const script = scripts.get(pathname);
      response.setHeader('content-type', script === undefined ? 'text/html' : 'text/javascript');
      response.setHeader('service-worker-allowed', '/');
      response.end(script ?? `<script src="/app.js"></script><h1>${pathname}</h1>`);
    });
    await new Promise<void>((resolve) => server.listen(0, resolve));
    origin = `http://localhost:${(server.address() as AddressInfo).port}`;
  }, 60_000);
  afterAll(async () => {
    await browser.close();
    await new Promise((resolve) => server.close(resolve));
  });
  afterEach(() => page.context().close());

  /** A browser with this worker installed, and one tab of the app. */
  async function install(script: string): Promise<void> {
    const context = await browser.newContext();
    context.setDefaultTimeout(PATIENCE_MS);
    page = await context.newPage();
    cdp = await context.newCDPSession(page);
    const registered = new Promise<string>((resolve) => {
      cdp.on('ServiceWorker.workerRegistrationUpdated', ({ registrations }) => {
        for (const { registrationId } of registrations) resolve(registrationId);
      });
    });
    await cdp.send('ServiceWorker.enable');
    await page.goto(`${origin}/`);
    const started = context.waitForEvent('serviceworker');
    await page.evaluate(`install('/${script}.js')`);
    worker = await started;
    registrationId = await registered;
  }

  const push = (content: Content, site?: URL): Promise<unknown> =>
    cdp.send('ServiceWorker.deliverPushMessage', {
      origin,
      registrationId,
      data: asDelivered(content, site),
    });

  /** Nobody looks at the app: its tab is somewhere else. */
  const leave = () => page.goto('about:blank');

  const shown = (): Promise<Shown> => worker.evaluate<Shown>('firstShown()');
  /** Taps the notification that was shown; what opens. */
  const tap = (): Promise<string[]> => worker.evaluate<string[]>('tap()');

  it('is shown by the SDK, and a tap opens its page', async () => {
    await install('example');
    await leave();
    await push(CONTENT);
    expect(await shown()).toMatchObject({
      title: CONTENT.title,
      options: { body: CONTENT.body, tag: CONTENT.tag },
    });
    const [opened = ''] = await tap();
    await page.goto(opened);
    expect(await page.getByRole('heading').textContent()).toBe('/posts/p%201');
  });

  it('of style "data" is shown by the example, and a tap opens its page', async () => {
    await install('example');
    await leave();
    await push({ ...CONTENT, style: 'data' });
    expect(await shown()).toMatchObject({
      title: CONTENT.title,
      options: { body: CONTENT.body, tag: CONTENT.deliveryId },
    });
    expect(await tap()).toEqual([`${origin}/posts/p%201`]);
  });

  it.each([
    'https://evil.example/posts/p1',
    '//evil.example',
    'javascript:alert(1)',
    '\\\\evil.example',
    'http://[',
  ])('opens no page of somebody else’s: %s', async (link) => {
    await install('example');
    await leave();
    await push({ ...CONTENT, link });
    await shown();
    expect(await tap()).toEqual([`${origin}/`]);
  });

  it('of a site that SITE_URL names is opened by the SDK alone, too', async () => {
    await install('sdk-alone');
    await leave();
    const site = new URL(`${origin.replace('http:', 'https:')}/app/`);
    await push(CONTENT, site);
    await shown();
    expect(await tap()).toEqual([`${site.href}posts/p%201`]);
  });

  describe('that is withdrawn', () => {
    const withdrawal = (shownAs: object = {}) =>
      withdrawalOf({
        ...{ id: 'like-e2-withdrawal', withdraws: 'like-e1', type: 'like', document: 'posts/p1' },
        ...{ deletedAt: NOW, recipients: { uids: [] } },
        shownAs: { tag: CONTENT.tag, expiresAt: CONTENT.expiresAt, ...shownAs },
      }).content as Content;
    const titlesAfter = async (count: number): Promise<unknown> => {
      await worker.evaluate(`shown(${count})`);
      return worker.evaluate('titles()');
    };

    it('says so in its place', async () => {
      await install('example');
      await leave();
      await push(CONTENT);
      await push(withdrawal());
      expect(await titlesAfter(2)).toEqual(['No longer available']);
    });

    it('leaves nothing behind where it was closed before', async () => {
      await install('example');
      await leave();
      await push(withdrawal());
      expect(await titlesAfter(1)).toEqual([]);
    });

    it('stays where a newer one has taken its place', async () => {
      await install('example');
      await leave();
      await push({ ...CONTENT, deliveryId: 'like-e9', title: 'Newer' });
      await push(withdrawal({ isShared: true }));
      expect(await titlesAfter(2)).toEqual(['Newer']);
    });
  });

  it('goes to the app while it is in front, and nothing is shown by the browser', async () => {
    await install('example');
    await push(CONTENT);
    await page.waitForFunction('arrived.length > 0');
    expect(await page.evaluate('arrived')).toEqual([
      { title: CONTENT.title, body: CONTENT.body, link: CONTENT.link },
    ]);
    expect(await worker.evaluate('countShown()')).toBe(0);
  });
});
