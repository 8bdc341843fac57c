/** A client for the tests: a signing key, provider tokens, and pushes over one real HTTP/2 session. */
import { generateKeyPairSync, sign } from 'node:crypto';
import type { ClientHttp2Session, IncomingHttpHeaders, IncomingHttpStatusHeader } from 'node:http2';

export const KEY_ID = 'KEY1234567';
export const TEAM_ID = 'TEAM123456';
export const TOPIC = 'com.example.app';
/** A device token as Apple gives them out today: 32 bytes. */
export const DEVICE = 'ab'.repeat(32);
export const SANDBOX = 'api.sandbox.push.apple.com';
export const PRODUCTION = 'api.push.apple.com';

/** A key as Apple would give it out, and its public half. */
export interface SigningKey {
  readonly privateKeyPem: string;
  readonly publicKeyPem: string;
}

export function generateSigningKey(namedCurve = 'P-256'): SigningKey {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve });
  return {
    privateKeyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicKeyPem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
  };
}

const commonKey = generateSigningKey();

/** Makes a provider token; `header` and `claims` override what a good one has. `issuedAt` in seconds. */
export function providerToken(
  options: {
    readonly key?: SigningKey;
    readonly issuedAt?: number;
    readonly header?: object;
    readonly claims?: object;
    readonly dsaEncoding?: 'ieee-p1363' | 'der';
  } = {},
): string {
  const { key = commonKey, issuedAt = Math.floor(Date.now() / 1000) } = options;
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const signed = [
    part({ alg: 'ES256', kid: KEY_ID, ...options.header }),
    part({ iss: TEAM_ID, iat: issuedAt, ...options.claims }),
  ].join('.');
  const signature = sign('sha256', Buffer.from(signed), {
    key: key.privateKeyPem,
    dsaEncoding: options.dsaEncoding ?? 'ieee-p1363',
  });
  return `${signed}.${signature.toString('base64url')}`;
}

/** What came back; a stream that was reset has no status. */
export interface PushResult {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  /** Undefined where there was no body. */
  readonly json: unknown;
}

const token = providerToken();

/** Sends one push; `headers` override what a good one has, and null leaves one out. */
export function push(
  session: ClientHttp2Session,
  options: {
    readonly headers?: Readonly<Record<string, string | readonly string[] | null>>;
    readonly body?: unknown;
  } = {},
): Promise<PushResult> {
  const { body = { aps: { alert: 'Hello' } } } = options;
  const all = {
    ':method': 'POST',
    ':path': `/3/device/${DEVICE}`,
    ':authority': PRODUCTION,
    authorization: `bearer ${token}`,
    'apns-topic': TOPIC,
    'apns-push-type': 'alert',
    ...options.headers,
  };
  const stream = session.request(
    Object.fromEntries(Object.entries(all).filter(([, value]) => value !== null)),
  );
  let headers: IncomingHttpHeaders & IncomingHttpStatusHeader = {};
  let text = '';
  stream.setEncoding('utf8');
  stream.on('response', (received) => {
    headers = received;
  });
  stream.on('data', (chunk: string) => {
    text += chunk;
  });
  // A reset is seen by the missing status.
  stream.on('error', () => stream.destroy());
  stream.end(typeof body === 'string' ? body : JSON.stringify(body));
  return new Promise((resolve) => {
    stream.once('close', () => {
      const json = text === '' ? undefined : (JSON.parse(text) as unknown);
      resolve({ status: headers[':status'], headers, json });
    });
  });
}
