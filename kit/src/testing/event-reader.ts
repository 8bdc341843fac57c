/** Reads server-sent events, one after the other. */
import { get, type IncomingMessage } from 'node:http';

export interface ServerEvent {
  readonly name: string;
  readonly id?: string;
  readonly data: unknown;
}

export class EventReader {
  readonly response: IncomingMessage;
  private readonly events: AsyncGenerator<ServerEvent, void>;

  private constructor(response: IncomingMessage) {
    this.response = response;
    this.events = eventsOf(response);
  }

  static open(url: string, headers: Record<string, string> = {}): Promise<EventReader> {
    return new Promise((resolve, reject) => {
      get(url, { headers, agent: false }, (response) => resolve(new EventReader(response))).on(
        'error',
        reject,
      );
    });
  }

  /** The next event of this name; others before it are passed over. */
  async next(name: string): Promise<ServerEvent> {
    for (;;) {
      const read = await this.events.next();
      if (read.done === true) throw new Error(`The stream ended before an event ${name} came.`);
      if (read.value.name === name) return read.value;
    }
  }

  close(): void {
    this.response.destroy();
  }
}

async function* eventsOf(response: IncomingMessage): AsyncGenerator<ServerEvent, void> {
  let text = '';
  for await (const chunk of response.setEncoding('utf8')) {
    const blocks = (text + String(chunk)).split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const fields = new Map(
        block.split('\n').map((line): [string, string] => {
          const [name = '', ...value] = line.split(': ');
          return [name, value.join(': ')];
        }),
      );
      const name = fields.get('event');
      if (name === undefined) continue;
      const id = fields.get('id');
      const data: unknown = JSON.parse(fields.get('data') ?? '');
      yield { name, data, ...(id === undefined ? {} : { id }) };
    }
  }
}
