/** Connections that are told to end: who was answered, who was never heard, and who cannot be sure. */
import { constants } from 'node:http2';
import { client, inShort, post, until } from '../../testing/http2-peer';
import { frames, startRawPeer, type RawPeer, type RawScript } from '../../testing/raw-http2-peer';
import type { Http2Client } from './client';

const { NGHTTP2_NO_ERROR, NGHTTP2_ENHANCE_YOUR_CALM, NGHTTP2_REFUSED_STREAM } = constants;

let peer: RawPeer;
let http: Http2Client;

async function start(script: RawScript): Promise<void> {
  peer = await startRawPeer(script);
  http = client(peer.origin, { maxSessions: 1 });
}

async function send(count: number): Promise<string[]> {
  return (await Promise.all(Array.from({ length: count }, () => http.request(post())))).map(
    inShort,
  );
}

afterEach(async () => {
  http.close();
  await peer.close();
});

/** When `count` requests are in: does something, once. */
function whenIn(
  count: number,
  act: (connection: Parameters<NonNullable<RawScript['onRequest']>>[0]) => void,
): RawScript {
  return {
    onRequest: (connection) => {
      if (connection.requests.length === count) act(connection);
    },
  };
}

describe('GOAWAY in mid-batch', () => {
  it('answers the streams up to the last id and calls those above it never processed', async () => {
    await start(
      whenIn(5, (connection) => {
        connection.send(frames.goaway(5, NGHTTP2_NO_ERROR));
        for (const id of [1, 3, 5]) connection.send(frames.answer(id, 200, `${id}`));
      }),
    );
    expect(await send(5)).toEqual([
      '200 1',
      '200 3',
      '200 5',
      'never: REFUSED_STREAM',
      'never: REFUSED_STREAM',
    ]);
  });

  it('takes the second, lower id of a peer that shuts down in two steps', async () => {
    await start(
      whenIn(3, (connection) => {
        connection.send(frames.goaway(2 ** 31 - 1, NGHTTP2_NO_ERROR));
        connection.send(frames.goaway(3, NGHTTP2_NO_ERROR));
        connection.send(frames.answer(1, 200, 'a'), frames.answer(3, 404, 'b'));
      }),
    );
    expect(await send(3)).toEqual(['200 a', '404 b', 'never: REFUSED_STREAM']);
  });

  it('sends what waits in line on a new connection', async () => {
    await start({
      onConnect: (connection) => connection.send(frames.settings(2)),
      onRequest: (connection, id) => {
        if (connection.index === 0 && connection.requests.length === 1) {
          connection.send(frames.goaway(3, NGHTTP2_NO_ERROR));
        }
        connection.send(frames.answer(id, 200, `${connection.index}`));
      },
    });
    expect(await send(6)).toEqual(['200 0', '200 0', '200 1', '200 1', '200 1', '200 1']);
  });

  it('loses nobody to an error code: above the last id never, below it unknown', async () => {
    await start(
      whenIn(3, (connection) => connection.send(frames.goaway(3, NGHTTP2_ENHANCE_YOUR_CALM))),
    );
    expect(await send(3)).toEqual([
      'unknown: GOAWAY ENHANCE_YOUR_CALM',
      'unknown: GOAWAY ENHANCE_YOUR_CALM',
      'never: GOAWAY ENHANCE_YOUR_CALM',
    ]);
  });

  it('does not take the code of a GOAWAY for that of a refused stream', async () => {
    await start(
      whenIn(2, (connection) => connection.send(frames.goaway(3, NGHTTP2_REFUSED_STREAM))),
    );
    expect(await send(2)).toEqual([
      'unknown: GOAWAY REFUSED_STREAM',
      'unknown: GOAWAY REFUSED_STREAM',
    ]);
  });

  it('keeps an answer that came in the same packet as a GOAWAY with an error', async () => {
    await start(
      whenIn(2, (connection) =>
        connection.send(
          frames.answer(1, 200, '{"name":"1"}'),
          frames.headers(3, 200),
          frames.data(3, '{"na'),
          frames.goaway(3, NGHTTP2_ENHANCE_YOUR_CALM),
        ),
      ),
    );
    expect(await send(2)).toEqual(['200 {"name":"1"}', 'unknown: GOAWAY ENHANCE_YOUR_CALM']);
  });

  it('says never of every stream when the last id is 0', async () => {
    await start(whenIn(2, (connection) => connection.send(frames.goaway(0, NGHTTP2_NO_ERROR))));
    expect(await send(2)).toEqual(['never: REFUSED_STREAM', 'never: REFUSED_STREAM']);
  });

  it('does not call a half-answered stream above the last id unprocessed', async () => {
    await start(
      whenIn(1, (connection) =>
        connection.send(frames.headers(1, 200), frames.goaway(0, NGHTTP2_NO_ERROR)),
      ),
    );
    expect(await send(1)).toEqual(['unknown: REFUSED_STREAM']);
  });

  it('does not take half an answer for a whole one when a draining connection breaks', async () => {
    await start(
      whenIn(1, (connection) => {
        connection.send(
          frames.goaway(1, NGHTTP2_NO_ERROR),
          frames.headers(1, 200),
          frames.data(1, '{"half":'),
        );
        connection.socket.write('', () => connection.socket.resetAndDestroy());
      }),
    );
    expect(await send(1)).toEqual([expect.stringMatching(/^unknown: /)]);
  });
});

describe('a peer that turns connections away', () => {
  it('fails the line instead of connecting for ever when GOAWAY comes before any stream is allowed', async () => {
    await start({
      onConnect: (connection) =>
        connection.send(frames.settings(0), frames.goaway(0, NGHTTP2_NO_ERROR)),
    });
    expect(await send(2)).toEqual([
      'never: GOAWAY before any stream was allowed',
      'never: GOAWAY before any stream was allowed',
    ]);
    expect(peer.connections).toHaveLength(1);
  });

  it('puts nothing on a connection that refused a stream before the peer had time to say that it leaves', async () => {
    await start({
      onRequest: (connection, id) => {
        if (connection.index > 0) return connection.send(frames.answer(id, 200, 'second'));
        connection.send(frames.rst(id, NGHTTP2_REFUSED_STREAM));
        setImmediate(() => connection.send(frames.goaway(0, NGHTTP2_NO_ERROR)));
      },
    });
    expect(await send(1)).toEqual(['never: REFUSED_STREAM']);
    expect(await send(1)).toEqual(['200 second']);
    expect(peer.connections[0]?.requests).toEqual([1]);
  });

  it('goes on with a connection that refused a stream and has nothing more to say', async () => {
    await start({
      onRequest: (connection, id) =>
        connection.send(
          id === 1 ? frames.rst(id, NGHTTP2_REFUSED_STREAM) : frames.answer(id, 200, 'same'),
        ),
    });
    expect(await send(1)).toEqual(['never: REFUSED_STREAM']);
    expect(await send(1)).toEqual(['200 same']);
    expect(peer.connections).toHaveLength(1);
  });

  it('replaces an idle connection that was told to go away, without losing a request', async () => {
    await start({
      onRequest: (connection, id) => connection.send(frames.answer(id, 200, `${connection.index}`)),
    });
    expect(await send(1)).toEqual(['200 0']);
    const [first] = peer.connections;
    first?.send(frames.goaway(1, NGHTTP2_NO_ERROR));
    await until(() => first?.socket.destroyed === true);
    expect(await send(1)).toEqual(['200 1']);
  });
});
