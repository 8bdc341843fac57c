/** Whatever a server does: every request is answered once, and only who was never heard is called unprocessed. */
import fc from 'fast-check';
import type { Http2Answer } from './answer';
import { client, post, until } from '../../testing/http2-peer';
import {
  frames,
  type RawConnection,
  type RawPeer,
  startRawPeer,
} from '../../testing/raw-http2-peer';
import { Session } from './session';

/** What a server does with a connection, and then with one request after another. */
interface Behaviour {
  readonly greeting: 'settings' | 'one-stream' | 'late' | 'no-streams' | 'hang-up' | 'nothing';
  readonly acts: readonly Act[];
}

type Act =
  | { readonly kind: 'answer' | 'half' | 'silence' | 'disconnect' | 'break' | 'refuse' }
  | { readonly kind: 'reset'; readonly code: number }
  | { readonly kind: 'limit'; readonly streams: number }
  /** Answered before the connection is left, and how many of the latest streams are disowned. */
  | { readonly kind: 'goaway'; readonly code: number; readonly disowned: number };

const code = fc.integer({ min: 0, max: 13 });
const act: fc.Arbitrary<Act> = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Act>({ kind: 'answer' }) },
  {
    weight: 4,
    arbitrary: fc.constantFrom<Act>(
      { kind: 'half' },
      { kind: 'silence' },
      { kind: 'disconnect' },
      { kind: 'break' },
      { kind: 'refuse' },
    ),
  },
  code.filter((value) => value !== 7).map((value): Act => ({ kind: 'reset', code: value })),
  fc.integer({ min: 0, max: 5 }).map((streams): Act => ({ kind: 'limit', streams })),
  fc
    .record({ code, disowned: fc.integer({ min: 0, max: 3 }) })
    .map((goaway): Act => ({ kind: 'goaway', ...goaway })),
);
const behaviour: fc.Arbitrary<Behaviour> = fc.record({
  greeting: fc.oneof(
    { weight: 5, arbitrary: fc.constant('settings' as const) },
    {
      weight: 3,
      arbitrary: fc.constantFrom('one-stream', 'late', 'no-streams', 'hang-up', 'nothing'),
    },
  ),
  acts: fc.array(act, { maxLength: 12 }),
});

/** Bodies of the requests that the server has acted upon; kept as a server would know it. */
class Server {
  readonly processed = new Set<string>();
  readonly answered = new Set<string>();
  private readonly left = new Map<RawConnection, number>();

  async start(behaviours: readonly Behaviour[]): Promise<RawPeer> {
    const of = (connection: RawConnection): Behaviour | undefined => behaviours[connection.index];
    return startRawPeer({
      onConnect: (connection) => greet(connection, of(connection)?.greeting ?? 'settings'),
      onRequest: (connection, id) => {
        const nth = connection.requests.length - 1;
        this.act(connection, id, of(connection)?.acts[nth] ?? { kind: 'answer' });
      },
    });
  }

  private act(connection: RawConnection, id: number, what: Act): void {
    const body = connection.bodies.get(id) ?? '';
    if (id > (this.left.get(connection) ?? Infinity)) return;
    if (what.kind === 'refuse') return connection.send(frames.rst(id, 7));
    if (what.kind === 'goaway') {
      // No server disowns what it has acted upon.
      const acted = connection.requests.filter((each) =>
        this.processed.has(connection.bodies.get(each) ?? ''),
      );
      const last = Math.max(0, id - 2 * what.disowned, ...acted);
      this.left.set(connection, last);
      connection.send(frames.goaway(last, what.code));
      if (last < id) return;
    }
    this.processed.add(body);
    switch (what.kind) {
      case 'half':
        return connection.send(frames.headers(id, 200), frames.data(id, 'half'));
      case 'silence':
        return;
      case 'disconnect':
        return void connection.socket.end();
      case 'break':
        return void connection.socket.resetAndDestroy();
      case 'reset':
        return connection.send(frames.rst(id, what.code));
      case 'limit':
        connection.send(frames.settings(what.streams));
        break;
      case 'answer':
      case 'goaway':
        break;
    }
    this.answered.add(body);
    connection.send(frames.answer(id, 200, body));
  }
}

function greet(connection: RawConnection, greeting: Behaviour['greeting']): void {
  switch (greeting) {
    case 'settings':
      return connection.send(frames.settings());
    case 'one-stream':
      return connection.send(frames.settings(1));
    case 'late':
      return void setImmediate(() => connection.send(frames.settings(10)));
    case 'no-streams':
      return connection.send(frames.settings(0));
    case 'hang-up':
      return void connection.socket.end();
    case 'nothing':
      return;
  }
}

const TIMES = { connectTimeoutMs: 20, requestTimeoutMs: 20, probeTimeoutMs: 20 };
const RUNS = { seed: 20_261_122, numRuns: 80 };

it('answers every request, and calls none unprocessed that the server acted upon', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(behaviour, { maxLength: 6 }),
      fc.integer({ min: 1, max: 40 }),
      fc.integer({ min: 1, max: 3 }),
      async (behaviours, requests, maxSessions) => {
        const server = new Server();
        const peer = await server.start(behaviours);
        const http = client(peer.origin, { ...TIMES, maxSessions, maxStreams: 8 });
        const answers = await Promise.all(
          Array.from({ length: requests }, (_, nth) => http.request(post(`request ${nth}`))),
        );
        answers.forEach((answer, nth) => {
          const body = `request ${nth}`;
          if (answer.kind === 'response') {
            expect(answer.body).toBe(body);
            expect(server.answered.has(body)).toBe(true);
          } else if (answer.processed === 'never') {
            expect(server.processed.has(body)).toBe(false);
          }
        });
        http.close();
        await until(() => peer.connections.every(({ socket }) => socket.destroyed));
        await peer.close();
      },
    ),
    RUNS,
  );
});

it('calls back once for each request of a session', async () => {
  await fc.assert(
    fc.asyncProperty(behaviour, fc.integer({ min: 1, max: 20 }), async (script, requests) => {
      const peer = await new Server().start([script]);
      const answers: Http2Answer[][] = [];
      let over = false;
      let sent = false;
      const session = new Session(
        { ...TIMES, origin: peer.origin, maxStreams: 100, now: Date.now },
        {
          onRoom: () => {
            if (sent) return;
            sent = true;
            for (let nth = 0; nth < requests; nth += 1) {
              const own: Http2Answer[] = [];
              answers.push(own);
              session.dispatch(post(`request ${nth}`), (answer) => own.push(answer));
            }
          },
          onRefusal: () => {},
          onDraining: () => (over = true),
          onConnectFailed: () => (over = true),
        },
      );
      await until(() => over || (sent && answers.every(({ length }) => length > 0)));
      await until(() => answers.every(({ length }) => length > 0));
      session.close();
      await until(() => peer.connections.every(({ socket }) => socket.destroyed));
      expect(answers.map(({ length }) => length)).toEqual(answers.map(() => 1));
      await peer.close();
    }),
    RUNS,
  );
});
