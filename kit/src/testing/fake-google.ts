/**
 * For tests: Google's APIs on this machine, over real HTTP, with a project in which everything is right. A test changes an answer.
 */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { APIS, VARIABLES, type Api } from '../cli/doctor/origins';

export interface Answer {
  readonly status?: number;
  readonly body?: unknown;
  /** Instead of JSON. */
  readonly text?: string;
}

/** `silence`: the request is never answered. */
export type Answering = Answer | 'silence' | ((url: URL) => Answer);

export interface GoogleRequest {
  readonly api: string;
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface FakeGoogle {
  /** Points the APIs here, as `firebase-tools` is pointed. */
  readonly env: Readonly<Record<string, string>>;
  readonly requests: GoogleRequest[];
  /** By `api METHOD path`, without the query. */
  readonly answers: Map<string, Answering>;
  /** By the API: whatever it is asked. */
  readonly everywhere: Map<Api, Answering>;
  close(): Promise<void>;
}

const NOT_FOUND: Answer = { status: 404, body: { error: { code: 404, status: 'NOT_FOUND' } } };

export async function startFakeGoogle(
  answers: ReadonlyMap<string, Answering>,
): Promise<FakeGoogle> {
  const requests: GoogleRequest[] = [];
  const current = new Map(answers);
  const everywhere = new Map<Api, Answering>();
  const server = createServer((request, response) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (chunk: string) => (body += chunk));
    request.on('end', () => {
      const [, api = '', ...rest] = (request.url ?? '').split('/');
      const url = new URL(`http://fake/${rest.join('/')}`);
      const method = request.method ?? '';
      const path = `${url.pathname}${url.search}`;
      requests.push({ api, method, path, headers: request.headers, body });
      const key = `${api} ${method} ${decodeURIComponent(url.pathname)}`;
      const answering = everywhere.get(api as Api) ?? current.get(key) ?? NOT_FOUND;
      if (answering === 'silence') return;
      const answer = typeof answering === 'function' ? answering(url) : answering;
      response.writeHead(answer.status ?? 200, { 'content-type': 'application/json' });
      response.end(answer.text ?? JSON.stringify(answer.body));
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    env: Object.fromEntries(APIS.map((api) => [VARIABLES[api], `${origin}/${api}`])),
    requests,
    answers: current,
    everywhere,
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** A 403 as Google words it. */
export function forbidden(reason?: string): Answer {
  const details =
    reason === undefined
      ? []
      : [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason, domain: 'googleapis.com' }];
  return {
    status: 403,
    body: { error: { code: 403, status: 'PERMISSION_DENIED', message: 'No.', details } },
  };
}

/** One page of a list after the other: the token of each is its number. */
export function pages(name: string, items: readonly (readonly unknown[])[]): Answering {
  return (url) => {
    const nth = Number(url.searchParams.get('pageToken') ?? 0);
    const next = nth + 1 < items.length ? { nextPageToken: String(nth + 1) } : {};
    return { body: { [name]: items[nth], ...next } };
  };
}
