/**
 * Leads unmodified libraries to the provider of the benchmark, with TLS and all: hosts that they cannot be talked out of are
 * dialled on loopback instead.
 */

import http2 from 'node:http2';
import { syncBuiltinESMExports } from 'node:module';
import tls from 'node:tls';
import type { ProviderServer } from './provider.ts';

const HOSTS = ['fcm.googleapis.com', 'api.push.apple.com'];

type Connect = (...args: unknown[]) => tls.TLSSocket;

/** From now on, TLS connections of this process to FCM and APNs are connections to `server`. */
export function redirectTo(server: ProviderServer): void {
  const connect = tls.connect as Connect;
  tls.connect = (...args: unknown[]) => {
    const options = optionsOf(args);
    if (!HOSTS.includes(String(options.host))) return connect(...args);
    const listener = args.find((arg) => typeof arg === 'function');
    const redirected = { ...options, host: '127.0.0.1', port: server.port, ca: server.ca };
    return connect(redirected, ...(listener === undefined ? [] : [listener]));
  };
  syncBuiltinESMExports();
}

/** `tls.connect` takes (options), (port, options) and (port, host, options). */
function optionsOf(args: readonly unknown[]): tls.ConnectionOptions {
  const [first, second] = args;
  const own = args.find(
    (arg): arg is tls.ConnectionOptions => typeof arg === 'object' && arg !== null,
  );
  return {
    ...(typeof first === 'object' ? {} : { port: Number(first) }),
    ...(typeof second === 'string' ? { host: second } : {}),
    ...own,
  };
}

/** The Admin SDK sends `:scheme` as `https:`, with a colon, which Google takes and Node's HTTP/2 server refuses. */
export function mendScheme(): void {
  const connect = http2.connect;
  http2.connect = ((...args: Parameters<typeof connect>) => {
    const session = connect(...args);
    const request = session.request.bind(session);
    session.request = (headers, options) => request(mended(headers), options);
    return session;
  }) as typeof connect;
  syncBuiltinESMExports();
}

function mended(headers: Parameters<http2.ClientHttp2Session['request']>[0]) {
  if (headers === undefined || Array.isArray(headers)) return headers;
  const own = headers as http2.OutgoingHttpHeaders;
  return own[':scheme'] === 'https:' ? { ...own, ':scheme': 'https' } : own;
}
