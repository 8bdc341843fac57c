/** Listens to the simulator: every push as it arrives at a device. */

/** What a device shows, as far as a line of text can tell it. */
export interface Push {
  address: string;
  /** ISO 8601. */
  at: string;
  kind: 'notification' | 'data';
  title?: string;
  body?: string;
  image?: string;
  link?: string;
  data: Record<string, unknown>;
  platform?: string;
}

/**
 * Connects at once and yields each push that arrives from then on, until the signal is aborted.
 *
 * @param url the simulator's, such as `http://127.0.0.1:9110`.
 * @throws when the simulator does not answer, or goes away while the signal is not aborted.
 */
export async function listenForPushes(
  url: string,
  signal: AbortSignal,
): Promise<AsyncIterable<Push>> {
  const response = await fetch(`${url}/simulator/events`, { signal });
  if (!response.ok || !response.body) {
    throw new Error(`Expected ${url}/simulator/events to stream, got status ${response.status}.`);
  }
  return pushesIn(response.body, signal);
}

async function* pushesIn(
  body: ReadableStream<Uint8Array>,
  signal: AbortSignal,
): AsyncIterable<Push> {
  let rest = '';
  try {
    for await (const text of body.pipeThrough(new TextDecoderStream())) {
      const events = (rest + text).split('\n\n');
      rest = events.pop() ?? '';
      yield* events.map(pushOf).filter((push) => push !== undefined);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

/** Reads one server-sent event; undefined when it tells of something else than a push. */
export function pushOf(event: string): Push | undefined {
  const fields = event.split('\n');
  if (!fields.includes('event: inbox')) return undefined;
  const data = fields
    .filter((field) => field.startsWith('data:'))
    .map((field) => field.slice('data:'.length).trimStart())
    .join('\n');
  const { address, item } = JSON.parse(data) as { address: string; item: Omit<Push, 'address'> };
  return { ...item, address };
}
