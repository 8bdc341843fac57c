/** The ports of the stack: their names and defaults, how they are chosen, and whether they are free. */

import { connect, createServer } from 'node:net';

import { StackError } from './error.ts';

/** Everything listens on loopback only: nothing here is for another machine. */
export const HOST = '127.0.0.1';

/** Each part that listens, with its default port (firebase-tools' own defaults, the simulator's and the console's). */
export const DEFAULT_PORTS = {
  simulator: 9110,
  'simulator-apns': 9111,
  console: 4100,
  auth: 9099,
  firestore: 8080,
  'firestore-websocket': 9150,
  functions: 5001,
  tasks: 9499,
  eventarc: 9299,
  hub: 4400,
  logging: 4500,
} as const;

export type Service = keyof typeof DEFAULT_PORTS;
export type Ports = Readonly<Record<Service, number>>;

export const SERVICES = Object.keys(DEFAULT_PORTS) as Service[];

/** The environment variable that sets one service's port: `FIRESTORE_PUSH_AUTH_PORT`. */
export function portVariable(service: Service): string {
  return `FIRESTORE_PUSH_${service.toUpperCase().replaceAll('-', '_')}_PORT`;
}

/** Asks the system for one port that nobody listens on for each service, all different. */
export async function freePorts(): Promise<Ports> {
  const servers = await Promise.all(SERVICES.map(() => listen(0)));
  const ports = Object.fromEntries(
    SERVICES.map((service, index) => {
      const address = servers[index]?.address();
      if (!address || typeof address === 'string') throw new Error('a TCP server has no port');
      return [service, address.port];
    }),
  ) as Record<Service, number>;
  await Promise.all(servers.map(close));
  return ports;
}

/**
 * Checks that nobody listens on any of the services' ports.
 *
 * @throws StackError `port-taken`, naming every taken port, its service and how to choose another.
 */
export async function requireFree(ports: Ports, services: readonly Service[]): Promise<void> {
  const states = await Promise.all(services.map((service) => isFree(ports[service])));
  const taken = services.filter((_, index) => states[index] === false);
  if (taken.length > 0) throw new StackError('port-taken', explainTakenPorts(ports, taken));
}

/** Names every taken port, its service and how to choose another. */
export function explainTakenPorts(ports: Ports, taken: readonly Service[]): string {
  const lines = taken.map(
    (service) =>
      `Port ${ports[service]} (${service}) is taken: stop what is listening there ` +
      `(lsof -i :${ports[service]}), or choose another with --${service}-port N or ${portVariable(service)}=N.`,
  );
  return [
    ...lines,
    'To move all ports at once: --port-offset N, or --free-ports for any that are free.',
  ].join('\n');
}

/** Whether a server could listen on this port of the loopback interface. */
export async function isFree(port: number): Promise<boolean> {
  // macOS lets a loopback address be bound beside a wildcard listener: so knock first.
  if (await answers(port)) return false;
  try {
    await close(await listen(port));
    return true;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE' || code === 'EACCES') return false;
    throw error;
  }
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: HOST, port });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => {
      resolve(false);
    });
  });
}

function listen(port: number): Promise<ReturnType<typeof createServer>> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen({ host: HOST, port }, () => {
      resolve(server);
    });
  });
}

function close(server: ReturnType<typeof createServer>): Promise<void> {
  return new Promise((resolve, reject) => {
    server.close((error) => {
      if (error) reject(error);
      else resolve();
    });
  });
}
