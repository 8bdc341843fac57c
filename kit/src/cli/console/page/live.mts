/** The page's connection to the console: what happens, as it happens, and whether it still hears anything. */
import type { Row, Status } from '../source.js';

/** What the server tells; see `watch.ts`. */
export interface Told {
  readonly snapshot: { readonly rows: readonly Row[]; readonly hasGaps: boolean };
  readonly rows: { readonly rows: readonly Row[]; readonly gone: readonly string[] };
  readonly status: {
    readonly status: Status;
    readonly samples: readonly { readonly at: string; readonly backlog: number }[];
  };
  readonly trouble: { readonly message: string | null };
}

export type Handlers = { readonly [Name in keyof Told]: (data: Told[Name]) => void };

export type Connection = 'connecting' | 'live' | 'lost';

/** Said where nothing comes any more. */
export const LOST = 'The console does not answer: is it still running in your terminal?';

/** The server speaks every 15 seconds at least. */
const SILENCE_MS = 40_000;
/** After a refusal, which an `EventSource` takes for good. */
const AGAIN_MS = 3_000;

/**
 * Follows what happens for as long as somebody can see the page: in a hidden tab it would cost reads, and one of the few connections
 * that browsers have for one server.
 */
export function follow(handlers: Handlers, onConnection: (state: Connection) => void): void {
  let source: EventSource | undefined;
  let lastId = '';
  let silence: number | undefined;

  const heard = (): void => {
    window.clearTimeout(silence);
    silence = window.setTimeout(reconnect, SILENCE_MS);
  };
  const disconnect = (): void => {
    window.clearTimeout(silence);
    source?.close();
    source = undefined;
  };
  const reconnect = (): void => {
    disconnect();
    if (document.hidden) return;
    const query = lastId === '' ? '' : `?${new URLSearchParams({ after: lastId }).toString()}`;
    const opened = new EventSource(`/api/feed${query}`);
    source = opened;
    opened.addEventListener('open', () => {
      onConnection('live');
      heard();
    });
    opened.addEventListener('beat', heard);
    opened.addEventListener('error', () => {
      onConnection('lost');
      if (opened.readyState !== EventSource.CLOSED) return;
      window.clearTimeout(silence);
      silence = window.setTimeout(reconnect, AGAIN_MS);
    });
    for (const name of Object.keys(handlers) as (keyof Told)[]) {
      opened.addEventListener(name, (event: MessageEvent<string>) => {
        heard();
        lastId = event.lastEventId;
        const handle = handlers[name] as (data: unknown) => void;
        handle(JSON.parse(event.data));
      });
    }
  };
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) disconnect();
    else if (source === undefined) reconnect();
  });
  reconnect();
}

/** Asks the console's API. @throws an error whose message may be shown. */
export async function ask<Answer>(path: string, signal?: AbortSignal): Promise<Answer> {
  let response: Response;
  try {
    response = await fetch(path, signal === undefined ? {} : { signal });
  } catch (error) {
    if (signal?.aborted === true) throw error;
    throw new Error(LOST, { cause: error });
  }
  const json = (await response.json()) as Answer & { readonly error?: string };
  if (!response.ok) throw new Error(json.error ?? `The console answered ${response.status}.`);
  return json;
}
