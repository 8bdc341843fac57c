/**
 * What can go wrong with a connection in the middle of a batch: everybody is told, and nobody twice unless the provider lied.
 */
import { createServer } from 'node:net';
import type { FaultSpec } from '../../simulator/src/index.ts';
import { World, type WorldOptions } from './world.ts';

/** Long enough for a busy machine, short enough to wait for. */
const REQUEST_TIMEOUT_MS = 700;

let world: World;

async function open(users: number, options: WorldOptions = {}): Promise<string[]> {
  world = await World.create({ requestTimeoutMs: REQUEST_TIMEOUT_MS, ...options });
  return [...(await world.addUsers(users)).values()];
}
afterEach(() => world.close());

const uidsOf = (addresses: readonly string[]): string[] =>
  addresses.map((address) => address.split(':', 1)[0] as string);

/** Tells all of them; checks the ledger, and that each device shows exactly one notification. */
async function tellAll(addresses: readonly string[]) {
  const entry = await world.tell({ to: uidsOf(addresses) });
  const shown = addresses.map((address) => world.titles(address).length);
  expect(shown.filter((count) => count !== 1)).toEqual([]);
  expect(entry).toMatchObject({
    state: 'done',
    pending: [],
    counts: { addresses: addresses.length, delivered: addresses.length },
  });
  return entry;
}

/** How often the provider was asked, for the addresses where that is not once. */
function askedAgain(addresses: readonly string[]): number[] {
  return addresses.map((address) => world.sends(address)).filter((sends) => sends !== 1);
}

/** A fault that strikes one address in the middle of the batch, once. */
function strike(address: string | undefined, then: FaultSpec['then']): void {
  world.simulator.addFault({ match: { address: address as string }, times: 1, then });
}

describe('a connection that breaks while 200 pushes are under way', () => {
  it('GOAWAY that covers every stream: all are answered on it, nothing is asked twice', async () => {
    const addresses = await open(200);
    strike(addresses[199], { goaway: true });
    const entry = await tellAll(addresses);
    expect(askedAgain(addresses)).toEqual([]);
    expect(entry.round).toBe(0);
  });

  it('GOAWAY in the middle: streams above its last id are sent again at once, those below keep their answers', async () => {
    const addresses = await open(200);
    strike(addresses[50], { goaway: { processed: false } });
    const entry = await tellAll(addresses);
    expect(entry.round).toBe(0);
  });

  it('REFUSED_STREAM: sent again at once, up to a bound, then like any other failure', async () => {
    const addresses = await open(20);
    const [once, often] = addresses as [string, string];
    strike(once, { reset: 'REFUSED_STREAM' });
    world.simulator.addFault({
      match: { address: often },
      times: 5,
      then: { reset: 'REFUSED_STREAM' },
    });
    const entry = await tellAll(addresses);
    expect(entry.round).toBe(1);
    expect([world.sends(once), world.sends(often)]).toEqual([2, 6]);
  });

  it.each<[string, FaultSpec['then']]>([
    ['RST_STREAM', { reset: true }],
    ['CANCEL', { reset: 'CANCEL' }],
    ['ENHANCE_YOUR_CALM', { reset: 'ENHANCE_YOUR_CALM' }],
  ])('%s: of unknown fate, so tried again only after a wait', async (_, then) => {
    const addresses = await open(50);
    strike(addresses[25], then);
    const entry = await tellAll(addresses);
    expect(entry.round).toBe(1);
    expect(askedAgain(addresses)).toEqual([2]);
  });

  it.each<[string, FaultSpec['then']]>([
    ['a closed connection', { disconnect: true }],
    ['a TCP reset', { disconnect: 'rst' }],
    ['a GOAWAY with an error code', { goaway: { processed: false, code: 'ENHANCE_YOUR_CALM' } }],
  ])('%s: every device shows the push once', async (_, then) => {
    const addresses = await open(200);
    strike(addresses[100], then);
    await tellAll(addresses);
  });

  it('an answer that never comes: given up after the time-out, tried again, replaced where it had arrived', async () => {
    const addresses = await open(60);
    strike(addresses[10], { hang: true });
    strike(addresses[20], { hang: true, deliver: true });
    strike(addresses[30], { delayMs: REQUEST_TIMEOUT_MS * 3 });
    const entry = await tellAll(addresses);
    expect(entry.round).toBe(1);
    expect(askedAgain(addresses)).toEqual([2, 2, 2]);
  });

  it('answers cut short, empty, too long, or not JSON: tried again after a wait, replaced where it had arrived', async () => {
    const addresses = await open(60);
    strike(addresses[10], { truncate: true });
    strike(addresses[20], { status: 200, body: '', deliver: true });
    strike(addresses[30], { status: 200, body: 'x'.repeat(100_000), deliver: true });
    strike(addresses[40], { status: 503, body: '<html>', deliver: true });
    const entry = await tellAll(addresses);
    expect(entry.round).toBe(1);
    expect(askedAgain(addresses)).toEqual([2, 2, 2, 2]);
  });
});

describe('a provider that cannot be reached', () => {
  it('connection refused: nothing was sent, all is tried again when it is back', async () => {
    const addresses = await open(30);
    const outage = await world.closeSimulator();
    const id = world.newId();
    await world.deliverUntilAcknowledged(world.order({ to: uidsOf(addresses) }, id));
    expect(await world.entry(id)).toMatchObject({
      state: 'sending',
      counts: { addresses: 30, delivered: 0 },
      reasons: { u000000: expect.stringContaining('ECONNREFUSED') as string },
    });
    await outage.open();
    await world.settle();
    expect(await world.entry(id)).toMatchObject({ state: 'done', counts: { delivered: 30 } });
    expect(addresses.map((address) => world.titles(address).length)).toEqual(
      addresses.map(() => 1),
    );
    expect(askedAgain(addresses)).toEqual([]);
  });

  it('something else on its port: what does not speak HTTP/2 is no provider, and nothing is pruned', async () => {
    const addresses = await open(3);
    const stranger = createServer((socket) => {
      socket.resume().on('error', () => socket.destroy());
      socket.end('220 mail.example ESMTP\r\n');
    });
    const outage = await world.closeSimulator();
    const { port } = world.simulator;
    await new Promise<void>((listening) => stranger.listen(port, '127.0.0.1', listening));
    const id = world.newId();
    await world.deliverUntilAcknowledged(world.order({ to: uidsOf(addresses) }, id));
    expect(await world.entry(id)).toMatchObject({ state: 'sending', counts: { delivered: 0 } });
    await new Promise((closed) => stranger.close(closed));
    await outage.open();
    await world.settle();
    expect(await world.entry(id)).toMatchObject({ state: 'done', counts: { delivered: 3 } });
  });
});

describe('a provider that allows few streams', () => {
  it('lowers them to 1 while 1,000 pushes wait: all arrive, one after the other', async () => {
    const addresses = await open(1000, { shardSize: 1000, requestTimeoutMs: 5_000 });
    strike(addresses[0], { maxConcurrentStreams: 1 });
    const entry = await tellAll(addresses);
    expect(entry.round).toBe(0);
    expect(askedAgain(addresses)).toEqual([]);
  });

  it('allows 1 from the beginning', async () => {
    const addresses = await open(200, { simulator: { maxConcurrentStreams: 1 } });
    await tellAll(addresses);
    expect(askedAgain(addresses)).toEqual([]);
  });
});
