import type { ServerHttp2Stream } from 'node:http2';
import type { EventLoopUtilization } from 'node:perf_hooks';
import type { Http2Client } from './client';
import { Congestion } from './congestion';
import { client, echo, inShort, post, startPeer, until, type Peer } from '../../testing/http2-peer';

/** An event loop that was working for this part of any time. */
const working = (utilization: number) => (): EventLoopUtilization => ({
  idle: 1 - utilization,
  active: utilization,
  utilization,
});

function watched(utilization: number) {
  const clock = { now: 0 };
  const congestion = new Congestion(
    { congestionMs: 50, now: () => clock.now, eventLoop: working(utilization) },
    () => undefined,
  );
  return { congestion, clock };
}

describe('a line of waiting requests', () => {
  it('is worth another connection once it has lasted while this process was idle', () => {
    const { congestion, clock } = watched(0.3);
    expect(congestion.isWorthAnother()).toBe(false);
    clock.now = 49;
    expect(congestion.isWorthAnother()).toBe(false);
    clock.now = 50;
    expect(congestion.isWorthAnother()).toBe(true);
    congestion.over();
  });

  it('is watched anew for each further connection', () => {
    const { congestion, clock } = watched(0.3);
    congestion.isWorthAnother();
    clock.now = 50;
    expect(congestion.isWorthAnother()).toBe(true);
    expect(congestion.isWorthAnother()).toBe(false);
    congestion.over();
  });

  it('is worth none while this process is the bottleneck', () => {
    const { congestion, clock } = watched(0.9);
    for (clock.now = 0; clock.now <= 1000; clock.now += 50) {
      expect(congestion.isWorthAnother()).toBe(false);
    }
    congestion.over();
  });

  it('begins anew when it was empty in between', () => {
    const { congestion, clock } = watched(0.3);
    congestion.isWorthAnother();
    congestion.over();
    clock.now = 50;
    expect(congestion.isWorthAnother()).toBe(false);
    congestion.over();
  });

  it('is worth one at once where no time to watch is set', () => {
    const options = { congestionMs: 0, now: () => 0, eventLoop: working(1) };
    expect(new Congestion(options, () => undefined).isWorthAnother()).toBe(true);
  });
});

describe('a client', () => {
  let peer: Peer;
  let http: Http2Client;
  afterEach(async () => {
    http.close();
    await peer.close();
  });

  async function withOneStreamHeld(utilization: number) {
    const held: ServerHttp2Stream[] = [];
    peer = await startPeer((stream) => held.push(stream), {
      settings: { maxConcurrentStreams: 1 },
    });
    http = client(peer.origin, {
      maxSessions: 2,
      congestionMs: 1,
      eventLoop: working(utilization),
    });
    const answers = [http.request(post('a')), http.request(post('b'))];
    await until(() => held.length === 1);
    return { held, answers };
  }

  it('opens another connection beside one that says nothing any more', async () => {
    const { held, answers } = await withOneStreamHeld(0);
    await until(() => held.length === 2);
    expect(peer.sessions).toHaveLength(2);
    for (const stream of held) echo(stream, { body: 'ok' });
    expect((await Promise.all(answers)).map(inShort)).toEqual(['200 ok', '200 ok']);
  });

  it('makes do with one while it is busy itself', async () => {
    const { held, answers } = await withOneStreamHeld(1);
    for (let nth = 0; nth < 2; nth += 1) {
      await until(() => held.length > nth);
      echo(held[nth] as ServerHttp2Stream, { body: 'ok' });
    }
    expect((await Promise.all(answers)).map(inShort)).toEqual(['200 ok', '200 ok']);
    expect(peer.sessions).toHaveLength(1);
  });
});
