/**
 * One request on one stream: collects the answer and turns every way a stream can end into one.
 *
 * Invariant: `done` is called exactly once, whatever the peer or the network does.
 */
import { constants, type ClientHttp2Stream, type IncomingHttpHeaders } from 'node:http2';
import type { Http2Answer } from './answer';
import type { Deadline, Deadlines } from './deadlines';
import { errorName, http2ErrorName } from './error-name';

/** A provider's answer is a few hundred bytes; anything far beyond is not theirs and must not fill the memory. */
export const MAX_ANSWER_BYTES = 64 * 1024;

/** What the connection knows that the stream does not. */
export interface Connection {
  /** Streams above this id were never processed: GOAWAY's last stream id, or Infinity. */
  readonly lastProcessedId: number;
  /** Why the connection failed, if it did. */
  readonly failure: string | undefined;
  /** Whether it is over, for whatever reason. */
  readonly isOver: boolean;
  /** How long each of its requests may take. */
  readonly deadlines: Deadlines;
  readonly requestTimeoutMs: number;
}

const NOTHING = Buffer.alloc(0);

/** Sends `body` and waits for the whole answer, as long as the connection's requests may take. */
export function exchange(
  stream: ClientHttp2Stream,
  body: string,
  connection: Connection,
  done: (answer: Http2Answer, timedOut: boolean) => void,
): void {
  let status = 0;
  let headers: IncomingHttpHeaders = {};
  // Bytes, made into text once: a decoder for every stream was a twelfth of a request's CPU.
  let answered: Buffer = NOTHING;
  let ended = false;
  let error: NodeJS.ErrnoException | undefined;
  let settled = false;

  const settle = (answer: Http2Answer, timedOut = false): void => {
    if (settled) return;
    settled = true;
    connection.deadlines.delete(deadline);
    // Node keeps a stream, and what its listeners hold, for long after its end.
    answered = NOTHING;
    done(answer, timedOut);
  };
  const noResponse = (reason: string, refused = false): Http2Answer => {
    // An answer that has begun is proof of processing, whatever the peer says afterwards.
    const never = status === 0 && (refused || isUnsent(stream, connection));
    return { kind: 'no-response', processed: never ? 'never' : 'unknown', reason };
  };
  const abandon = (reason: string, timedOut: boolean): void => {
    stream.close(constants.NGHTTP2_CANCEL);
    // Not left to the stream's own end: with its connection stuck, that may never come.
    settle(noResponse(reason), timedOut);
  };
  const deadline: Deadline = connection.deadlines.add(() =>
    abandon(`timeout after ${connection.requestTimeoutMs} ms`, true),
  );

  stream.on('response', (responseHeaders) => {
    status = Number(responseHeaders[':status']);
    headers = responseHeaders;
  });
  stream.on('data', (chunk: Buffer) => {
    if (answered.length + chunk.length > MAX_ANSWER_BYTES) {
      abandon(`answer longer than ${MAX_ANSWER_BYTES} bytes`, false);
    } else {
      // Answers come in one piece but for the largest.
      answered = answered.length === 0 ? chunk : Buffer.concat([answered, chunk]);
    }
  });
  stream.on('end', () => {
    // Node also "ends" a stream that it destroys without an error: what came so far is then no whole answer.
    ended = !stream.destroyed;
  });
  stream.on('error', (streamError: NodeJS.ErrnoException) => {
    error = streamError;
  });
  stream.on('close', () => {
    if (ended && status !== 0) {
      return settle({ kind: 'response', status, headers, body: answered.toString() });
    }
    const code = stream.rstCode ?? constants.NGHTTP2_NO_ERROR;
    // Only an error of the stream itself is the peer's RST_STREAM; a broken connection lends its code to all its streams.
    const wasReset = error?.code === 'ERR_HTTP2_STREAM_ERROR';
    const reason = wasReset ? http2ErrorName(code) : endingOf(connection, error, code);
    settle(noResponse(reason, wasReset && code === constants.NGHTTP2_REFUSED_STREAM));
  });
  stream.end(body);
}

/** Without an id the stream was never put on the wire; above GOAWAY's last id the peer never looked at it. */
function isUnsent(stream: ClientHttp2Stream, connection: Connection): boolean {
  return stream.id === undefined || stream.id > connection.lastProcessedId;
}

function endingOf(connection: Connection, error: Error | undefined, code: number): string {
  if (connection.failure !== undefined) return connection.failure;
  if (error !== undefined) return errorName(error);
  return connection.isOver ? 'connection closed' : http2ErrorName(code);
}
