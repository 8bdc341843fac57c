/**
 * For tests: an HTTP/2 server that sends exactly the frames it is told to, also those that Node's own server never would.
 */
import * as net from 'node:net';
import { once } from 'node:events';

const PREFACE_BYTES = 24;
const FRAME = { data: 0, headers: 1, rst: 3, settings: 4, ping: 6, goaway: 7, windowUpdate: 8 };
const END_STREAM = 1;
const END_HEADERS = 4;
const ACK = 1;
/** Indexes of `:status` in HPACK's static table (RFC 7541, appendix A). */
const STATUS_INDEX = { 200: 8, 204: 9, 400: 12, 404: 13, 500: 14 };

export type RawStatus = keyof typeof STATUS_INDEX;

function frame(type: number, flags: number, id: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head.writeUInt8(type, 3);
  head.writeUInt8(flags, 4);
  head.writeUInt32BE(id, 5);
  return Buffer.concat([head, payload]);
}

function uint32(...values: number[]): Buffer {
  const buffer = Buffer.alloc(values.length * 4);
  values.forEach((value, index) => buffer.writeUInt32BE(value, index * 4));
  return buffer;
}

/** Frames to be sent, alone or several in one packet. */
export const frames = {
  settings(maxConcurrentStreams?: number): Buffer {
    const limit = Buffer.alloc(maxConcurrentStreams === undefined ? 0 : 6);
    if (maxConcurrentStreams !== undefined) {
      limit.writeUInt16BE(3, 0);
      limit.writeUInt32BE(maxConcurrentStreams, 2);
    }
    return frame(FRAME.settings, 0, 0, limit);
  },
  headers: (id: number, status: RawStatus, end = false): Buffer =>
    frame(
      FRAME.headers,
      END_HEADERS | (end ? END_STREAM : 0),
      id,
      Buffer.from([0x80 | STATUS_INDEX[status]]),
    ),
  data: (id: number, text: string, end = false): Buffer =>
    frame(FRAME.data, end ? END_STREAM : 0, id, Buffer.from(text)),
  answer: (id: number, status: RawStatus, text: string): Buffer =>
    Buffer.concat([frames.headers(id, status), frames.data(id, text, true)]),
  rst: (id: number, code: number): Buffer => frame(FRAME.rst, 0, id, uint32(code)),
  goaway: (lastStreamId: number, code: number): Buffer =>
    frame(FRAME.goaway, 0, 0, uint32(lastStreamId, code)),
};

/** One connection that a client made. */
export interface RawConnection {
  readonly socket: net.Socket;
  /** Which connection it is, from 0. */
  readonly index: number;
  /** Streams whose request was read to its end, in order. */
  readonly requests: number[];
  /** Bodies by stream. */
  readonly bodies: Map<number, string>;
  send(...toSend: Buffer[]): void;
}

export interface RawScript {
  /** Default: SETTINGS without a limit. */
  onConnect?(connection: RawConnection): void;
  /** A request was read to its end. */
  onRequest?(connection: RawConnection, id: number): void;
  /** Default: true. */
  answersPings?: boolean;
}

export interface RawPeer {
  readonly origin: string;
  readonly connections: RawConnection[];
  close(): Promise<void>;
}

/** Listens on a port of the system's choice. */
export async function startRawPeer(script: RawScript): Promise<RawPeer> {
  const connections: RawConnection[] = [];
  const server = net.createServer((socket) => {
    // A client that waits for one frame at a time must not wait for Nagle's algorithm too.
    socket.setNoDelay();
    let greeted = false;
    const connection: RawConnection = {
      socket,
      index: connections.length,
      requests: [],
      bodies: new Map(),
      send: (...toSend) => {
        if (socket.destroyed) return;
        // The client's SETTINGS may only be acknowledged after our own were sent.
        if (!greeted) toSend.push(frame(FRAME.settings, ACK, 0, Buffer.alloc(0)));
        greeted = true;
        socket.write(Buffer.concat(toSend));
      },
    };
    connections.push(connection);
    // Clients break connections on purpose here; 'close' follows.
    socket.on('error', () => socket.destroy());
    read(connection, script);
    if (script.onConnect === undefined) connection.send(frames.settings());
    else script.onConnect(connection);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as net.AddressInfo;
  return {
    origin: `http://127.0.0.1:${port}`,
    connections,
    close: async () => {
      for (const { socket } of connections) socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function read(connection: RawConnection, script: RawScript): void {
  let pending = Buffer.alloc(0);
  let skipped = false;
  connection.socket.on('data', (chunk: Buffer) => {
    pending = Buffer.concat([pending, chunk]);
    if (!skipped && pending.length >= PREFACE_BYTES) {
      skipped = true;
      pending = pending.subarray(PREFACE_BYTES);
    }
    while (skipped && pending.length >= 9) {
      const length = pending.readUIntBE(0, 3);
      if (pending.length < 9 + length) return;
      const payload = pending.subarray(9, 9 + length);
      take(connection, script, pending.readUInt8(3), pending.readUInt8(4), pending, payload);
      pending = pending.subarray(9 + length);
    }
  });
}

function take(
  connection: RawConnection,
  script: RawScript,
  type: number,
  flags: number,
  head: Buffer,
  payload: Buffer,
): void {
  const id = head.readUInt32BE(5);
  if (type === FRAME.ping && (flags & ACK) === 0 && script.answersPings !== false) {
    connection.send(frame(FRAME.ping, ACK, 0, Buffer.from(payload)));
  }
  if (type === FRAME.data) {
    connection.bodies.set(id, (connection.bodies.get(id) ?? '') + payload.toString());
  }
  if ((type === FRAME.data || type === FRAME.headers) && (flags & END_STREAM) !== 0) {
    connection.requests.push(id);
    connection.send(frame(FRAME.windowUpdate, 0, 0, uint32(65_535)));
    script.onRequest?.(connection, id);
  }
}
