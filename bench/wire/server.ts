/**
 * The provider that everybody sends to: a TLS HTTP/2 server in a process of its own that answers as FCM and APNs do, after a
 * given delay, and counts what it was sent. As little else as possible, so that the senders are what is measured.
 */

import { createServer } from 'node:http';
import { createSecureServer, type ServerHttp2Stream } from 'node:http2';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { generateCertificate } from '../../simulator/src/certificate.ts';
import { answerParent } from '../child.ts';
import { isDead } from './addresses.ts';
import type { ProviderCounts, ProviderServer } from './provider.ts';

const FCM_OK = Buffer.from(
  '{\n  "name": "projects/demo-bench/messages/0:1500415314455276%31bd1c9631bd1c96"\n}\n',
);
const FCM_GONE = Buffer.from(
  JSON.stringify({
    error: {
      code: 404,
      message: 'Requested entity was not found.',
      status: 'NOT_FOUND',
      details: [
        {
          '@type': 'type.googleapis.com/google.firebase.fcm.v1.FcmError',
          errorCode: 'UNREGISTERED',
        },
      ],
    },
  }),
);
/** Long ago, so that no device can have registered again since. */
const APNS_GONE = Buffer.from(
  JSON.stringify({ reason: 'Unregistered', timestamp: 1_500_000_000_000 }),
);
const JSON_TYPE = 'application/json; charset=UTF-8';
const TOKEN_FIELD = '"token":"';
const DEVICE_PATH = '/3/device/';
/** Far above anything a sender keeps open at once: the server's own limits are not what is measured. */
const SESSION_MEMORY_MB = 1024;

let delayMs = 0;
let requests = 0;
let addresses = new Set<string>();
let cpu = process.cpuUsage();

function answerApns(stream: ServerHttp2Stream, address: string): void {
  addresses.add(address);
  if (isDead(address)) {
    stream.respond({ ':status': 410, 'apns-id': address.slice(-36) });
    stream.end(APNS_GONE);
  } else {
    stream.respond({ ':status': 200, 'apns-id': address.slice(-36) }, { endStream: true });
  }
}

function answerFcm(stream: ServerHttp2Stream, body: string): void {
  const start = body.indexOf(TOKEN_FIELD) + TOKEN_FIELD.length;
  const address = body.slice(start, body.indexOf('"', start));
  addresses.add(address);
  const gone = isDead(address);
  stream.respond({ ':status': gone ? 404 : 200, 'content-type': JSON_TYPE });
  stream.end(gone ? FCM_GONE : FCM_OK);
}

function serve(stream: ServerHttp2Stream, path: string): void {
  requests += 1;
  let body = '';
  stream.setEncoding('latin1');
  stream.on('data', (chunk: string) => (body += chunk));
  stream.on('error', () => stream.destroy());
  stream.on('end', () => {
    const answer = (): void => {
      if (stream.destroyed || stream.closed) return;
      if (path.startsWith(DEVICE_PATH)) answerApns(stream, path.slice(DEVICE_PATH.length));
      else answerFcm(stream, body);
    };
    if (delayMs === 0) answer();
    else setTimeout(answer, delayMs);
  });
}

/** `POST /reset?delayMs=30` and `GET /counts`, in cleartext HTTP/1.1 on a port of its own. */
async function startControl(): Promise<string> {
  const control = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://control');
    if (url.pathname === '/reset') {
      delayMs = Number(url.searchParams.get('delayMs'));
      requests = 0;
      addresses = new Set();
      cpu = process.cpuUsage();
    }
    const { user, system } = process.cpuUsage(cpu);
    const counts: ProviderCounts = {
      requests,
      addresses: addresses.size,
      cpuSeconds: (user + system) / 1e6,
    };
    response.end(JSON.stringify(counts));
  });
  control.listen(0, '127.0.0.1');
  await once(control, 'listening');
  return `http://127.0.0.1:${(control.address() as AddressInfo).port}`;
}

answerParent(async ({ streams }: { readonly streams: number }): Promise<ProviderServer> => {
  const certificate = await generateCertificate();
  const server = createSecureServer({
    ...certificate,
    settings: { maxConcurrentStreams: streams },
    maxSessionMemory: SESSION_MEMORY_MB,
  });
  server.on('session', (session) => session.on('error', () => session.destroy()));
  server.on('stream', (stream, headers) => serve(stream, headers[':path'] ?? ''));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    port: (server.address() as AddressInfo).port,
    ca: certificate.cert,
    control: await startControl(),
  };
});
