/** Connections that are never made, requests that are refused, and answers that are not whole. */
import { once } from 'node:events';
import { constants } from 'node:http2';
import * as net from 'node:net';
import type { Http2Client } from './client';
import { MAX_ANSWER_BYTES } from './exchange';
import { client, echo, inShort, post, startPeer, until } from '../../testing/http2-peer';
import { frames, startRawPeer } from '../../testing/raw-http2-peer';

const closing: (() => unknown)[] = [];

function closeLater<T extends { close(): unknown }>(thing: T): T {
  closing.push(() => thing.close());
  return thing;
}

afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

async function send(http: Http2Client, count = 1): Promise<string[]> {
  return (await Promise.all(Array.from({ length: count }, () => http.request(post())))).map(
    inShort,
  );
}

/** A TCP server that takes connections and says nothing, or what it is told. */
async function tcpServer(onConnection?: (socket: net.Socket) => void): Promise<number> {
  const sockets: net.Socket[] = [];
  const server = net.createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => socket.destroy());
    socket.resume();
    onConnection?.(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  closing.push(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  });
  return (server.address() as net.AddressInfo).port;
}

describe('a connection that is never made', () => {
  it('is refused: nothing was processed', async () => {
    const gone = await startPeer(echo);
    await gone.close();
    const http = closeLater(client(gone.origin));
    expect(await send(http, 3)).toEqual(new Array(3).fill('never: ECONNREFUSED'));
  });

  it('is tried anew by the next request', async () => {
    const gone = await startPeer(echo);
    await gone.close();
    const http = closeLater(client(gone.origin));
    await send(http);
    const server = net.createServer().listen(Number(new URL(gone.origin).port), '127.0.0.1');
    await once(server, 'listening');
    const connected = once(server, 'connection');
    void http.request(post());
    const [socket] = (await connected) as [net.Socket];
    socket.destroy();
    server.close();
    await once(server, 'close');
  });

  it('is tried twice at once, then for two seconds not at all', async () => {
    let now = 0;
    let knocks = 0;
    let isOpen = false;
    const port = await tcpServer((socket) => {
      knocks += 1;
      if (!isOpen) socket.destroy();
    });
    const http = closeLater(
      client(`http://127.0.0.1:${port}`, { now: () => now, connectTimeoutMs: 50 }),
    );
    for (let nth = 0; nth < 20; nth += 1) {
      expect(await send(http, 10)).toEqual(
        new Array(10).fill(expect.stringMatching(/^never: (?:ECONNRESET|connection closed)/)),
      );
    }
    expect(knocks).toBe(2);
    now = 2_000;
    await send(http);
    expect(knocks).toBe(3);
    isOpen = true;
    now = 4_000;
    expect(await send(http)).toEqual(['never: no HTTP/2 connection within 50 ms']);
    expect(knocks).toBe(4);
  });

  it('is forgotten as soon as one is made', async () => {
    let now = 0;
    let failing = 2;
    const peer = closeLater(
      await startRawPeer({
        onConnect: (connection) => {
          failing -= 1;
          if (failing >= 0) connection.socket.destroy();
          else connection.send(frames.settings(100));
        },
        onRequest: (connection, id) => {
          connection.send(frames.goaway(id, 0), frames.answer(id, 200, 'ok'));
          connection.socket.end();
        },
      }),
    );
    const http = closeLater(client(peer.origin, { now: () => now }));
    await send(http);
    await send(http);
    now = 2_000;
    expect(await send(http)).toEqual(['200 ok']);
    failing = 1;
    expect(await send(http)).toEqual([expect.stringMatching(/^never: /)]);
    // Had the two before counted, nobody would be asked now.
    expect(await send(http)).toEqual(['200 ok']);
  });

  it.each(['http', 'https'])(
    'times out over %s with a server that never speaks',
    async (scheme) => {
      const port = await tcpServer();
      const http = closeLater(client(`${scheme}://127.0.0.1:${port}`, { connectTimeoutMs: 50 }));
      expect(await send(http, 2)).toEqual(
        new Array(2).fill('never: no HTTP/2 connection within 50 ms'),
      );
    },
  );

  it('is hung up on before SETTINGS', async () => {
    const port = await tcpServer((socket) => socket.end());
    const http = closeLater(client(`http://127.0.0.1:${port}`));
    expect(await send(http)).toEqual([expect.stringMatching(/^never: /)]);
  });

  it('speaks HTTP/1.1', async () => {
    const port = await tcpServer((socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'));
    const http = closeLater(client(`http://127.0.0.1:${port}`));
    expect(await send(http)).toEqual(['never: ERR_HTTP2_ERROR']);
  });

  it('has no valid origin or TLS options', async () => {
    expect(await send(client('not an origin'), 2)).toEqual(
      new Array(2).fill('never: ERR_INVALID_URL'),
    );
    const http = client('https://127.0.0.1:1', { tls: { ca: '-----BEGIN CERTIFICATE-----' } });
    expect(await send(http)).toEqual([expect.stringMatching(/^never: /)]);
  });

  it('leaves the line to a connection that works, and does not knock again at once', async () => {
    let now = 0;
    const held: (() => void)[] = [];
    const peer = closeLater(
      await startRawPeer({
        onConnect: (connection) => {
          if (connection.index === 1) connection.socket.destroy();
          else connection.send(frames.settings(1));
        },
        onRequest: (connection, id) =>
          held.push(() => connection.send(frames.answer(id, 200, `${connection.index}`))),
      }),
    );
    const http = closeLater(client(peer.origin, { maxSessions: 2, now: () => now }));
    const answers = send(http, 4);
    await until(() => peer.connections[1]?.socket.closed === true);
    for (let nth = 0; nth < 3; nth += 1) {
      await until(() => held.length === 1);
      held.shift()?.();
    }
    await until(() => held.length === 1);
    expect(peer.connections).toHaveLength(2);

    now = 10_000;
    const more = send(http);
    await until(() => held.length === 2);
    for (const answer of held) answer();
    expect(await answers).toEqual(['200 0', '200 0', '200 0', '200 0']);
    expect(await more).toEqual(['200 2']);
  });
});

describe('a stream that is reset', () => {
  it.each([
    ['REFUSED_STREAM', 'never'],
    ['INTERNAL_ERROR', 'unknown'],
    ['CANCEL', 'unknown'],
    ['ENHANCE_YOUR_CALM', 'unknown'],
    ['NO_ERROR', 'unknown'],
  ] as const)('with %s: %s', async (name, processed) => {
    const code = constants[`NGHTTP2_${name}`];
    const peer = closeLater(
      await startRawPeer({ onRequest: (connection, id) => connection.send(frames.rst(id, code)) }),
    );
    expect(await send(closeLater(client(peer.origin)))).toEqual([`${processed}: ${name}`]);
  });

  it('with a code that HTTP/2 does not know', async () => {
    const peer = closeLater(
      await startRawPeer({ onRequest: (connection, id) => connection.send(frames.rst(id, 99)) }),
    );
    expect(await send(closeLater(client(peer.origin)))).toEqual(['unknown: HTTP/2 error 99']);
  });

  it('is of unknown fate once an answer had begun, whatever the code', async () => {
    const peer = closeLater(
      await startRawPeer({
        onRequest: (connection, id) =>
          connection.send(
            frames.headers(id, 200),
            frames.rst(id, constants.NGHTTP2_REFUSED_STREAM),
          ),
      }),
    );
    expect(await send(closeLater(client(peer.origin)))).toEqual(['unknown: REFUSED_STREAM']);
  });

  it('leaves the connection and its other streams alone', async () => {
    const peer = closeLater(
      await startRawPeer({
        onRequest: (connection, id) =>
          connection.send(
            id === 3
              ? frames.rst(id, constants.NGHTTP2_INTERNAL_ERROR)
              : frames.answer(id, 200, 'ok'),
          ),
      }),
    );
    const http = closeLater(client(peer.origin));
    expect(await send(http, 3)).toEqual(['200 ok', 'unknown: INTERNAL_ERROR', '200 ok']);
    expect(await send(http)).toEqual(['200 ok']);
    expect(peer.connections).toHaveLength(1);
  });
});

describe('an answer that is not whole', () => {
  it('is unknown when the server dies in the middle of it', async () => {
    const peer = closeLater(
      await startRawPeer({
        onRequest: (connection, id) => {
          connection.send(frames.headers(id, 200), frames.data(id, '{"name":'));
          connection.socket.end();
        },
      }),
    );
    expect(await send(closeLater(client(peer.origin)))).toEqual(['unknown: connection closed']);
  });

  it('is unknown when the connection is reset before it begins', async () => {
    const peer = closeLater(
      await startRawPeer({ onRequest: (connection) => connection.socket.resetAndDestroy() }),
    );
    expect(await send(closeLater(client(peer.origin)))).toEqual(['unknown: ECONNRESET']);
  });

  it('is unknown when the stream is reset without an error after all but the end', async () => {
    const peer = closeLater(
      await startRawPeer({
        onRequest: (connection, id) =>
          connection.send(
            frames.headers(id, 200),
            ...(id === 1 ? [] : [frames.data(id, 'all of it')]),
            frames.rst(id, constants.NGHTTP2_NO_ERROR),
          ),
      }),
    );
    expect(await send(closeLater(client(peer.origin)), 2)).toEqual(
      new Array(2).fill('unknown: NO_ERROR'),
    );
  });

  it('is whole when the stream is reset without an error after its end', async () => {
    const peer = closeLater(
      await startRawPeer({
        onRequest: (connection, id) =>
          connection.send(frames.answer(id, 200, 'ok'), frames.rst(id, constants.NGHTTP2_NO_ERROR)),
      }),
    );
    expect(await send(closeLater(client(peer.origin)), 2)).toEqual(new Array(2).fill('200 ok'));
  });

  it('is unknown when it is cut short of its content-length', async () => {
    const peer = closeLater(
      await startPeer((stream) => {
        stream.respond({ ':status': 200, 'content-length': '100' });
        stream.end('{"name":');
      }),
    );
    expect(await send(closeLater(client(peer.origin)))).toEqual(['unknown: PROTOCOL_ERROR']);
  });

  it('is unknown when it is longer than any answer of a provider', async () => {
    const peer = closeLater(
      await startPeer((stream) => {
        stream.respond({ ':status': 200 });
        stream.end('é'.repeat(MAX_ANSWER_BYTES / 2 + 1));
      }),
    );
    const http = closeLater(client(peer.origin));
    expect(await send(http)).toEqual(['unknown: response longer than 65536 bytes']);
    expect(await send(http)).toEqual(['unknown: response longer than 65536 bytes']);
    expect(peer.sessions).toHaveLength(1);
  });

  it('is whole at exactly the longest length', async () => {
    const peer = closeLater(
      await startPeer((stream) => {
        stream.respond({ ':status': 200 });
        stream.end('x'.repeat(MAX_ANSWER_BYTES));
      }),
    );
    const answer = await closeLater(client(peer.origin)).request(post());
    expect(answer).toMatchObject({ kind: 'response', status: 200 });
  });

  it('is whole without a body', async () => {
    const peer = closeLater(
      await startRawPeer({
        onRequest: (connection, id) => connection.send(frames.headers(id, 204, true)),
      }),
    );
    expect(await send(closeLater(client(peer.origin)))).toEqual(['204 ']);
  });
});

it('answers a request whose headers HTTP/2 does not allow, and goes on', async () => {
  const peer = closeLater(await startPeer(echo));
  const http = closeLater(client(peer.origin));
  const bad = await http.request({ path: '/', headers: { 'bad header': 'x' }, body: '' });
  expect(inShort(bad)).toBe('never: ERR_INVALID_HTTP_TOKEN');
  expect(await send(http)).toEqual(['200 {}']);
});
