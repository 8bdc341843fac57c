/** Firestore's gRPC API with one call that goes wrong: it is refused, or done while its answer is lost. */
import { once } from 'node:events';
import * as http2 from 'node:http2';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

export interface Trouble {
  /** Name of the call, e.g. `Commit`. */
  readonly call: string;
  /** Which of these calls; names of fields and ids stand in the body as they are. Default: all. */
  readonly when?: (body: string) => boolean;
  /** A gRPC status, the call not being made; or it is made, and the connection breaks instead of an answer. */
  readonly then: number | 'lose-answer';
  /** How often. Default: until {@link FirestoreProxy.mend}. */
  readonly times?: number;
}

export class FirestoreProxy {
  readonly host: string;
  /** How often trouble struck. */
  struck = 0;
  private readonly server: http2.Http2Server;
  private readonly sessions = new Set<http2.ServerHttp2Session>();
  private readonly upstream: http2.ClientHttp2Session;
  private troubles: { trouble: Trouble; left: number }[] = [];

  private constructor(server: http2.Http2Server, upstream: http2.ClientHttp2Session) {
    this.server = server;
    this.upstream = upstream;
    this.host = `127.0.0.1:${(server.address() as AddressInfo).port}`;
    server.on('session', (session) => {
      this.sessions.add(session);
      session.on('close', () => this.sessions.delete(session));
      session.on('error', () => undefined);
    });
    server.on('stream', (stream, headers) => {
      stream.on('error', () => undefined);
      void this.take(stream, headers);
    });
  }

  static async to(host: string): Promise<FirestoreProxy> {
    const server = http2.createServer();
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new FirestoreProxy(server, http2.connect(`http://${host}`));
  }

  add(trouble: Trouble): void {
    this.troubles.push({ trouble, left: trouble.times ?? Infinity });
  }

  /** No more trouble. */
  mend(): void {
    this.troubles = [];
  }

  async close(): Promise<void> {
    this.upstream.destroy();
    for (const session of this.sessions) session.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async take(
    stream: http2.ServerHttp2Stream,
    headers: http2.IncomingHttpHeaders,
  ): Promise<void> {
    const call = headers[':path']?.split('/').at(-1);
    if (!this.troubles.some(({ trouble }) => trouble.call === call)) {
      stream.pipe(this.passOn(stream, headers));
      return;
    }
    const body = await buffer(stream).catch(() => undefined);
    if (body === undefined) return;
    const then = this.strike(call, body.toString('latin1'));
    if (typeof then === 'number') {
      if (call === 'Commit') this.rollBack(headers, body);
      const refusal = { ':status': 200, 'content-type': 'application/grpc', 'grpc-status': then };
      stream.respond({ ...refusal, 'grpc-message': 'refused by the test' }, { endStream: true });
    } else if (then === 'lose-answer') {
      const request = this.upstream.request(onward(headers)).resume();
      request.end(body);
      await once(request, 'end');
      stream.session?.destroy();
    } else {
      this.passOn(stream, headers).end(body);
    }
  }

  /** A commit that fails ends its transaction; the emulator would keep the locks of one that it never hears of again. */
  private rollBack(headers: http2.IncomingHttpHeaders, commit: Buffer): void {
    const [database, , transaction] = fieldsOf(commit.subarray(FRAME_HEADER_BYTES));
    if (database === undefined || transaction === undefined) return;
    const message = Buffer.concat([field(1, database), field(2, transaction)]);
    const frame = Buffer.alloc(FRAME_HEADER_BYTES);
    frame.writeUInt32BE(message.length, 1);
    const path = headers[':path']?.replace(/Commit$/, 'Rollback');
    const request = this.upstream.request({ ...onward(headers), ':path': path });
    request.on('error', () => undefined).resume();
    request.end(Buffer.concat([frame, message]));
  }

  private strike(call: string | undefined, body: string): Trouble['then'] | undefined {
    const found = this.troubles.find(
      ({ trouble, left }) =>
        left > 0 && trouble.call === call && (trouble.when === undefined || trouble.when(body)),
    );
    if (found === undefined) return undefined;
    found.left -= 1;
    this.struck += 1;
    return found.trouble.then;
  }

  private passOn(
    stream: http2.ServerHttp2Stream,
    headers: http2.IncomingHttpHeaders,
  ): http2.ClientHttp2Stream {
    const request = this.upstream.request(onward(headers));
    let trailers: http2.OutgoingHttpHeaders = {};
    request.on('error', () => stream.close(http2.constants.NGHTTP2_INTERNAL_ERROR));
    // What is on its way arrives, also where nobody waits for the answer any more.
    stream.on('close', () => {
      if (request.writableEnded) request.unpipe(stream).resume();
      else request.close(http2.constants.NGHTTP2_CANCEL);
    });
    request.on('close', () => {
      if (!stream.headersSent) stream.close(request.rstCode);
    });
    request.on('trailers', (received: http2.IncomingHttpHeaders) => {
      trailers = { ...received };
    });
    request.on('response', (answer, flags) => {
      if (stream.destroyed) return;
      const isAll = (flags & http2.constants.NGHTTP2_FLAG_END_STREAM) !== 0;
      stream.on('wantTrailers', () => stream.sendTrailers(trailers));
      stream.respond({ ...answer }, isAll ? { endStream: true } : { waitForTrailers: true });
      if (!isAll) request.pipe(stream);
    });
    return request;
  }
}

/**
 * Headers that are of one connection only are left out, and the time that a call may take: where a test moves the clock while one is
 * made, that is none, and the emulator keeps the locks of a transaction whose end it takes for cancelled.
 */
function onward(headers: http2.IncomingHttpHeaders): http2.OutgoingHttpHeaders {
  const { ':authority': _authority, 'grpc-timeout': _timeout, ...rest } = headers;
  return rest;
}

/** gRPC: a flag and a length before each message. */
const FRAME_HEADER_BYTES = 5;

/** A protobuf message whose fields all have a length, as those of a commit have: the last value of each, from number 1 on. */
function fieldsOf(message: Buffer): (Buffer | undefined)[] {
  const fields: (Buffer | undefined)[] = [];
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = message[at++];
      // Of a call that its client took back only a part may have come.
      if (byte === undefined) return value;
      value += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) return value;
    }
  };
  while (at < message.length) {
    const number = varint() >> 3;
    const length = varint();
    fields[number - 1] = message.subarray(at, at + length);
    at += length;
  }
  return fields;
}

function field(number: number, value: Buffer): Buffer {
  const length: number[] = [];
  let rest = value.length;
  for (; rest >= 0x80; rest >>= 7) length.push((rest & 0x7f) | 0x80);
  return Buffer.concat([Buffer.from([(number << 3) | 2, ...length, rest]), value]);
}
