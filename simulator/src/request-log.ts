/** Every provider request seen, with what was answered; the newest are kept, up to a bound. */
import type { IncomingHttpHeaders } from 'node:http';
import { deviceName } from './device-name.ts';
import type { ProviderName } from './provider.ts';

/** How a request ended for its client. */
export type Ending = 'pending' | 'answered' | 'reset' | 'refused' | 'disconnected' | 'hung';

/** One request as the log keeps it. */
export interface LoggedRequest {
  readonly id: string;
  /** ISO 8601. */
  readonly at: string;
  readonly provider: ProviderName;
  readonly method: string;
  /** As sent, with the query. */
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  /** Parsed where it was JSON, else the text. */
  readonly body: unknown;
  /** The address sent to; `/topics/<name>` for a topic. */
  readonly address: string | undefined;
  /** `pending` until a delayed answer is given. */
  readonly ending: Ending;
  /** Number of devices it was delivered to. */
  readonly delivered: number;
  /** The fault that took part, if one did. */
  readonly faultId?: string;
  /** What was answered; null if nothing was. The body is parsed where it was JSON. */
  readonly response: {
    readonly status: number;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: unknown;
  } | null;
}

/** Which requests to look at. */
export interface RequestFilter {
  readonly address?: string | undefined;
  readonly provider?: ProviderName | undefined;
  /** The newest so many. */
  readonly limit?: number | undefined;
}

/** The newest `capacity` requests, by id. */
export class RequestLog {
  readonly #capacity: number;
  readonly #requests = new Map<string, LoggedRequest>();
  #seen = 0;

  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  /** Requests seen since the start or the last reset, kept or not. */
  get seen(): number {
    return this.#seen;
  }

  /** Takes a request and gives it an id. */
  add(request: Omit<LoggedRequest, 'id'>): LoggedRequest {
    this.#seen += 1;
    const logged = { id: requestId(this.#seen), ...request };
    this.#requests.set(logged.id, logged);
    this.#requests.delete(requestId(this.#seen - this.#capacity));
    return logged;
  }

  /** Writes down how a request ended. */
  finish(
    id: string,
    end: Pick<LoggedRequest, 'ending' | 'delivered' | 'response'>,
  ): LoggedRequest | undefined {
    const before = this.#requests.get(id);
    if (before === undefined) return undefined;
    const after = { ...before, ...end };
    this.#requests.set(id, after);
    return after;
  }

  get(id: string): LoggedRequest | undefined {
    return this.#requests.get(id);
  }

  /** The requests that match, oldest first. */
  list(filter: RequestFilter = {}): LoggedRequest[] {
    const found = [...this.#requests.values()].filter(
      (request) =>
        (filter.address === undefined || request.address === deviceName(filter.address)) &&
        (filter.provider === undefined || request.provider === filter.provider),
    );
    return filter.limit === undefined ? found : found.slice(-filter.limit);
  }

  clear(): void {
    this.#requests.clear();
    this.#seen = 0;
  }
}

function requestId(n: number): string {
  return `r${n}`;
}

/** An access token longer than this is a real one, not one that a test made up. */
const LONGEST_MADE_UP_CREDENTIAL = 60;

/**
 * Headers as they may be shown to anybody: the request log is on a page, and a developer may have
 * real Google credentials on this machine.
 */
export function withoutCredentials(headers: IncomingHttpHeaders): IncomingHttpHeaders {
  const { authorization } = headers;
  if (authorization === undefined || authorization.length <= LONGEST_MADE_UP_CREDENTIAL) {
    return headers;
  }
  const shown = authorization.slice(0, 'Bearer ya29.'.length);
  return { ...headers, authorization: `${shown}… (${authorization.length} characters)` };
}
