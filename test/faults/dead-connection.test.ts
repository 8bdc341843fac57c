/** A connection to Firestore that dies without a word: noticed by gRPC's keepalive, with the settings of production. */

import { once } from 'node:events';
import * as net from 'node:net';
import { Firestore } from '@google-cloud/firestore';
import { FIRESTORE_SETTINGS } from '../../kit/src/store/firestore.ts';

/** The longest that a dead connection may stay unnoticed, and a margin for a slow machine. */
const NOTICED_WITHIN_MS = 15_000;
const MARGIN_MS = 10_000;

/** Passes bytes on until it is told to swallow them; connections made later are passed on again. */
class Proxy {
  readonly server = net.createServer((socket) => this.pass(socket));
  private readonly sockets = new Set<net.Socket>();
  private readonly target: string;
  private readonly silent = new Set<net.Socket>();

  /** @param target `host:port`. */
  constructor(target: string) {
    this.target = target;
  }

  /** From now on nothing passes on what is connected, and nobody is told. */
  swallow(): void {
    for (const socket of this.sockets) this.silent.add(socket);
  }

  close(): void {
    for (const socket of this.sockets) socket.destroy();
    this.server.close();
  }

  private pass(near: net.Socket): void {
    const [host = '', port = ''] = this.target.split(':');
    const far = net.connect(Number(port), host);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      this.sockets.add(from);
      from.on('error', () => undefined);
      from.on('data', (bytes) => {
        if (!this.silent.has(from)) to.write(bytes);
      });
      from.on('close', () => {
        if (!this.silent.has(from)) to.destroy();
      });
    }
  }
}

const emulator = process.env['FIRESTORE_EMULATOR_HOST'] ?? '';
const proxy = new Proxy(emulator);
let firestore: Firestore;

beforeAll(async () => {
  proxy.server.listen(0, '127.0.0.1');
  await once(proxy.server, 'listening');
  process.env['FIRESTORE_EMULATOR_HOST'] =
    `127.0.0.1:${(proxy.server.address() as net.AddressInfo).port}`;
  firestore = new Firestore({ ...FIRESTORE_SETTINGS, projectId: 'demo-dead-connection' });
});

afterAll(async () => {
  process.env['FIRESTORE_EMULATOR_HOST'] = emulator;
  proxy.close();
  await firestore.terminate();
});

it(
  'costs a read, a write and a transaction that meet it seconds, and they go on over another',
  async () => {
    const thing = firestore.doc('things/one');
    await thing.set({ seen: false });
    proxy.swallow();
    const begun = performance.now();
    await Promise.all([
      thing.get(),
      firestore.doc('things/two').set({ seen: true }),
      firestore.runTransaction(async (transaction) => {
        await transaction.get(thing);
        transaction.set(thing, { seen: true });
      }),
    ]);
    expect(performance.now() - begun).toBeLessThan(NOTICED_WITHIN_MS + MARGIN_MS);
    expect((await thing.get()).data()).toEqual({ seen: true });
  },
  3 * (NOTICED_WITHIN_MS + MARGIN_MS),
);
