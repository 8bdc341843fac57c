/** How many streams are open, on how many connections, and who waits. */
import type { ServerHttp2Stream } from 'node:http2';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import type { Http2Request } from './answer';
import type { Http2Client } from './client';
import { client, echo, inShort, type Peer, post, startPeer, until } from '../../testing/http2-peer';
import {
  frames,
  type RawConnection,
  type RawPeer,
  startRawPeer,
} from '../../testing/raw-http2-peer';

let peer: Peer | RawPeer;
let http: Http2Client;

afterEach(async () => {
  http.close();
  await peer.close();
});

function send(count: number): Promise<string[]> {
  return Promise.all(
    Array.from({ length: count }, async (_, nth) => inShort(await http.request(post(`${nth}`)))),
  );
}

it('serves one request after another on one connection', async () => {
  const server = (peer = await startPeer(echo));
  http = client(peer.origin);
  for (let nth = 0; nth < 20; nth += 1) {
    expect(inShort(await http.request(post(`{"n":${nth}}`)))).toBe(`200 {"n":${nth}}`);
  }
  expect(server.sessions).toHaveLength(1);
});

it('answers each of 2,000 requests with its own answer', async () => {
  peer = await startPeer(echo);
  http = client(peer.origin);
  expect(await send(2000)).toEqual(Array.from({ length: 2000 }, (_, nth) => `200 ${nth}`));
});

it('opens no stream before the peer has said how many it takes', async () => {
  let connection: RawConnection | undefined;
  const server = (peer = await startRawPeer({
    onConnect: (made) => (connection = made),
    onRequest: (made, id) => made.send(frames.answer(id, 200, 'ok')),
  }));
  http = client(peer.origin, { maxSessions: 1 });
  const answers = send(3);
  await until(() => connection !== undefined);
  // The preface and the first requests, if there were any, would be in one packet.
  await until(() => (connection?.socket.bytesRead ?? 0) > 0);
  expect(server.connections[0]?.requests).toEqual([]);
  connection?.send(frames.settings(1));
  expect(await answers).toEqual(['200 ok', '200 ok', '200 ok']);
});

it('never has more streams open than the peer allows', async () => {
  const server = (peer = await startPeer(
    (stream, request) => setImmediate(() => echo(stream, request)),
    { settings: { maxConcurrentStreams: 3 } },
  ));
  http = client(peer.origin, { maxSessions: 1 });
  await send(200);
  expect(server.streams.most).toBe(3);
});

it('never has more streams open than its own limit', async () => {
  const server = (peer = await startPeer((stream, request) =>
    setImmediate(() => echo(stream, request)),
  ));
  http = client(peer.origin, { maxSessions: 1, maxStreams: 7 });
  await send(100);
  expect(server.streams.most).toBe(7);
});

it('follows a limit that is lowered to 1 while 1,000 wait, and raised again', async () => {
  const held: { id: number; connection: RawConnection }[] = [];
  let most = 0;
  let answered = 0;
  const server = (peer = await startRawPeer({
    onConnect: (connection) => connection.send(frames.settings(50)),
    onRequest: (connection, id) => {
      held.push({ id, connection });
      most = Math.max(most, held.length);
    },
  }));
  http = client(peer.origin, { maxSessions: 1 });
  const all = send(1000);
  const release = (): void => {
    const next = held.shift();
    next?.connection.send(frames.answer(next.id, 200, 'ok'));
    answered += 1;
  };
  await until(() => held.length === 50);
  server.connections[0]?.send(frames.settings(1));
  for (let nth = 0; nth < 49; nth += 1) release();
  most = 0;
  while (answered < 400) {
    await until(() => held.length > 0);
    release();
  }
  expect(most).toBe(1);
  server.connections[0]?.send(frames.settings(20));
  while (answered < 1000) {
    await until(() => held.length >= Math.min(20, 1000 - answered));
    expect(held.length).toBeLessThanOrEqual(20);
    release();
  }
  expect(await all).toEqual(new Array(1000).fill('200 ok'));
  expect(server.connections).toHaveLength(1);
});

it('opens a second connection when the first is full, and no more than it may', async () => {
  const held: ServerHttp2Stream[] = [];
  const server = (peer = await startPeer((stream) => held.push(stream), {
    settings: { maxConcurrentStreams: 2 },
  }));
  http = client(peer.origin, { maxSessions: 3 });
  const all = send(9);
  await until(() => held.length === 6);
  expect(server.sessions).toHaveLength(3);
  for (let stream = held.shift(); stream !== undefined; stream = held.shift()) {
    echo(stream, { body: 'ok' });
  }
  await until(() => held.length === 3);
  for (const stream of held) echo(stream, { body: 'ok' });
  expect(await all).toEqual(new Array(9).fill('200 ok'));
  expect(server.sessions).toHaveLength(3);
});

it('keeps the order in which requests were made', async () => {
  const order: string[] = [];
  peer = await startPeer(
    (stream, request) => {
      order.push(request.body);
      echo(stream, request);
    },
    { settings: { maxConcurrentStreams: 1 } },
  );
  http = client(peer.origin, { maxSessions: 1 });
  await send(50);
  expect(order).toEqual(Array.from({ length: 50 }, (_, nth) => `${nth}`));
});

it('gives up on a peer that allows no streams, and says that nothing was sent', async () => {
  peer = await startRawPeer({ onConnect: (connection) => connection.send(frames.settings(0)) });
  http = client(peer.origin, { maxSessions: 1, connectTimeoutMs: 50 });
  expect(await send(2)).toEqual([
    'never: the server allowed no streams for 50 ms',
    'never: the server allowed no streams for 50 ms',
  ]);
});

it('waits for a peer that allows no streams only at first', async () => {
  peer = await startRawPeer({
    onConnect: (connection) => {
      connection.send(frames.settings(0));
      setImmediate(() => connection.send(frames.settings(1)));
    },
    onRequest: (connection, id) => connection.send(frames.answer(id, 200, 'ok')),
  });
  http = client(peer.origin, { maxSessions: 1 });
  expect(await send(2)).toEqual(['200 ok', '200 ok']);
});

it('leaves a connection whose limit fell to 0 for a new one', async () => {
  peer = await startRawPeer({
    onRequest: (connection, id) => {
      if (connection.index === 0) connection.send(frames.settings(0));
      connection.send(frames.answer(id, 200, `${connection.index}`));
    },
  });
  http = client(peer.origin, { maxSessions: 1, connectTimeoutMs: 300 });
  expect(await send(1)).toEqual(['200 0']);
  expect(await send(1)).toEqual(['200 1']);
});

describe('the waiting line', () => {
  it('keeps 100,000 requests in little memory and answers all of them', async () => {
    peer = await startRawPeer({ onConnect: () => undefined });
    http = client(peer.origin);
    const request = post();
    const before = heapUsed();
    const all = Array.from({ length: 100_000 }, () => http.request(request));
    // A place in the line is a request, a callback and a promise.
    expect(heapUsed() - before).toBeLessThan(100 * 1024 * 1024);
    http.close();
    const reasons = new Set((await Promise.all(all)).map(inShort));
    expect([...reasons]).toEqual(['never: client closed']);
  });

  it('lets go of served requests while others still wait', async () => {
    let left = 3000;
    peer = await startRawPeer({
      onConnect: (connection) => connection.send(frames.settings(1)),
      onRequest: (connection, id) => {
        left -= 1;
        if (left > 0) connection.send(frames.answer(id, 200, ''));
      },
    });
    http = client(peer.origin, { maxSessions: 1 });
    const served = new WeakRef(post());
    void http.request(served.deref() as Http2Request);
    for (let nth = 0; nth < 4000; nth += 1) void http.request(post());
    await until(() => left === 0);
    collectGarbage();
    expect(served.deref()).toBeUndefined();
  });
});

function heapUsed(): number {
  collectGarbage();
  return process.memoryUsage().heapUsed;
}

function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
}

it('sends a request of another method, with no body, where it is told to', async () => {
  peer = await startPeer((stream, { method, path, body }) => {
    stream.respond({ ':status': 200 });
    stream.end(`${method} ${path} ${body.length}`);
  });
  http = client(peer.origin);
  const answer = await http.request({ method: 'DELETE', path: '/topic', headers: {}, body: '' });
  expect(inShort(answer)).toBe('200 DELETE /topic 0');
});
