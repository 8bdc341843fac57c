/** Connections between requests: asked whether they live, replaced when old or silent, and no burden to the process. */
import { once } from 'node:events';
import * as net from 'node:net';
import type { Http2Client, Http2ClientOptions } from './client';
import { client, echo, inShort, post, startPeer, until } from '../../testing/http2-peer';
import {
  frames,
  type RawConnection,
  type RawPeer,
  startRawPeer,
} from '../../testing/raw-http2-peer';

let now = 0;
let peer: RawPeer;
let http: Http2Client;
let answersPings = true;

/** A peer that answers with the number of the connection, until that connection is told to be silent. */
const silent = new Set<RawConnection>();

async function start(options: Partial<Http2ClientOptions> = {}): Promise<void> {
  peer = await startRawPeer({
    get answersPings() {
      return answersPings;
    },
    onRequest: (connection, id) => {
      if (!silent.has(connection)) {
        connection.send(frames.answer(id, 200, `${connection.index}`));
      }
    },
  });
  http = client(peer.origin, {
    maxSessions: 1,
    now: () => now,
    probeAfterIdleMs: 10_000,
    probeTimeoutMs: 300,
    maxIdleMs: 100_000,
    ...options,
  });
}

async function send(): Promise<string> {
  return inShort(await http.request(post()));
}

beforeEach(() => {
  now = 0;
  answersPings = true;
  silent.clear();
});

afterEach(async () => {
  http.close();
  await peer.close();
});

it('uses a connection again at once after a short pause', async () => {
  await start();
  answersPings = false;
  await send();
  now = 10_000;
  expect(await send()).toBe('200 0');
});

it('uses an idle connection again once it has answered a PING', async () => {
  await start();
  await send();
  now = 10_001;
  expect(await send()).toBe('200 0');
  expect(peer.connections).toHaveLength(1);
});

it('loses no request to a connection that died in its sleep', async () => {
  await start();
  await send();
  answersPings = false;
  now = 10_001;
  expect(await Promise.all([send(), send()])).toEqual(['200 1', '200 1']);
  await until(() => peer.connections[0]?.socket.destroyed === true);
});

it('loses no request to a connection that died while the clock was set back', async () => {
  await start();
  now = 3_600_000;
  await send();
  answersPings = false;
  now = 0;
  expect(await send()).toBe('200 1');
});

it('loses no request to an idle connection that ends while it is being asked', async () => {
  await start({ probeTimeoutMs: 10_000 });
  await send();
  answersPings = false;
  now = 10_001;
  const answer = send();
  peer.connections[0]?.socket.destroy();
  expect(await answer).toBe('200 1');
});

it('loses no request to a connection that ended unnoticed', async () => {
  await start();
  await send();
  peer.connections[0]?.socket.resetAndDestroy();
  expect(await send()).toMatch(/^(200 1|unknown: .*)$/);
  expect(await send()).toBe('200 1');
});

it('replaces a connection that was idle for too long, without asking it', async () => {
  await start();
  await send();
  now = 100_001;
  expect(await send()).toBe('200 1');
  await until(() => peer.connections[0]?.socket.destroyed === true);
});

it('does not take a connection for idle while a request is under way', async () => {
  await start({ requestTimeoutMs: 5_000 });
  await send();
  const [connection] = peer.connections;
  if (connection !== undefined) silent.add(connection);
  const slow = send();
  await until(() => connection?.requests.length === 2);
  now = 200_000;
  silent.clear();
  expect(await send()).toBe('200 0');
  connection?.send(frames.answer(3, 200, 'late'));
  expect(await slow).toBe('200 late');
});

it('gives a silent request up after its time, and its connection with it', async () => {
  await start({ requestTimeoutMs: 300 });
  await send();
  const [connection] = peer.connections;
  if (connection !== undefined) silent.add(connection);
  expect(await send()).toBe('unknown: timeout after 300 ms');
  expect(await send()).toBe('200 1');
  await until(() => connection?.socket.destroyed === true);
});

it('lets the other requests of a given-up connection finish', async () => {
  await start({ requestTimeoutMs: 300 });
  await send();
  const [connection] = peer.connections;
  if (connection !== undefined) silent.add(connection);
  let given = '';
  void send().then((answer) => (given = answer));
  await until(() => connection?.requests.length === 2);
  silent.clear();
  const others: string[] = [];
  while (given === '' || others.at(-1) === '200 0') {
    others.push(...(await Promise.all([send(), send(), send()])));
  }
  expect(given).toBe('unknown: timeout after 300 ms');
  expect(others.filter((answer) => !answer.startsWith('200 '))).toEqual([]);
  await until(() => connection?.socket.destroyed === true);
});

describe('close', () => {
  it('lets requests under way finish, answers those in line, and takes no more', async () => {
    await start({ maxStreams: 1 });
    await send();
    const [connection] = peer.connections;
    if (connection !== undefined) silent.add(connection);
    const underWay = send();
    const inLine = send();
    await until(() => connection?.requests.length === 2);
    http.close();
    expect(await inLine).toBe('never: client closed');
    expect(await send()).toBe('never: client closed');
    connection?.send(frames.answer(3, 200, 'ok'));
    expect(await underWay).toBe('200 ok');
    await until(() => connection?.socket.destroyed === true);
  });

  it('ends a connection that is still being made', async () => {
    await start();
    const answer = send();
    http.close();
    expect(await answer).toBe('never: client closed');
    await until(() => peer.connections.every(({ socket }) => socket.destroyed));
  });

  it('ends idle connections, and may be called twice', async () => {
    await start();
    await send();
    http.close();
    http.close();
    await until(() => peer.connections[0]?.socket.destroyed === true);
  });

  it('does not wait for a peer that stopped reading', async () => {
    await start({ requestTimeoutMs: 300 });
    await send();
    const [connection] = peer.connections;
    connection?.socket.pause();
    const big = 'x'.repeat(8 * 1024 * 1024);
    expect(inShort(await http.request(post(big)))).toBe('unknown: timeout after 300 ms');
    connection?.socket.resume();
    await until(() => connection?.socket.destroyed === true);
  });
});

it('keeps the process alive while a request is under way, and no longer', async () => {
  await start();
  // Only the client's own sockets are to be counted.
  const server = await startPeer(echo);
  const counted = client(server.origin);
  const held = (): number =>
    process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;
  expect(inShort(await counted.request(post()))).toBe('200 {}');
  const withServerSide = held();
  const next = counted.request(post());
  expect(held()).toBe(withServerSide + 1);
  await next;
  expect(held()).toBe(withServerSide);
  counted.close();
  await until(() => held() < withServerSide);
  await server.close();
});

it('does not keep the process alive for a connection that was made in vain', async () => {
  const server = await startRawPeer({
    onConnect: (connection) => {
      if (connection.index === 0) connection.send(frames.settings(1));
    },
    onRequest: (connection, id) => connection.send(frames.answer(id, 200, `${connection.index}`)),
  });
  const counted = client(server.origin, { maxSessions: 2 });
  const both = Promise.all([counted.request(post()), counted.request(post())]);
  expect((await both).map(inShort)).toEqual(['200 0', '200 0']);
  await until(() => server.connections.length === 2);
  const held = (): number =>
    process.getActiveResourcesInfo().filter((name) => name === 'TCPSocketWrap').length;
  const whileConnecting = held();
  server.connections[1]?.send(frames.settings(1));
  await until(() => held() === whileConnecting - 1);
  counted.close();
  await server.close();
});

it('leaves nothing behind after close', async () => {
  await start();
  const timers = (): number =>
    process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length;
  const before = timers();
  const server = await startPeer(echo);
  const used = client(server.origin);
  await Promise.all(Array.from({ length: 300 }, () => used.request(post())));
  used.close();
  await until(() => server.sessions.every(({ destroyed }) => destroyed));
  await server.close();
  await until(() => timers() <= before);
  const [, port] = server.origin.split('127.0.0.1:');
  const refused = net.connect(Number(port), '127.0.0.1');
  await once(refused, 'error');
});
