/**
 * One port that speaks TLS, HTTP/2 with prior knowledge and, where wanted, HTTP/1.1, told apart by the
 * first bytes.
 *
 * Every request of every protocol ends in the same handler, as an {@link Exchange}.
 */
import { createServer as createHttp1Server } from 'node:http';
import { constants, createServer as createHttp2Server, type Http2Session } from 'node:http2';
import { createServer as createTcpServer, type AddressInfo, type Socket } from 'node:net';
import {
  createServer as createTlsServer,
  type Server as TlsServer,
  type TLSSocket,
} from 'node:tls';
import type { Certificate } from './certificate.ts';
import { whenKnownEager } from './eager-client.ts';
import { type Exchange, readHttp1, readHttp2, type Transport } from './exchange.ts';

/** What {@link listen} needs. */
export interface ListenOptions {
  readonly host: string;
  /** 0 lets the system choose. */
  readonly port: number;
  /** SETTINGS_MAX_CONCURRENT_STREAMS of every HTTP/2 session. */
  readonly maxConcurrentStreams: number;
  /**
   * The same for a client that opens streams before any SETTINGS have reached it: HTTP/2 lets it, and a limit that it cannot know of is
   * nothing to refuse them for. Default: as above.
   */
  readonly eagerStreams?: number;
  /** Called once, when the first TLS client comes. */
  readonly certificate: () => Promise<Certificate>;
  /** Whether HTTP/1.1 is spoken; if not, such a connection is destroyed. Default true. */
  readonly http1?: boolean;
  /** An HTTP/2 session without traffic for so long gets GOAWAY with this debug data. Default: never. */
  readonly idle?: { readonly timeoutMs: number; readonly debugData: string } | undefined;
  /** Debug data of the GOAWAY at the end. Default: no GOAWAY, connections are just gone. */
  readonly farewell?: string;
  /** Takes every request. */
  readonly handle: (exchange: Exchange) => void;
  /** Told of a failure of the simulator's own, which no answer can carry. */
  readonly onError: (error: unknown) => void;
}

/** A listening server. */
export interface Listening {
  readonly port: number;
  /** Destroys every connection and stops listening. */
  close(): Promise<void>;
}

/** First byte of a TLS record that holds a handshake (RFC 8446, section 5.1). */
const TLS_HANDSHAKE = 0x16;
/** Start of the HTTP/2 connection preface (RFC 9113, section 3.4); no HTTP/1.1 method starts so. */
const HTTP2_PREFACE = Buffer.from('PRI ');
/** Like Google's front end: the default of 64 kB would let 100 streams of 4 kB wait for updates. */
const SESSION_WINDOW_BYTES = 1024 * 1024;
/**
 * Node ends a session whose client cancels a thousand streams in a burst; a test of time-outs against
 * a fault that never answers does just that.
 */
const MAX_CANCELLED_STREAMS = 1_000_000;
/** A request that is never answered holds the end up no longer than this. */
const FAREWELL_MS = 200;
/** Long enough that no client finds its idle connection closed between two requests of a test. */
const KEEP_ALIVE_MS = 120_000;

/** What the first bytes of a connection say it is; undefined while there are too few of them. */
export function sniff(bytes: Buffer): 'tls' | 'http2' | 'http1' | undefined {
  if (bytes.length === 0) return undefined;
  if (bytes[0] === TLS_HANDSHAKE) return 'tls';
  const length = Math.min(bytes.length, HTTP2_PREFACE.length);
  if (!bytes.subarray(0, length).equals(HTTP2_PREFACE.subarray(0, length))) return 'http1';
  return length === HTTP2_PREFACE.length ? 'http2' : undefined;
}

/** Starts listening. Rejects with the system's error, for instance `EADDRINUSE`. */
export async function listen(options: ListenOptions): Promise<Listening> {
  const http1 = createHttp1Server({ keepAliveTimeout: KEEP_ALIVE_MS }, (request, response) => {
    readHttp1(request, response, options.handle);
  });
  http1.on('clientError', (_error, socket) => socket.destroy());

  const sessions = new Set<Http2Session>();
  const acceptHttp1 = (socket: Socket) => {
    if (options.http1 === false) socket.destroy();
    else http1.emit('connection', socket);
  };
  const acceptHttp2 = createHttp2Acceptor(options, sessions);
  const acceptTls = createTlsAcceptor(options, (secure, tcpSocket) => {
    // The types know no server name on this side.
    const { servername } = secure as TLSSocket & { servername?: string | false };
    if (secure.alpnProtocol !== 'h2') acceptHttp1(secure);
    else acceptHttp2(secure, { tcpSocket, serverName: servername || undefined });
  });
  const accept = (socket: Socket, protocol: 'tls' | 'http2' | 'http1') => {
    if (protocol === 'http1') acceptHttp1(socket);
    else if (protocol === 'http2')
      acceptHttp2(socket, { tcpSocket: socket, serverName: undefined });
    else
      acceptTls(socket).catch((error: unknown) => {
        socket.destroy();
        options.onError(error);
      });
  };

  const sockets = new Set<Socket>();
  const tcp = createTcpServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    // A connection may break at any time; whoever waits on it hears of it by 'close'.
    socket.on('error', () => socket.destroy());
    routeByFirstBytes(socket, accept);
  });
  await new Promise<void>((resolve, reject) => {
    tcp.once('error', reject);
    tcp.listen(options.port, options.host, () => {
      tcp.off('error', reject);
      resolve();
    });
  });
  return {
    port: (tcp.address() as AddressInfo).port,
    close: async () => {
      const closed = new Promise<void>((resolve) => tcp.close(() => resolve()));
      if (options.farewell !== undefined) await sayFarewell(sessions, options.farewell);
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

/** Makes a function that takes a TCP connection through the TLS handshake. */
function createTlsAcceptor(
  options: ListenOptions,
  onSecure: (secure: TLSSocket, tcpSocket: Socket) => void,
): (tcpSocket: Socket) => Promise<void> {
  const tcpSockets = new Map<string, Socket>();
  let starting: Promise<TlsServer> | undefined;
  const start = async () => {
    const server = createTlsServer({
      ...(await options.certificate()),
      ALPNProtocols: options.http1 === false ? ['h2'] : ['h2', 'http/1.1'],
    });
    server.on('secureConnection', (secure) => {
      const tcpSocket = tcpSockets.get(remoteEnd(secure));
      if (tcpSocket !== undefined) onSecure(secure, tcpSocket);
    });
    // A client that does not trust the certificate ends the handshake; that is its own business.
    server.on('tlsClientError', (_error, secure) => secure.destroy());
    return server;
  };
  return async (tcpSocket) => {
    starting ??= start();
    const server = await starting;
    const end = remoteEnd(tcpSocket);
    tcpSockets.set(end, tcpSocket);
    tcpSocket.once('close', () => tcpSockets.delete(end));
    server.emit('connection', tcpSocket);
  };
}

/** Names a connection by its other end, which the TLS socket shares with the TCP socket under it. */
function remoteEnd(socket: Socket): string {
  return `${socket.remoteAddress} ${socket.remotePort}`;
}

/** Tells every client that this is the end; waits a little for requests that are under way. */
async function sayFarewell(sessions: ReadonlySet<Http2Session>, debugData: string): Promise<void> {
  const left = [...sessions].map((session) => {
    if (session.destroyed) return Promise.resolve();
    session.goaway(constants.NGHTTP2_NO_ERROR, undefined, Buffer.from(debugData));
    return new Promise<void>((resolve) => session.close(resolve));
  });
  const patience = new Promise<void>((resolve) => setTimeout(resolve, FAREWELL_MS).unref());
  await Promise.race([Promise.all(left), patience]);
}

/** Makes a function that takes a connection, and what is under it, as an HTTP/2 session. */
function createHttp2Acceptor(
  options: ListenOptions,
  sessions: Set<Http2Session>,
): (connection: Socket, transport: Transport) => void {
  const transports = new WeakMap<Http2Session, Transport>();
  let accepting: Transport | undefined;
  const serverWith = (maxConcurrentStreams: number) => {
    const server = createHttp2Server({
      settings: { maxConcurrentStreams },
      streamResetBurst: MAX_CANCELLED_STREAMS,
      streamResetRate: MAX_CANCELLED_STREAMS,
      maxSessionRejectedStreams: MAX_CANCELLED_STREAMS,
    });
    server.on('session', (session) => {
      transports.set(session, accepting!);
      sessions.add(session);
      session.once('close', () => sessions.delete(session));
      session.setLocalWindowSize(SESSION_WINDOW_BYTES);
      if (options.idle !== undefined) endWhenIdle(session, options.idle);
    });
    server.on('stream', (stream, headers, _flags, rawHeaders) => {
      readHttp2(stream, headers, rawHeaders, transports.get(stream.session!)!, options.handle);
    });
    return (connection: Socket, transport: Transport) => {
      // The 'session' event comes before emit() returns.
      accepting = transport;
      server.emit('connection', connection);
      accepting = undefined;
    };
  };
  const accept = serverWith(options.maxConcurrentStreams);
  const { eagerStreams } = options;
  if (eagerStreams === undefined || eagerStreams <= options.maxConcurrentStreams) return accept;
  const acceptEager = serverWith(eagerStreams);
  return (connection, transport) => {
    whenKnownEager(connection, (isEager) => {
      if (!connection.destroyed) (isEager ? acceptEager : accept)(connection, transport);
    });
  };
}

function endWhenIdle(
  session: Http2Session,
  { timeoutMs, debugData }: NonNullable<ListenOptions['idle']>,
): void {
  session.setTimeout(timeoutMs, () => {
    session.goaway(constants.NGHTTP2_NO_ERROR, undefined, Buffer.from(debugData));
    session.close();
  });
}

/** Reads just enough of a connection to know its protocol, and puts it back. */
function routeByFirstBytes(
  socket: Socket,
  accept: (socket: Socket, protocol: 'tls' | 'http2' | 'http1') => void,
): void {
  const onReadable = () => {
    const bytes = socket.read() as Buffer | null;
    if (bytes === null) return;
    const protocol = sniff(bytes);
    socket.unshift(bytes);
    if (protocol === undefined) return;
    socket.off('readable', onReadable);
    accept(socket, protocol);
  };
  socket.on('readable', onReadable);
}
