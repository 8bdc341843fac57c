/**
 * Opens the socket below an HTTP/2 session.
 *
 * The session layer makes its own, so that it can destroy it: Node ends a session's socket politely, and a socket that is
 * still connecting, or whose peer is gone, would keep request and process waiting until the operating system gives up.
 */
import * as net from 'node:net';
import * as tls from 'node:tls';

export interface TlsOptions {
  /** A private certificate authority, PEM. Default: those that Node trusts. */
  readonly ca?: string | Buffer;
}

/** Connects to `http://` in cleartext and to everything else with TLS and ALPN `h2`. */
export function openSocket(origin: URL, tlsOptions: TlsOptions = {}): net.Socket {
  const host = origin.hostname.replace(/^\[|\]$/g, '');
  if (origin.protocol === 'http:') return net.connect({ host, port: Number(origin.port || 80) });
  return tls.connect({
    host,
    port: Number(origin.port || 443),
    ALPNProtocols: ['h2'],
    // Server names are for names only (RFC 6066 §3).
    ...(net.isIP(host) === 0 ? { servername: host } : {}),
    ...tlsOptions,
  });
}
