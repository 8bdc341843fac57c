/**
 * One function instance: the built bundle behind HTTP, as Google's functions framework serves it. Events come in CloudEvents'
 * binary mode, everything else goes to the function as it is.
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { functionsSource } from '../functions-source.ts';

type Handler = (request: Request, response: Response) => unknown;

interface Request extends IncomingMessage {
  readonly params: Readonly<Record<string, string>>;
  readonly body: unknown;
  rawBody?: Buffer;
}

interface Response extends ServerResponse {
  status(code: number): Response;
}

/** The part of express that is used; it comes with firebase-functions, which also relies on it when deployed. */
interface Express {
  (): {
    use(handler: unknown): void;
    post(path: string, handler: Handler): void;
    (request: IncomingMessage, response: ServerResponse): void;
  };
  raw(options: object): unknown;
  json(options: object): unknown;
}

type CloudFunction = ((...args: readonly unknown[]) => unknown) & {
  readonly __endpoint: { readonly eventTrigger?: object };
};

const BODY_LIMIT = '20mb';

const requireThere = createRequire(join(functionsSource(), 'package.json'));
const express = requireThere('express') as Express;
const functions = requireThere('./lib/index.js') as Readonly<Record<string, CloudFunction>>;

const app = express();
app.use(express.raw({ type: 'application/protobuf', limit: BODY_LIMIT }));
app.use(
  express.json({
    limit: BODY_LIMIT,
    verify: (request: Request, _response: Response, body: Buffer) => {
      request.rawBody = body;
    },
  }),
);
app.post('/:name', (request, response) => {
  const called = functions[request.params['name'] as string];
  if (called === undefined) return response.status(404).end();
  if (called.__endpoint.eventTrigger === undefined) return called(request, response);
  return Promise.resolve(called(eventOf(request))).then(
    () => response.status(204).end(),
    (error: unknown) => {
      console.error(error);
      response.status(500).end();
    },
  );
});

function eventOf({ headers, body }: Request): object {
  const attributes = Object.entries(headers).filter(([name]) => name.startsWith('ce-'));
  return {
    ...Object.fromEntries(attributes.map(([name, value]) => [name.slice('ce-'.length), value])),
    datacontenttype: headers['content-type'],
    data: body,
  };
}

/** An endpoint as `firebase deploy` would see it: with the params' values, and without what is the platform's default. */
function resolved(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (value.constructor.name === 'ResetValue') return undefined;
  if ('value' in value && typeof value.value === 'function') {
    return (value as { value(): unknown }).value();
  }
  if (Array.isArray(value)) return value.map(resolved);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, resolved(inner)]));
}

// Whoever started this is gone: nobody would ever end it.
process.on('disconnect', () => process.exit());

const server = createServer({ keepAliveTimeout: 0 }, (request, response) => app(request, response));
server.listen(0, '127.0.0.1', () => {
  const endpoints = Object.entries(functions).map(([name, { __endpoint }]) => [
    name,
    resolved(__endpoint),
  ]);
  process.send?.({
    port: (server.address() as AddressInfo).port,
    endpoints: Object.fromEntries(endpoints) as object,
  });
});
