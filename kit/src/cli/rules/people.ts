/**
 * Firestore as each person sees it: the emulator judges a request by the rules, as whoever its token says.
 *
 * Writes go by the SDK. Reads go by REST: over gRPC the emulator takes seconds to refuse one.
 */
import { Firestore } from '@google-cloud/firestore';
import { collectionGroup, parentPath } from '../../model/collection-path';
import {
  CLAIMS,
  type Client,
  type People,
  type Person,
  type Query,
  type Where,
} from './attempts/attempt';

/** A project and database of the emulator's. */
export interface Place {
  /** `host:port` */
  readonly host: string;
  readonly projectId: string;
  readonly database: string;
}

/** gRPC's code, which REST says as 403. */
export const PERMISSION_DENIED = 7;

/** A read that was refused, with the code that the SDK's errors have. */
class ReadError extends Error {
  override name = 'ReadError';
  readonly code: number | undefined;

  constructor(status: number, text: string) {
    super(`HTTP ${status}: ${text}`);
    this.code = status === 403 ? PERMISSION_DENIED : undefined;
  }
}

export interface Connections {
  readonly people: People;
  /** Server code, which passes by all rules. */
  readonly server: Firestore;
  /** Ends all connections. */
  readonly close: () => Promise<void>;
}

export function connect(place: Place): Connections {
  const server = firestoreAs(place, ['Bearer owner']);
  const clients = Object.entries(CLAIMS).map(([uid, claims]) => {
    const bearer = [`Bearer ${unsignedToken(place.projectId, uid, claims)}`];
    return [uid, clientAs(place, bearer)] as const;
  });
  const people = Object.fromEntries([['nobody', clientAs(place, [])], ...clients]) as Record<
    Person,
    Client
  >;
  const all = [server, ...Object.values(people).map(({ firestore }) => firestore)];
  return {
    people,
    server,
    close: async () => void (await Promise.all(all.map((each) => each.terminate()))),
  };
}

/** @param authorization the values of this header: none for somebody who is signed out. */
function firestoreAs(
  { host, projectId, database }: Place,
  authorization: readonly string[],
): Firestore {
  return new Firestore({
    ...{ host, projectId, databaseId: database, ssl: false },
    // A single value is always sent, and without this setting the SDK is the emulator's owner.
    customHeaders: { Authorization: authorization },
    // In place of what would look for credentials of this machine, and ask Google's servers for some.
    auth: { getUniverseDomain: () => Promise.resolve('googleapis.com') },
  });
}

function clientAs(place: Place, authorization: readonly string[]): Client {
  const { host, projectId, database } = place;
  const documents = `projects/${projectId}/databases/${database}/documents`;
  const headers = authorization.map((value) => ['Authorization', value] as [string, string]);

  async function read(path: string, query?: object): Promise<unknown> {
    const response = await fetch(`http://${host}/v1/${documents}${path}`, {
      headers,
      ...(query && { method: 'POST', body: JSON.stringify({ structuredQuery: query }) }),
    });
    const text = await response.text();
    // That there is none may be known to whoever may read it.
    if (!response.ok && response.status !== 404) throw new ReadError(response.status, text);
    return JSON.parse(text) as unknown;
  }

  return {
    firestore: firestoreAs(place, authorization),
    get: (path) => read(`/${path}`),
    list: (collection) => read(`/${collection}`),
    search: (collection, query) => {
      const parent = parentPath(collection);
      return read(`${parent && '/'}${parent}:runQuery`, {
        from: [{ collectionId: collectionGroup(collection) }],
        ...narrowed(query, documents),
      });
    },
    searchGroup: (name, query) =>
      read(':runQuery', {
        from: [{ collectionId: name, allDescendants: true }],
        ...narrowed(query, documents),
      }),
  };
}

function narrowed({ where = [], limit }: Query, documents: string): object {
  const filters = where.map((each) => ({ fieldFilter: filter(each, documents) }));
  return {
    ...(filters.length > 0 && { where: { compositeFilter: { op: 'AND', filters } } }),
    ...(limit !== undefined && { limit }),
  };
}

function filter({ field, op, value }: Where, documents: string): object {
  return {
    field: { fieldPath: field },
    op,
    value: 'referenceOf' in value ? { referenceValue: `${documents}/${value.referenceOf}` } : value,
  };
}

/** What the emulator takes for a token of Firebase Authentication's: of a user whose e-mail is verified, as rules may ask for. */
function unsignedToken(projectId: string, uid: string, claims: object): string {
  const now = Math.floor(Date.now() / 1000);
  const email = `${uid}@example.com`;
  const payload = {
    ...claims,
    ...{ email, email_verified: true },
    ...{ sub: uid, user_id: uid, aud: projectId },
    iss: `https://securetoken.google.com/${projectId}`,
    ...{ auth_time: now, iat: now, exp: now + 3600 },
    firebase: { sign_in_provider: 'password', identities: { email: [email] } },
  };
  const encode = (part: object): string => Buffer.from(JSON.stringify(part)).toString('base64url');
  return `${encode({ alg: 'none', typ: 'JWT' })}.${encode(payload)}.`;
}
