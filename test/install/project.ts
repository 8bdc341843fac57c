/**
 * A Firebase project at Google, for tests only: what `firebase deploy --only functions` asks of Google's APIs, answered from memory
 * by a server on loopback, which keeps every request and answers 404 to what it does not know.
 *
 * The CLI reaches it as its proxy and calls the APIs by their names, so that it looks for the very APIs that it would look for at
 * Google. It does so without TLS; what it would ask by TLS is refused and kept, too.
 */
import type { IncomingMessage } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { text } from 'node:stream/consumers';

import { HOST } from '../../scripts/stack/ports.ts';

export const PROJECT_NUMBER = '123456789012';
/** The account as which functions run that have none of their own. */
export const COMPUTE = `${PROJECT_NUMBER}-compute@developer.gserviceaccount.com`;

export interface Request {
  readonly method: string;
  /** Name of the API's host. */
  readonly api: string;
  readonly path: string;
  readonly body: Body;
}

type Body = Readonly<Record<string, unknown>>;

/** A function as the API has it. */
export interface DeployedFunction {
  readonly name: string;
  readonly labels?: Readonly<Record<string, string>>;
  readonly serviceConfig?: Body;
  readonly [field: string]: unknown;
}

interface Binding {
  readonly role: string;
  readonly members: readonly string[];
}

/** What is in the project. */
class State {
  readonly functions = new Map<string, DeployedFunction>();
  readonly accounts = new Set<string>();
  /** Who may call a function's service, by its name. */
  readonly invokers = new Map<string, Body>();
  readonly queues = new Map<string, Body>();
  readonly jobs = new Map<string, Body>();
  readonly tasks: { readonly queue: string; readonly task: Body }[] = [];
  readonly disabledApis = new Set<string>();
  /** The project's IAM policy. */
  bindings: readonly Binding[] = [
    { role: 'roles/owner', members: ['user:ola@example.com'] },
    { role: 'roles/datastore.user', members: ['serviceAccount:team@example.com'] },
  ];
  repository: Body;
  readonly id: string;
  readonly region: string;

  constructor(id: string, region: string) {
    this.id = id;
    this.region = region;
    this.repository = {
      name: `projects/${id}/locations/${region}/repositories/gcf-artifacts`,
      format: 'DOCKER',
    };
  }
}

export interface Project extends State {
  /** The variables by which firebase-tools is sent there. */
  readonly env: Readonly<Record<string, string>>;
  /** Every request, in the order in which they came; and which of them were answered with 404 because nothing here knows them. */
  readonly requests: Request[];
  readonly unknown: string[];
  /** What was to be called by TLS. */
  readonly refused: string[];
  close(): Promise<void>;
}

/** Something that is looked for and is not there, as opposed to a request that nobody here knows. */
const NOT_THERE = Symbol('not there');
type Answer = object | typeof NOT_THERE;
type Route = readonly [
  call: `${string} ${string}.googleapis.com/${string}`,
  answer: (state: State, found: readonly string[], body: Body) => Answer,
];

/** `*` stands for a part of a path, `**` for all of its rest. */
const ROUTES: readonly Route[] = [
  ['POST www.googleapis.com/oauth2/v3/token', () => ({ access_token: 'any', expires_in: 3600 })],
  [
    'GET firebase.googleapis.com/v1beta1/projects/*/adminSdkConfig',
    ({ id }) => ({ projectId: id, storageBucket: `${id}.firebasestorage.app` }),
  ],
  [
    'GET cloudresourcemanager.googleapis.com/v1/projects/*',
    ({ id }) => ({ projectId: id, projectNumber: PROJECT_NUMBER, lifecycleState: 'ACTIVE' }),
  ],
  [
    'POST cloudresourcemanager.googleapis.com/v1/projects/*:testIamPermissions',
    (_, __, { permissions }) => ({ permissions }),
  ],
  [
    'POST cloudresourcemanager.googleapis.com/v1/projects/*:getIamPolicy',
    ({ bindings }) => ({ version: 1, etag: 'any', bindings }),
  ],
  [
    'POST cloudresourcemanager.googleapis.com/v1/projects/*:setIamPolicy',
    (state, _, { policy }) => {
      const { bindings } = policy as { readonly bindings: readonly Binding[] };
      state.bindings = bindings;
      return { version: 1, etag: 'any', bindings };
    },
  ],
  [
    'GET serviceusage.googleapis.com/v1/projects/*/services/*',
    ({ disabledApis }, [, api = '']) => ({
      state: disabledApis.has(api) ? 'DISABLED' : 'ENABLED',
    }),
  ],
  [
    'POST serviceusage.googleapis.com/v1beta1/projects/*/services/*:generateServiceIdentity',
    () => ({ name: 'operations/identity', done: true }),
  ],
  ['GET compute.googleapis.com/compute/v1/projects/*', () => ({ defaultServiceAccount: COMPUTE })],
  [
    'GET firestore.googleapis.com/v1/projects/*/databases/*',
    ({ region }) => ({ locationId: region, type: 'FIRESTORE_NATIVE' }),
  ],
  [
    'GET iam.googleapis.com/v1/projects/*/serviceAccounts/*',
    ({ accounts }, [, email = '']) => (accounts.has(email) ? { email } : NOT_THERE),
  ],
  [
    'POST iam.googleapis.com/v1/projects/*/serviceAccounts',
    ({ id, accounts }, _, { accountId }) => {
      const email = `${String(accountId)}@${id}.iam.gserviceaccount.com`;
      accounts.add(email);
      return { name: `projects/${id}/serviceAccounts/${email}`, email };
    },
  ],
  ['GET cloudfunctions.googleapis.com/v1/projects/*/locations/-/functions', () => ({})],
  [
    'GET cloudfunctions.googleapis.com/v2/projects/*/locations/-/functions',
    ({ functions }) => ({ functions: [...functions.values()] }),
  ],
  [
    'POST cloudfunctions.googleapis.com/v2/projects/*/locations/*/functions:generateUploadUrl',
    () => ({
      uploadUrl: 'http://storage.googleapis.com/uploads/source.zip?GoogleAccessId=any',
      storageSource: { bucket: 'uploads', object: 'source.zip' },
    }),
  ],
  ['PUT storage.googleapis.com/uploads/source.zip', () => ({})],
  [
    'POST cloudfunctions.googleapis.com/v2/projects/*/locations/*/functions',
    (state, _, body) => deploy(state, body as unknown as DeployedFunction),
  ],
  [
    'PATCH cloudfunctions.googleapis.com/v2/projects/*/locations/*/functions/*',
    (state, _, body) => deploy(state, body as unknown as DeployedFunction),
  ],
  [
    'GET cloudfunctions.googleapis.com/v2/projects/*/locations/*/operations/*',
    ({ functions }, [id, region, name]) => ({
      done: true,
      response: functions.get(`projects/${id}/locations/${region}/functions/${name}`),
    }),
  ],
  [
    'POST run.googleapis.com/v1/projects/*/locations/*/services/*:setIamPolicy',
    ({ invokers }, [, , service = ''], { policy }) => {
      invokers.set(service, policy as Body);
      return policy as object;
    },
  ],
  [
    'GET run.googleapis.com/v1/projects/*/locations/*/services/*:getIamPolicy',
    ({ invokers }, [, , service = '']) => invokers.get(service) ?? {},
  ],
  [
    'GET cloudtasks.googleapis.com/v2/**',
    ({ queues }, [name = '']) => queues.get(name) ?? NOT_THERE,
  ],
  [
    'POST cloudtasks.googleapis.com/v2/projects/*/locations/*/queues',
    ({ queues }, _, queue) => {
      queues.set(String(queue['name']), queue);
      return queue;
    },
  ],
  [
    'PATCH cloudtasks.googleapis.com/v2/**',
    ({ queues }, [name = ''], queue) => {
      queues.set(name, queue);
      return queue;
    },
  ],
  [
    'POST cloudtasks.googleapis.com/v2/projects/*/locations/*/queues/*/tasks',
    ({ tasks }, [, , queue = ''], { task }) => {
      tasks.push({ queue, task: task as Body });
      return { name: 'task' };
    },
  ],
  [
    'GET cloudscheduler.googleapis.com/v1/**',
    ({ jobs }, [name = '']) => jobs.get(name) ?? NOT_THERE,
  ],
  [
    'POST cloudscheduler.googleapis.com/v1/projects/*/locations/*/jobs',
    ({ jobs }, _, job) => {
      jobs.set(String(job['name']), job);
      return job;
    },
  ],
  [
    'GET artifactregistry.googleapis.com/v1/projects/*/locations/*/repositories/gcf-artifacts',
    ({ repository }) => repository,
  ],
  ['GET secretmanager.googleapis.com/v1/projects/*/secrets/**', () => NOT_THERE],
  ['GET cloudbilling.googleapis.com/v1/projects/*/billingInfo', () => ({ billingEnabled: true })],
  ['GET firebaseextensions.googleapis.com/v1beta/projects/*/instances', () => ({})],
  [
    'PATCH artifactregistry.googleapis.com/v1/projects/*/locations/*/repositories/gcf-artifacts',
    (state, _, changed) => (state.repository = { ...state.repository, ...changed }),
  ],
];

/** What creating and updating a function begins. */
function deploy({ functions }: State, given: DeployedFunction): Answer {
  const { name, serviceConfig } = given;
  const id = nameOf(name);
  const url = `https://${id.toLowerCase()}-any-ew.a.run.app`;
  const service = name.replace(/functions\/.*/, `services/${id.toLowerCase()}`);
  functions.set(name, {
    ...given,
    url,
    state: 'ACTIVE',
    environment: 'GEN_2',
    serviceConfig: { ...serviceConfig, service, uri: url },
  });
  return { name: name.replace('/functions/', '/operations/') };
}

/** The variables that firebase-tools has for the APIs, in `lib/api.js`. */
const ORIGINS: Readonly<Record<string, string>> = {
  ARTIFACT_REGISTRY_DOMAIN: 'artifactregistry',
  CLOUD_RUN_API_URL: 'run',
  CLOUD_RUN_URL: 'run',
  CLOUD_SECRET_MANAGER_URL: 'secretmanager',
  COMPUTE_URL: 'compute',
  EVENTARC_URL: 'eventarc',
  FIREBASE_API_URL: 'firebase',
  FIREBASE_CLOUDBILLING_URL: 'cloudbilling',
  FIREBASE_CLOUDBUILD_URL: 'cloudbuild',
  FIREBASE_CLOUDSCHEDULER_URL: 'cloudscheduler',
  FIREBASE_CLOUD_TAKS_URL: 'cloudtasks',
  FIREBASE_EXT_URL: 'firebaseextensions',
  FIREBASE_FUNCTIONS_URL: 'cloudfunctions',
  FIREBASE_FUNCTIONS_V2_URL: 'cloudfunctions',
  FIREBASE_IAM_URL: 'iam',
  FIREBASE_PUBSUB_URL: 'pubsub',
  FIREBASE_RESOURCEMANAGER_URL: 'cloudresourcemanager',
  FIREBASE_RUNTIMECONFIG_URL: 'runtimeconfig',
  FIREBASE_SERVICE_USAGE_URL: 'serviceusage',
  FIREBASE_STORAGE_URL: 'storage',
  FIREBASE_TOKEN_URL: 'www',
  FIRESTORE_URL: 'firestore',
};

/** The last part of a resource's name. */
export function nameOf(resource: string): string {
  return resource.slice(resource.lastIndexOf('/') + 1);
}

/** @param functions what is deployed already. */
export async function serveProject(
  id: string,
  region: string,
  functions: readonly DeployedFunction[],
): Promise<Project> {
  const state = new State(id, region);
  for (const deployed of functions) state.functions.set(deployed.name, deployed);
  const requests: Request[] = [];
  const unknown: string[] = [];
  const refused: string[] = [];

  const server = createServer((request, response) => {
    void (async () => {
      const received = await receive(request);
      requests.push(received);
      const answer = answerOf(state, received);
      if (answer === undefined) unknown.push(`${received.method} ${received.api}${received.path}`);
      const isThere = answer !== undefined && answer !== NOT_THERE;
      const notFound = { error: { code: 404, status: 'NOT_FOUND', message: 'not found' } };
      response
        .writeHead(isThere ? 200 : 404, { 'content-type': 'application/json' })
        .end(JSON.stringify(isThere ? answer : notFound));
    })();
  });
  // Whatever is called, and by which name, is this server: it serves the connection that it was asked for.
  server.on('connect', ({ url = '' }: IncomingMessage, socket: Socket, head: Buffer) => {
    if (!url.endsWith(':80')) {
      refused.push(url);
      socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
      return;
    }
    socket.write('HTTP/1.1 200 OK\r\n\r\n');
    socket.unshift(head);
    server.emit('connection', socket);
  });
  await new Promise<void>((resolve) => server.listen({ host: HOST, port: 0 }, resolve));
  const { port } = server.address() as AddressInfo;

  const env: Record<string, string> = { HTTPS_PROXY: `http://${HOST}:${port}` };
  for (const [name, api] of Object.entries(ORIGINS)) env[name] = `http://${api}.googleapis.com`;
  return Object.assign(state, {
    env,
    requests,
    unknown,
    refused,
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  });
}

async function receive(request: IncomingMessage): Promise<Request> {
  const { method = '', url = '', headers } = request;
  const sent = await text(request);
  const isJson = method !== 'PUT' && sent.startsWith('{');
  return {
    method,
    api: headers.host ?? '',
    path: new URL(url, `http://${headers.host}`).pathname,
    body: isJson ? (JSON.parse(sent) as Body) : {},
  };
}

function answerOf(state: State, { method, api, path, body }: Request): Answer | undefined {
  const call = `${method} ${api}${decodeURIComponent(path)}`;
  for (const [known, answer] of ROUTES) {
    const found = patternOf(known).exec(call);
    if (found !== null) return answer(state, found.slice(1), body);
  }
  return undefined;
}

function patternOf(call: string): RegExp {
  const parts = call
    .replaceAll('.', String.raw`\.`)
    .replace('**', '(.+)')
    .replace(/(?<!\()\*/g, '([^/:]+)');
  return new RegExp(`^${parts}$`);
}
