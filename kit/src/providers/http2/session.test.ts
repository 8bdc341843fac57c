/** One connection by itself: what it says of its end, in cases that a pool of them hides. */
import { inShort, post, until } from '../../testing/http2-peer';
import {
  frames,
  type RawConnection,
  type RawPeer,
  startRawPeer,
} from '../../testing/raw-http2-peer';
import { Session } from './session';

/** What Node's session has besides its published types. */
interface NextStreamId {
  setNextStreamID(id: number): void;
}

let peer: RawPeer;
let session: Session;
let events: string[] = [];

async function open(onRequest: (connection: RawConnection, id: number) => void): Promise<void> {
  events = [];
  peer = await startRawPeer({ onRequest });
  session = new Session(
    {
      origin: peer.origin,
      connectTimeoutMs: 10_000,
      requestTimeoutMs: 10_000,
      maxStreams: 100,
      now: Date.now,
    },
    {
      onRoom: () => events.push('room'),
      onRefusal: () => events.push('refusal'),
      onDraining: () => events.push('draining'),
      onConnectFailed: (reason) => events.push(reason),
    },
  );
  await until(() => events.length > 0);
}

afterEach(async () => {
  session.close();
  await peer.close();
});

const answer = (connection: RawConnection, id: number): void =>
  connection.send(frames.answer(id, 200, 'ok'));

function send(): Promise<string> {
  return new Promise((resolve) => session.dispatch(post(), (given) => resolve(inShort(given))));
}

it('says once that it drains, and knows afterwards that nobody answers there', async () => {
  await open(answer);
  expect(session.room).toBe(100);
  session.close();
  session.close();
  expect(session.room).toBe(0);
  expect(await session.probe(10_000)).toBe(false);
  expect(events).toEqual(['room', 'draining']);
});

it('offers no room once the peer is leaving, whatever SETTINGS it still sends', async () => {
  await open((connection, id) => {
    connection.send(frames.goaway(id, 0), frames.settings(50));
    answer(connection, id);
  });
  expect(await send()).toBe('200 ok');
  expect(session.room).toBe(0);
  expect(events).toEqual(['room', 'draining']);
});

it('is left when its stream ids are used up, and the request was never sent', async () => {
  await open(answer);
  const { session: inner } = session as unknown as { session: NextStreamId };
  inner.setNextStreamID(2 ** 31 - 1);
  expect(await send()).toBe('200 ok');
  expect(await send()).toBe('never: ERR_HTTP2_OUT_OF_STREAMS');
  expect(events.at(-1)).toBe('draining');
});

it('says never of a request that comes after its end', async () => {
  await open(answer);
  peer.connections[0]?.socket.destroy();
  await until(() => events.includes('draining'));
  expect(await send()).toMatch(/^never: ERR_HTTP2_/);
});
