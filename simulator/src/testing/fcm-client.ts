/** Clients for the tests: one send over HTTP/1.1 by fetch, many over one real HTTP/2 session. */
import {
  connect,
  type ClientHttp2Session,
  type IncomingHttpHeaders,
  type IncomingHttpStatusHeader,
} from 'node:http2';

export const PROJECT = 'demo-firestore-push';
export const SEND_PATH = `/v1/projects/${PROJECT}/messages:send`;

/** What came back over HTTP/2; a stream that ended by RST_STREAM has its code and no status. */
export interface Http2Result {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly rstCode: number | undefined;
}

/** A JSON answer of the simulator. */
export interface JsonResult {
  readonly status: number;
  readonly json: unknown;
}

/** Sends a whole request body over HTTP/1.1. */
export async function sendJson(
  url: string,
  body: unknown,
  headers: Record<string, string> = { authorization: 'Bearer test' },
): Promise<JsonResult> {
  const response = await fetch(`${url}${SEND_PATH}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
  return { status: response.status, json: await response.json() };
}

/** Sends one message over HTTP/1.1. */
export function sendMessage(url: string, message: unknown): Promise<JsonResult> {
  return sendJson(url, { message });
}

/** Opens an HTTP/2 session and waits until the server's settings have come. */
export async function openSession(
  authority: string,
  options: { readonly ca?: string; readonly servername?: string } = {},
): Promise<ClientHttp2Session> {
  const session = connect(authority, options);
  // Faults break sessions on purpose; the tests look at streams and at 'close'.
  session.on('error', () => session.destroy());
  await new Promise((resolve) => session.once('remoteSettings', resolve));
  return session;
}

/** Starts one send on a session; the answer settles when its stream has closed. */
export function sendOn(
  session: ClientHttp2Session,
  message: unknown = { token: 'device:1', notification: { title: 'Hello' } },
): Promise<Http2Result> {
  const stream = session.request({
    ':method': 'POST',
    ':path': SEND_PATH,
    authorization: 'Bearer test',
    'content-type': 'application/json',
  });
  let headers: IncomingHttpHeaders & IncomingHttpStatusHeader = {};
  let body = '';
  stream.setEncoding('utf8');
  stream.on('response', (received) => {
    headers = received;
  });
  stream.on('data', (chunk: string) => {
    body += chunk;
  });
  // The code is read when the stream closes.
  stream.on('error', () => stream.destroy());
  stream.end(JSON.stringify({ message }));
  return new Promise((resolve) => {
    stream.once('close', () => {
      resolve({ status: headers[':status'], headers, body, rstCode: stream.rstCode });
    });
  });
}

/** Waits for the next event of a kind on a session. */
export function next(session: ClientHttp2Session, event: string): Promise<unknown[]> {
  return new Promise((resolve) => {
    session.once(event, (...values: unknown[]) => resolve(values));
  });
}
