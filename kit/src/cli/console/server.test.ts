import { copyFileSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { request, type IncomingHttpHeaders } from 'node:http';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { EMPTY, FakeSource, QUIET } from '../../testing/console-source';
import { EventReader } from '../../testing/event-reader';
import { UsageError } from '../command';
import { PAGE_FOLDER } from './page-files';
import { startConsole, type Console } from './server';

let source: FakeSource;
let console: Console;
const readers: EventReader[] = [];

beforeEach(async () => {
  source = new FakeSource();
  console = await startConsole(source, { port: 0, pollMs: 5, statusMs: 5, heartbeatMs: 20 });
});
afterEach(async () => {
  for (const reader of readers.splice(0)) reader.close();
  await console.close();
});

interface Got {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

function call(path: string, options: { method?: string; headers?: object } = {}): Promise<Got> {
  return new Promise((resolve, reject) => {
    const { method = 'GET', headers = {} } = options;
    const asked = request(
      // Not as a URL: that would tidy the path.
      {
        host: '127.0.0.1',
        port: console.port,
        path,
        method,
        headers: { ...headers },
        agent: false,
      },
      (response) => {
        text(response).then((body) => {
          resolve({ status: response.statusCode, headers: response.headers, body });
        }, reject);
      },
    );
    asked.on('error', reject).end();
  });
}

async function follow(query = '', headers: Record<string, string> = {}): Promise<EventReader> {
  const reader = await EventReader.open(`${console.url}api/feed${query}`, headers);
  readers.push(reader);
  return reader;
}

/** Whether anybody listens there. */
function isOpen(host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port: console.port, timeout: 2_000 });
    socket.once('connect', () => resolve(true));
    for (const event of ['error', 'timeout']) socket.once(event, () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

it('listens on the loopback address, and on no other of this machine', async () => {
  expect(console.url).toBe(`http://127.0.0.1:${console.port}/`);
  expect(await isOpen('127.0.0.1')).toBe(true);
  // Another address that is this machine, too: a server on all addresses would answer there.
  expect(await isOpen('127.0.0.2')).toBe(false);
});

it('says which port is taken', async () => {
  await expect(startConsole(source, { port: console.port })).rejects.toMatchObject({
    code: 'EADDRINUSE',
  });
});

it.each(['/', '/page/console.css', '/api/place', '/api/nothing', '/../../package.json'])(
  'lets nothing but itself run, and nobody keep or frame it: %s',
  async (path) => {
    const { headers } = await call(path);
    const policy = headers['content-security-policy'];
    expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
    expect(policy).toContain("connect-src 'self'");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toMatch(/unsafe|https?:|\*/);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
    });
    expect(headers).not.toHaveProperty('access-control-allow-origin');
  },
);

it.each([
  ['another name', { headers: { host: 'evil.example' } }, 421, undefined],
  ['another method', { method: 'POST' }, 405, 'GET, HEAD'],
  ['another site', { headers: { 'sec-fetch-site': 'cross-site' } }, 403, undefined],
])('refuses %s in plain words, and reads nothing', async (_what, options, status, allow) => {
  for (const path of ['/api/status', '/api/feed']) {
    const got = await call(path, options);
    expect([got.status, got.headers.allow]).toEqual([status, allow]);
    expect(JSON.parse(got.body)).toEqual({ error: expect.stringMatching(/\w+ .+\.?$/) as string });
  }
  expect(source.asked).toEqual([]);
});

it('answers HEAD as GET, without a body', async () => {
  const [head, whole] = [await call('/', { method: 'HEAD' }), await call('/')];
  expect(head).toMatchObject({ status: 200, body: '' });
  expect(head.headers['content-length']).toBe(String(Buffer.byteLength(whole.body)));
  expect(await call('/api/feed', { method: 'HEAD' })).toMatchObject({ status: 200, body: '' });
});

describe('the page', () => {
  const folder = mkdtempSync(join(tmpdir(), 'console-'));
  const names = readdirSync(PAGE_FOLDER).filter((name) => !/\.test\.ts$|\.json$/.test(name));
  beforeAll(() => {
    // As the build does, as far as it matters here.
    for (const name of names) {
      copyFileSync(join(PAGE_FOLDER, name), join(folder, name.replace(/\.mts$/, '.mjs')));
    }
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  const TYPES: Readonly<Record<string, string>> = {
    html: 'text/html; charset=utf-8',
    css: 'text/css; charset=utf-8',
    mts: 'text/javascript; charset=utf-8',
    svg: 'image/svg+xml',
  };

  it.each(names)('has %s', async (name) => {
    const paged = await startConsole(source, { port: 0, pageFolder: folder });
    const path = name === 'index.html' ? '' : `page/${name.replace(/\.mts$/, '.mjs')}`;
    const response = await fetch(`${paged.url}${path}`);
    await paged.close();
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe(TYPES[name.split('.').at(-1) ?? '']);
  });

  it('needs nothing from elsewhere', async () => {
    const { body } = await call('/');
    expect(body).not.toMatch(/(?:src|href)="(?!\/|#)|style=|<script>|https?:/);
  });
});

it.each([
  '/nothing',
  '/page/nothing.mjs',
  '/page/../command.ts',
  '/page/%2e%2e/command.ts',
  '/page/tsconfig.json',
  '//evil.example/',
  '/constructor',
])('has nothing at %s', async (path) => {
  expect((await call(path)).status).toBe(404);
});

describe('the API', () => {
  it.each([
    ['/api/place', 200, { project: 'demo-x', instance: 'push' }],
    ['/api/status', 200, QUIET],
    ['/api/find?text=ola', 200, { by: 'person', value: 'ola' }],
    ['/api/find?text=..', 400, 'Expected an id.'],
    ['/api/find?text=', 400, /Expected \?text=/],
    [`/api/find?text=${'x'.repeat(6_145)}`, 400, /1 to 6144 characters/],
    ['/api/report?delivery=like-1', 200, EMPTY],
    ['/api/report?person=ola', 200, EMPTY],
    ['/api/report?document=posts/p1', 200, EMPTY],
    ['/api/report', 400, /Expected \?delivery=/],
    ['/api/report?person=', 400, /Expected \?person=/],
    ['/api/report?person=ola&within=0', 400, /&within=/],
    ['/api/report?person=ola&within=soon', 400, /&within=/],
    ['/api/nothing', 404, /The page is at \//],
  ])('answers %s', async (path, status, answer) => {
    const got = await call(path);
    expect([got.status, got.headers['content-type']]).toEqual([
      status,
      'application/json; charset=utf-8',
    ]);
    const json = JSON.parse(got.body) as { error: string };
    if (status !== 200) expect(json.error).toMatch(answer as RegExp | string);
    else expect(json).toEqual(answer);
  });

  it('asks for what is wanted, whatever it is', async () => {
    await call(`/api/report?document=${encodeURIComponent('posts/שלום/likes/a&b=c')}&within=5`);
    await call('/api/report?person=ola&within=3600000');
    await call('/api/report?person=ola');
    expect(source.questions).toEqual([
      { by: 'document', value: 'posts/שלום/likes/a&b=c' },
      { by: 'person', value: 'ola', within: 3_600_000 },
      { by: 'person', value: 'ola', within: 86_400_000 },
    ]);
  });

  it.each([
    [Object.assign(new Error('14 UNAVAILABLE: no'), { code: 14 }), 'Firestore cannot be reached.'],
    [new UsageError('Sign in with: gcloud auth'), 'Sign in with: gcloud auth'],
    [new Error(`odd \u202e ${'a1'.repeat(32)}`), 'odd \\u202e <redacted>'],
  ])('says in plain words what is wrong with Firestore', async (failure, error) => {
    source.failure = failure;
    const got = await call('/api/status');
    expect([got.status, JSON.parse(got.body)]).toEqual([503, { error }]);
  });
});

describe('the feed', () => {
  it('begins with the list as it stands, and tells what comes', async () => {
    source.put('like-1', Date.now() - 60_000);
    const reader = await follow();
    expect(reader.response.headers['content-type']).toBe('text/event-stream; charset=utf-8');
    expect(await reader.next('snapshot')).toMatchObject({
      id: expect.stringMatching(/^\S+~1$/) as string,
      data: { rows: [{ id: 'like-1' }], hasGaps: false },
    });
    source.put('like-2', Date.now(), { state: 'under-way' });
    expect(await reader.next('rows')).toMatchObject({
      id: expect.stringMatching(/~2$/) as string,
      data: { rows: [{ id: 'like-2', state: 'under-way' }], gone: [] },
    });
    expect(await reader.next('status')).toMatchObject({ data: { status: QUIET } });
  });

  it('keeps what it says on one line, whatever is in it', async () => {
    source.put('like-1', Date.now(), { document: 'posts/a\n\nevent: rows\r\ndata: 1\u2028' });
    const { data } = await (await follow()).next('snapshot');
    expect(data).toMatchObject({
      rows: [{ document: 'posts/a\n\nevent: rows\r\ndata: 1\u2028' }],
    });
  });

  it('beats while nothing happens', async () => {
    const reader = await follow();
    expect(await reader.next('beat')).toEqual({ name: 'beat', data: {} });
    expect(await reader.next('beat')).toEqual({ name: 'beat', data: {} });
  });

  it.each([
    ['a browser', (id: string) => follow('', { 'last-event-id': id })],
    ['a page that was hidden', (id: string) => follow(`?after=${encodeURIComponent(id)}`)],
  ])('tells %s that comes back only what changed meanwhile', async (_who, comeBack) => {
    source.put('like-1', Date.now() - 60_000);
    const other = await follow();
    const { id = '' } = await other.next('snapshot');
    source.put('like-2', Date.now());
    await other.next('rows');
    const reader = await comeBack(id);
    expect(await reader.next('rows')).toMatchObject({ data: { rows: [{ id: 'like-2' }] } });
  });

  it.each(['of-another~1', 'nonsense', '~', 'a~b~c'])(
    'tells whoever comes with the unknown id %s everything',
    async (id) => {
      source.put('like-1', Date.now() - 60_000);
      await (await follow()).next('snapshot');
      const reader = await follow('', { 'last-event-id': id });
      expect(await reader.next('snapshot')).toMatchObject({ data: { rows: [{ id: 'like-1' }] } });
    },
  );

  it('says that Firestore cannot be reached, and goes on by itself when it can', async () => {
    const reader = await follow();
    await reader.next('snapshot');
    source.failure = Object.assign(new Error('down'), { code: 14 });
    await troubleOf(reader, 'Firestore cannot be reached.');
    source.failure = undefined;
    await troubleOf(reader, null);
    source.put('like-1', Date.now());
    expect(await reader.next('rows')).toMatchObject({ data: { rows: [{ id: 'like-1' }] } });
  });

  async function troubleOf(reader: EventReader, message: string | null): Promise<void> {
    for (;;) {
      const { data } = await reader.next('trouble');
      if ((data as { message: string | null }).message === message) return;
    }
  }

  it('reads nothing while nobody looks', async () => {
    const reader = await follow();
    await reader.next('status');
    reader.close();
    await call('/api/place');
    const wasAsked = async () => {
      const before = source.asked.length;
      // Each of these is a turn of everything that waits.
      for (let turn = 0; turn < 10; turn += 1) await call('/api/place');
      return source.asked.length > before;
    };
    let turns = 0;
    while ((await wasAsked()) && turns < 50) turns += 1;
    expect(await wasAsked()).toBe(false);
  });

  it('follows no more than twenty pages, and says so to the next', async () => {
    for (let page = 0; page < 20; page += 1) await follow();
    const got = await call('/api/feed');
    expect([got.status, JSON.parse(got.body)]).toEqual([
      503,
      { error: '20 pages are open already. Close one of them.' },
    ]);
    readers.shift()?.close();
    while ((await call('/api/feed', { method: 'HEAD' })).status === 503);
    expect(await (await follow()).next('snapshot')).toMatchObject({ data: { rows: [] } });
  });
});
