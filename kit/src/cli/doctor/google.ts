/**
 * Asks Google, and only asks: GETs, and the two POSTs that read. Every answer becomes a {@link Reading}; nothing here throws.
 */
import { own } from '../../model/own';
import { ABSENT, known, unreachable, whyOf, type Need, type Reading } from './reading';
import type { Api, Origins } from './origins';

/** POSTs that change nothing: their path ends so. */
export type ReadingPost = `${string}:getIamPolicy` | `${string}:runQuery`;

export interface Google {
  /** @param path from the version on, with its query: `/v1/projects/p`. */
  get(api: Api, path: string, need: Need): Promise<Reading<unknown>>;
  ask(api: Api, path: ReadingPost, body: object, need: Need): Promise<Reading<unknown>>;
}

export interface GoogleOptions {
  readonly origins: Origins;
  readonly token: string;
  readonly projectId: string;
  /** For one request, with its answer. */
  readonly timeoutMs?: number;
}

const TIMEOUT_MS = 10_000;
const TO_USE_QUOTA: Need = {
  permission: 'serviceusage.services.use',
  role: 'roles/serviceusage.serviceUsageConsumer',
};
/** No list of a project is so long. */
const MOST_PAGES = 50;

export function googleAt(options: GoogleOptions): Google {
  const read = async (api: Api, path: string, need: Need, body?: object) => {
    const first = await answerOf(options, { api, path, need, body, billed: true });
    // An account of another project may look at this one without being allowed to use its quota.
    if (first !== 'quota-refused') return first;
    const second = await answerOf(options, { api, path, need, body, billed: false });
    // Without a project to pay, credentials of `gcloud` are counted as those of a project of Google's, where nothing is enabled.
    if (second !== 'quota-refused' && second.kind !== 'disabled') return second;
    return { kind: 'refused', need: TO_USE_QUOTA } as const;
  };
  return {
    get: (api, path, need) => read(api, path, need),
    ask: (api, path, body, need) => read(api, path, need, body),
  };
}

/** All pages of a list: what each has under `name`. */
export async function listOf(
  google: Google,
  api: Api,
  path: string,
  name: string,
  need: Need,
): Promise<Reading<readonly unknown[]>> {
  const found: unknown[] = [];
  let token = '';
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const query = token === '' ? '' : `pageToken=${encodeURIComponent(token)}`;
    const separator = path.includes('?') ? '&' : '?';
    const reading = await google.get(
      api,
      query === '' ? path : `${path}${separator}${query}`,
      need,
    );
    if (reading.kind !== 'known') return reading;
    const items = itemsIn(reading.value, name);
    if (items === undefined) return unreachable(`${api} answered without ${name}`);
    found.push(...items);
    const next = own(reading.value, 'nextPageToken');
    if (typeof next !== 'string' || next === '') return known(found);
    token = next;
  }
  return unreachable(`${api} has more than ${MOST_PAGES} pages of ${name}`);
}

/** An empty list is left out of an answer; undefined for what is no list. */
function itemsIn(answer: unknown, name: string): readonly unknown[] | undefined {
  if (typeof answer !== 'object' || answer === null) return undefined;
  const items = own(answer, name) ?? [];
  return Array.isArray(items) ? (items as unknown[]) : undefined;
}

interface Request {
  readonly api: Api;
  readonly path: string;
  readonly need: Need;
  readonly body: object | undefined;
  /** Whether the project's own quota is asked for: the credentials of `gcloud` have none of their own. */
  readonly billed: boolean;
}

async function answerOf(
  { origins, token, projectId, timeoutMs = TIMEOUT_MS }: GoogleOptions,
  { api, path, need, body, billed }: Request,
): Promise<Reading<unknown> | 'quota-refused'> {
  try {
    const response = await fetch(`${origins[api]}${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        authorization: `Bearer ${token}`,
        ...(billed ? { 'x-goog-user-project': projectId } : {}),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: body === undefined ? null : JSON.stringify(body),
      // The token is for this address only.
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
    const answer = jsonIn(await response.text());
    if (response.ok) {
      if (answer !== undefined) return known(answer);
      return unreachable(`${api} answered ${response.status} with something that is not JSON`);
    }
    return refusalIn(response.status, own(answer, 'error'), api, need);
  } catch (error) {
    return unreachable(`${api}: ${whyOf(error, timeoutMs)}`);
  }
}

function refusalIn(
  status: number,
  error: unknown,
  api: Api,
  need: Need,
): Reading<unknown> | 'quota-refused' {
  if (status === 404) return ABSENT;
  if (status === 401) return { kind: 'signed-out' };
  if (status !== 403) {
    const name = own(error, 'status');
    return unreachable(`${api} answered ${status}${typeof name === 'string' ? ` ${name}` : ''}`);
  }
  const details = own(error, 'details');
  const infos = Array.isArray(details) ? (details as unknown[]) : [];
  const reasons = infos.map((info) => own(info, 'reason'));
  if (reasons.includes('SERVICE_DISABLED')) {
    return { kind: 'disabled', api: `${api}.googleapis.com` };
  }
  return reasons.includes('USER_PROJECT_DENIED') ? 'quota-refused' : { kind: 'refused', need };
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
