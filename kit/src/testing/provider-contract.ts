/**
 * What the delivery engine relies on in every provider, whatever its wire: order, one outcome each, bounded work, and an honest
 * word about every way a request can end.
 */
import { once } from 'node:events';
import { constants } from 'node:http2';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { content } from './content';
import { PayloadTooLargeError } from '../providers/fit';
import type { Http2Answer, Http2Request } from '../providers/http2/answer';
import { HTTP2_DEFAULTS, Http2Client, type Http2ClientOptions } from '../providers/http2/client';
import { frames, startRawPeer, type RawConnection, type RawScript } from './raw-http2-peer';
import { UNSENT, type Outcome } from '../model/outcome';
import type { Provider } from '../providers/provider';
import { answer, startService, type Service, type ServiceRequest } from './service';

/** One provider and its wire. */
export interface ProviderUnderTest {
  make(client: {
    readonly capacity: number;
    request(request: Http2Request): Promise<Http2Answer>;
  }): Provider;
  /** The nth of many different addresses. */
  address(nth: number): string;
  addressOf(request: ServiceRequest): string;
  /** Body of the 200 that accepts a push. */
  readonly accepted: string;
  /** Status and body that say an address is definitely dead. */
  readonly dead: { readonly status: number; readonly body: unknown };
}

export function itIsAProvider({
  make,
  address,
  addressOf,
  accepted,
  dead,
}: ProviderUnderTest): void {
  const open: { close(): void | Promise<void> }[] = [];
  afterEach(async () => {
    for (const each of open.splice(0).reverse()) await each.close();
  });

  const addresses = (count: number): string[] =>
    Array.from({ length: count }, (_, i) => address(i));
  const accept = (request: ServiceRequest): void => answer(request, 200, accepted);
  const inShort = (outcome: Outcome): string =>
    outcome.kind === 'retry' ? `retry ${outcome.cause}` : outcome.kind;

  async function service(...script: Parameters<typeof startService>): Promise<Service> {
    const started = await startService(...script);
    open.push(started);
    return started;
  }

  function provider(origin: string, options: Partial<Http2ClientOptions> = {}) {
    const client = new Http2Client({ ...HTTP2_DEFAULTS, origin, now: Date.now, ...options });
    open.push(client);
    const asked = { now: 0, most: 0 };
    const counted = {
      get capacity() {
        return client.capacity;
      },
      request: async (request: Http2Request) => {
        asked.now += 1;
        asked.most = Math.max(asked.most, asked.now);
        const answered = await client.request(request);
        asked.now -= 1;
        return answered;
      },
    };
    return { provider: make(counted), asked };
  }

  it('gives one outcome an address, in their order, whatever the order of the answers', async () => {
    const held: (() => void)[] = [];
    const refuse = (request: ServiceRequest): void => answer(request, dead.status, dead.body);
    const { origin } = await service((request) => {
      const nth = addresses(60).indexOf(addressOf(request));
      held.push(() => (nth % 3 === 0 ? refuse : accept)(request));
      if (held.length === 60) for (const release of held.reverse()) release();
    });
    const outcomes = await provider(origin).provider.send(content(), addresses(60));
    expect(outcomes.map(inShort)).toEqual(
      addresses(60).map((_, nth) => (nth % 3 === 0 ? 'unregistered' : 'delivered')),
    );
  });

  it('sends to an address as often as it is given', async () => {
    const { origin, requests } = await service(accept);
    const twice = [address(0), address(1), address(0)];
    const outcomes = await provider(origin).provider.send(content(), twice);
    expect(outcomes.map(inShort)).toEqual(['delivered', 'delivered', 'delivered']);
    expect(requests.map(addressOf).sort()).toEqual([...twice].sort());
  });

  it('has nothing to do without addresses', async () => {
    expect(await provider('http://127.0.0.1:1').provider.send(content(), [])).toEqual([]);
  });

  it('has no more requests under way than the connections carry, however many addresses', async () => {
    const { origin, mostAtOnce } = await service(accept);
    const options = { maxSessions: 2, maxStreams: 25 };
    const { provider: sut, asked } = provider(origin, options);
    const outcomes = await sut.send(content(), addresses(5000));
    expect(outcomes.filter(({ kind }) => kind === 'delivered')).toHaveLength(5000);
    // 50 of them on the way and 100 in line, for each of a provider's servers.
    expect(asked.most).toBeLessThanOrEqual(2 * 150);
    expect(mostAtOnce()).toBeLessThanOrEqual(50);
  });

  it('says of what was never answered that it may have been processed, and of the rest how it was', async () => {
    const { origin } = await service((request) => {
      if (addressOf(request) !== address(1)) accept(request);
    });
    const { provider: sut } = provider(origin, { requestTimeoutMs: 200 });
    const outcomes = await sut.send(content(), addresses(3));
    expect(outcomes.map(inShort)).toEqual(['delivered', 'retry unknown', 'delivered']);
  });

  it('sends again at once what a connection that ends has not processed, and nothing else', async () => {
    const script: RawScript = {
      onRequest: (connection, id) => {
        if (connection.index > 0) connection.send(frames.answer(id, 200, accepted));
        else if (connection.requests.length === 4) {
          // Answers the first, has heard the second, and not the others.
          connection.send(
            frames.answer(1, 200, accepted),
            frames.goaway(3, constants.NGHTTP2_NO_ERROR),
          );
          connection.socket.end();
        }
      },
    };
    const peer = await startRawPeer(script);
    open.push(peer);
    const { provider: sut } = provider(peer.origin, { maxSessions: 1 });
    const outcomes = await sut.send(content(), addresses(4));
    expect(outcomes.map(inShort)).toEqual(['delivered', 'retry unknown', 'delivered', 'delivered']);
    expect(peer.connections.map(({ requests }) => requests.length)).toEqual([4, 2]);
  });

  it('sends refused streams again at once, a bounded number of times', async () => {
    const refused = new Map<string, number>();
    const { origin } = await service((request) => {
      const name = addressOf(request);
      const times = refused.get(name) ?? 0;
      if (name === address(1) || (name === address(0) && times < 2)) {
        refused.set(name, times + 1);
        request.stream.close(constants.NGHTTP2_REFUSED_STREAM);
      } else accept(request);
    });
    const outcomes = await provider(origin).provider.send(content(), addresses(3));
    expect(outcomes.map(inShort)).toEqual(['delivered', 'retry unprocessed', 'delivered']);
    expect(refused.get(address(1))).toBe(4);
  });

  it('tries again later what a reset leaves in doubt', async () => {
    const { origin } = await service(({ stream }) =>
      stream.close(constants.NGHTTP2_INTERNAL_ERROR),
    );
    const outcomes = await provider(origin).provider.send(content(), addresses(2));
    expect(outcomes.map(inShort)).toEqual(['retry unknown', 'retry unknown']);
  });

  it('tries all again later when nobody listens', async () => {
    const { origin, close } = await startService(accept);
    await close();
    const outcomes = await provider(origin).provider.send(content(), addresses(3));
    expect(outcomes.map(inShort)).toEqual(Array(3).fill('retry unprocessed'));
  });

  it('is done with 2,000 addresses in the time of one connection that is never made', async () => {
    const sockets: Socket[] = [];
    const silent = createServer((socket) => sockets.push(socket)).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    open.push({
      close: () => {
        for (const socket of sockets) socket.destroy();
        silent.close();
      },
    });
    const { port } = silent.address() as AddressInfo;
    const { provider: sut } = provider(`http://127.0.0.1:${port}`, { connectTimeoutMs: 1_001 });
    const begun = performance.now();
    const outcomes = await sut.send(content(), addresses(2000));
    expect(outcomes.map(inShort)).toEqual(Array(2000).fill('retry unprocessed'));
    expect(JSON.stringify(outcomes[1999])).toContain('no HTTP/2 connection within 1001 ms');
    expect(performance.now() - begun).toBeLessThan(5_000);
    expect(sockets).toHaveLength(1);
  });

  it.each([
    ['a page', '<html>Sorry</html>'],
    ['half a JSON', '{"error":{"details":[{"@type'],
    ['JSON that says nothing', '[]'],
    ['more than any answer has', 'x'.repeat(100_000)],
  ])('never takes %s for a dead address, whatever the status', async (_what, body) => {
    const statuses = [200, 400, 401, 403, 404, 410, 429, 500, 503];
    const { origin } = await service((request) => {
      answer(request, statuses[addresses(statuses.length).indexOf(addressOf(request))] ?? 0, body);
    });
    const outcomes = await provider(origin).provider.send(content(), addresses(statuses.length));
    expect(outcomes.map(({ kind }) => kind)).toEqual(statuses.map(() => 'retry'));
  });

  it('begins no further send once it may not, finishes those under way, and says of the rest that they are unsent', async () => {
    let may = true;
    const held: (() => void)[] = [];
    const { origin, requests } = await service((request) => {
      held.push(() => accept(request));
      if (held.length < 3) return;
      may = false;
      for (const release of held.splice(0)) release();
    });
    const { provider: sut } = provider(origin, { maxSessions: 1, maxStreams: 3 });
    const outcomes = await sut.send(content(), addresses(2000), { mayBegin: () => may });
    expect(outcomes.map(({ kind }) => kind)).toEqual(
      addresses(2000).map((_, nth) => (nth < 3 ? 'delivered' : 'unsent')),
    );
    expect(requests).toHaveLength(3);
  });

  it('sends nothing at all when nothing may begin', async () => {
    const { origin, requests } = await service(accept);
    const { provider: sut } = provider(origin);
    const outcomes = await sut.send(content(), addresses(3), { mayBegin: () => false });
    expect(outcomes).toEqual(Array(3).fill(UNSENT));
    expect(requests).toEqual([]);
  });

  it('does not send again what was refused, once nothing may begin', async () => {
    let may = true;
    const { origin, requests } = await service((request) => {
      may = false;
      request.stream.close(constants.NGHTTP2_REFUSED_STREAM);
    });
    const { provider: sut } = provider(origin);
    expect(await sut.send(content(), [address(0)], { mayBegin: () => may })).toEqual([UNSENT]);
    expect(requests).toHaveLength(1);
  });

  describe('an answer that is cut off', () => {
    const whole = (id: number): Buffer[] => [
      frames.headers(id, 200),
      ...[...accepted].map((character) => frames.data(id, character)),
      frames.data(id, '', true),
    ];
    const endings: readonly (readonly [string, (connection: RawConnection, id: number) => void])[] =
      [
        ...[
          'NO_ERROR',
          'PROTOCOL_ERROR',
          'INTERNAL_ERROR',
          'REFUSED_STREAM',
          'CANCEL',
          'ENHANCE_YOUR_CALM',
        ].map((name) => {
          const code = constants[`NGHTTP2_${name}` as keyof typeof constants] as number;
          return [
            `RST_STREAM ${name}`,
            (connection: RawConnection, id: number) => connection.send(frames.rst(id, code)),
          ] as const;
        }),
        ['the end of the connection', ({ socket }) => socket.end()],
        ['a reset of the connection', ({ socket }) => socket.resetAndDestroy()],
        [
          'GOAWAY and the end of the connection',
          (connection, id) => {
            connection.send(frames.goaway(id, constants.NGHTTP2_NO_ERROR));
            connection.socket.end();
          },
        ],
        ['half a frame', ({ socket }, id) => socket.end(frames.data(id, accepted).subarray(0, 5))],
      ];

    it.each(endings)('by %s is no delivery, wherever the cut is', async (_what, end) => {
      const pieces = whole(1).length;
      for (let cut = 1; cut < pieces; cut += Math.max(1, Math.floor(pieces / 6))) {
        const peer = await startRawPeer({
          onRequest: (connection, id) => {
            connection.send(...whole(id).slice(0, cut));
            end(connection, id);
          },
        });
        open.push(peer);
        const { provider: sut } = provider(peer.origin, { maxSessions: 1 });
        const outcomes = await sut.send(content(), [address(0)]);
        expect(outcomes.map(inShort)).toEqual(['retry unknown']);
      }
    });

    it('by nothing is a delivery, in however many pieces it comes', async () => {
      const peer = await startRawPeer({
        onRequest: (connection, id) => connection.send(...whole(id)),
      });
      open.push(peer);
      const outcomes = await provider(peer.origin).provider.send(content(), addresses(3));
      expect(outcomes.map(inShort)).toEqual(['delivered', 'delivered', 'delivered']);
    });
  });

  it.each([201, 202, 204, 206, 301, 302, 304])(
    'takes no other success than 200 for a delivery: %d',
    async (status) => {
      const { origin } = await service(({ stream }) => {
        stream.respond({ ':status': status });
        stream.end(status === 204 || status === 304 ? undefined : accepted);
      });
      const outcomes = await provider(origin).provider.send(content(), addresses(2));
      expect(outcomes.map(inShort)).toEqual(['retry unknown', 'retry unknown']);
    },
  );

  it('takes early hints for no answer', async () => {
    const { origin } = await service((request) => {
      request.stream.additionalHeaders({ ':status': 103, link: '</x>' });
      accept(request);
    });
    const outcomes = await provider(origin).provider.send(content(), [address(0)]);
    expect(outcomes.map(inShort)).toEqual(['delivered']);
  });

  it('rejects a push that fits nobody, and sends it to nobody', async () => {
    const { origin, requests } = await service(accept);
    const push = content({ data: { postId: 'x'.repeat(6000) } });
    await expect(provider(origin).provider.send(push, addresses(3))).rejects.toThrow(
      PayloadTooLargeError,
    );
    expect(requests).toEqual([]);
  });

  it('goes on with the next push after a connection broke', async () => {
    const { origin } = await service((request, nth) => {
      if (nth === 0) request.stream.session?.destroy();
      else accept(request);
    });
    const { provider: sut } = provider(origin);
    expect((await sut.send(content(), [address(0)])).map(inShort)).toEqual(['retry unknown']);
    expect((await sut.send(content(), [address(0)])).map(inShort)).toEqual(['delivered']);
  });

  it('never puts an address into an outcome', async () => {
    const { origin } = await service((request) => answer(request, 400, { reason: 'BadTopic' }));
    const outcomes = await provider(origin).provider.send(content(), addresses(3));
    for (const given of addresses(3)) expect(JSON.stringify(outcomes)).not.toContain(given);
  });
}
