/**
 * For tests: a provider's service on a port of the system's choice that answers each request as the test says.
 */
import { once } from 'node:events';
import * as http2 from 'node:http2';
import type { AddressInfo } from 'node:net';

export interface ServiceRequest {
  readonly path: string;
  readonly headers: http2.IncomingHttpHeaders;
  readonly body: string;
  readonly stream: http2.ServerHttp2Stream;
}

export interface Service {
  readonly origin: string;
  /** Every request read to its end, in order. */
  readonly requests: ServiceRequest[];
  /** Most streams open at one time. */
  readonly mostAtOnce: () => number;
  close(): Promise<void>;
}

/** Starts the service; a request for which `handle` does nothing is never answered. */
export async function startService(
  handle: (request: ServiceRequest, nth: number) => void,
  settings: http2.Settings = {},
): Promise<Service> {
  const requests: ServiceRequest[] = [];
  const sessions = new Set<http2.ServerHttp2Session>();
  let open = 0;
  let most = 0;
  const server = http2.createServer({ settings });
  server.on('session', (session) => {
    sessions.add(session);
    session.on('error', () => session.destroy());
  });
  server.on('stream', (stream, headers) => {
    open += 1;
    most = Math.max(most, open);
    stream.on('close', () => (open -= 1));
    // Clients reset streams on purpose here; 'close' follows.
    stream.on('error', () => stream.destroy());
    let body = '';
    stream.setEncoding('utf8');
    stream.on('data', (chunk: string) => (body += chunk));
    stream.on('end', () => {
      const request = { path: headers[':path'] ?? '', headers, body, stream };
      handle(request, requests.push(request) - 1);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    mostAtOnce: () => most,
    close: async () => {
      for (const session of sessions) session.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

/** Answers a request; nothing if the client has given it up. */
export function answer(
  { stream }: ServiceRequest,
  status: number,
  body: unknown = '',
  headers: Readonly<Record<string, string>> = {},
): void {
  if (stream.destroyed || stream.closed) return;
  stream.respond({ ':status': status, ...headers });
  stream.end(typeof body === 'string' ? body : JSON.stringify(body));
}
