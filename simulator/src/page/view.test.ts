import fc from 'fast-check';
import type { Device, InboxItem, LoggedRequest } from '../index.ts';
import { createSimulator } from '../index.ts';
import {
  appName,
  deviceView,
  escapeText,
  html,
  itemView,
  requestText,
  shortened,
  webAddress,
} from './view.js';

const device: Device = {
  address: 'device:1',
  platform: 'android',
  state: 'live',
  badge: 0,
  topics: [],
  declared: true,
  firstSeenAt: 0,
};
const item: InboxItem = {
  id: 'i1',
  at: '2026-01-01T00:00:00.000Z',
  provider: 'fcm',
  kind: 'notification',
  requestId: 'r1',
  data: {},
};
const NASTY = `"><script>alert(1)</script><img src=x onerror='alert(2)'>\``;

describe('what came from a message', () => {
  it('is inert wherever it stands in an item', () => {
    const nasty = {
      ...item,
      id: NASTY,
      requestId: NASTY,
      title: NASTY,
      subtitle: NASTY,
      body: NASTY,
      image: NASTY,
      link: NASTY,
      tag: NASTY,
      collapseId: NASTY,
      channelId: NASTY,
      threadId: NASTY,
      sound: NASTY,
      priority: NASTY,
      data: { [NASTY]: NASTY, nested: { deep: NASTY } },
    };
    for (const kind of ['notification', 'data'] as const) {
      const markup = String(itemView({ ...nasty, kind }, NASTY, NASTY));
      expect(markup).not.toMatch(/<script|<img|onerror='/);
      expect(markup).toContain('&lt;script&gt;');
    }
  });

  it('is inert in a device', () => {
    const markup = String(
      deviceView({ ...device, address: NASTY, appId: NASTY, badge: 3, topics: [NASTY] }),
    );
    expect(markup).not.toMatch(/<script|<img/);
  });

  it('cannot break out of text or of a quoted attribute, whatever it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(escapeText(text)).not.toMatch(/[<>"'`]|&(?!(amp|lt|gt|quot|#39|#96);)/);
      }),
    );
  });

  it('is escaped once, and lists of markup stay markup', () => {
    expect(String(html`<p>${['<', html`<b>${'&'}</b>`]}${undefined}${false}${0}</p>`)).toBe(
      '<p>&lt;<b>&amp;</b>0</p>',
    );
  });
});

describe('the environment of a device', () => {
  it('is said where it is the sandbox', () => {
    const shown = (environment: 'sandbox' | 'production') =>
      String(deviceView({ ...device, environment }));
    expect(shown('sandbox')).toContain('· sandbox');
    expect(shown('production')).not.toContain('production');
  });
});

describe('topics of a device', () => {
  it('are named, up to five', () => {
    const shown = (topics: string[]) => String(deviceView({ ...device, topics }));
    expect(shown([])).not.toContain('topics');
    expect(shown(['a', 'b'])).toContain('# a, b\n');
    expect(shown(['a', 'b', 'c', 'd', 'e', 'f', 'g'])).toContain('# a, b, c, d, e and 2 more');
  });
});

describe('addresses of images and links', () => {
  it.each([
    'javascript:alert(1)',
    ' JaVaScRiPt:alert(1)',
    'data:text/html,x',
    'file:///etc/passwd',
    'vbscript:x',
    '/relative',
    '',
    undefined,
    7,
  ])('are refused: %s', (value) => {
    expect(webAddress(value)).toBeUndefined();
  });

  it('are taken when they are http or https', () => {
    expect(webAddress('https://example.com/a b"c')).toBe('https://example.com/a%20b%22c');
    const shown = String(itemView({ ...item, image: 'http://a.b/c.png' }, 'App', ''));
    expect(shown).toContain('<img src="http://a.b/c.png" alt=""');
  });

  it('that are refused are shown as text', () => {
    const markup = String(
      itemView({ ...item, image: 'javascript:alert(1)', link: 'javascript:alert(2)' }, 'App', ''),
    );
    expect(markup).not.toMatch(/src=|href=/);
    expect(markup).toContain(
      'Image not shown, because it is not an http(s) URL: javascript:alert(1)',
    );
  });
});

describe('names', () => {
  it('leave out the middle of a long address', () => {
    expect(shortened('short')).toBe('short');
    expect(shortened('a'.repeat(50) + 'z')).toBe(`${'a'.repeat(12)}…${'a'.repeat(11)}z`);
  });

  it('of an app are the end of its bundle id, or the host of a site', () => {
    expect(appName({ appId: 'com.example.pictures', platform: 'ios' })).toBe('Pictures');
    expect(appName({ appId: 'pictures.example.com', platform: 'web' })).toBe(
      'pictures.example.com',
    );
    expect(appName({ platform: 'android' })).toBe('App');
  });
});

it('shows a request as it was on the wire, and what it got', () => {
  const request: LoggedRequest = {
    id: 'r1',
    at: '',
    provider: 'fcm',
    method: 'POST',
    path: '/v1/x',
    headers: { ':method': 'POST', 'content-type': 'application/json' },
    body: { a: 1 },
    address: undefined,
    ending: 'answered',
    delivered: 0,
    response: { status: 404, headers: { 'retry-after': '3' }, body: 'gone' },
  };
  expect(requestText(request)).toBe(
    'POST /v1/x\ncontent-type: application/json\n\n{\n  "a": 1\n}\n\n→ 404\nretry-after: 3\n\ngone',
  );
  expect(requestText({ ...request, ending: 'hung', response: null })).toMatch(
    /→ no answer \(hung\)$/,
  );
});

it('is served with a policy that lets nothing else run', async () => {
  const simulator = await createSimulator();
  const page = await fetch(simulator.url);
  const text = await page.text();
  const files = [...text.matchAll(/(?:src|href)="(\/page\/[^"]+)"/g)].map(([, path]) => path);
  const fetched = await Promise.all(
    [...files, '/page/view.js'].map((path) => fetch(`${simulator.url}${path}`)),
  );
  await simulator.close();
  expect(page.headers.get('content-security-policy')).toMatch(
    /^default-src 'none'; script-src 'self'; style-src 'self';/,
  );
  expect(page.headers.get('x-content-type-options')).toBe('nosniff');
  expect(text).not.toMatch(/<script(?![^>]*src=)|style="|\son\w+=|https?:\/\//);
  expect(fetched.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
});
