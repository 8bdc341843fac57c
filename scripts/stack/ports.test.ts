import { createServer } from 'node:net';
import type { AddressInfo, Server } from 'node:net';

import {
  DEFAULT_PORTS,
  SERVICES,
  explainTakenPorts,
  freePorts,
  isFree,
  requireFree,
} from './ports.ts';

const servers: Server[] = [];

async function listenOn(host: string): Promise<number> {
  const server = createServer();
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  return (server.address() as AddressInfo).port;
}

afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => new Promise((done) => server.close(done))));
});

test.each(['127.0.0.1', '0.0.0.0'])('sees that a port is taken by a server on %s', async (host) => {
  expect(await isFree(await listenOn(host))).toBe(false);
});

test('gives every service a port of its own that is free', async () => {
  const ports = await freePorts();
  expect(new Set(Object.values(ports)).size).toBe(SERVICES.length);
  await expect(requireFree(ports, SERVICES)).resolves.toBeUndefined();
});

test('names the port, the service and how to choose another when a port is taken', async () => {
  const taken = await listenOn('127.0.0.1');
  const ports = { ...(await freePorts()), firestore: taken };
  await expect(requireFree(ports, SERVICES)).rejects.toMatchObject({
    code: 'port-taken',
    message: expect.stringMatching(
      new RegExp(
        `Port ${taken} \\(firestore\\).*--firestore-port N or FIRESTORE_PUSH_FIRESTORE_PORT`,
      ),
    ) as string,
  });
});

test('does not mind a taken port of a service that is not started', async () => {
  const ports = { ...(await freePorts()), firestore: await listenOn('127.0.0.1') };
  await expect(requireFree(ports, ['auth'])).resolves.toBeUndefined();
});

test('names every taken port at once', () => {
  const text = explainTakenPorts(DEFAULT_PORTS, ['auth', 'hub']);
  expect(text).toContain('Port 9099 (auth)');
  expect(text).toContain('Port 4400 (hub)');
});
