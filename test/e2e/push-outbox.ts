/**
 * The outbox as a test sees it: documents written by a server, what became of them, and what went over the wire.
 */
import type { DocumentData, Firestore } from '@google-cloud/firestore';
import type { PushDocument } from '../../kit/src/outbox/push-document.ts';
import { until } from './app.ts';

const FINAL = ['sent', 'partial', 'failed', 'cancelled'];

export class PushOutbox {
  private readonly db: Firestore;

  constructor(db: Firestore) {
    this.db = db;
  }

  /** Writes a push; its id. */
  async write(fields: DocumentData): Promise<string> {
    return (await this.db.collection('pushes').add(fields)).id;
  }

  /** Writes a push and waits for its end. */
  async send(fields: DocumentData): Promise<PushDocument> {
    return this.final(await this.write(fields));
  }

  async update(id: string, fields: DocumentData): Promise<void> {
    await this.db.doc(`pushes/${id}`).update(fields);
  }

  async final(id: string): Promise<PushDocument> {
    return this.when(id, 'its end', ({ state }) => FINAL.includes(state ?? ''));
  }

  /** Waits until the document is as wanted, and returns it. */
  async when(
    id: string,
    what: string,
    isIt: (push: PushDocument) => boolean,
  ): Promise<PushDocument> {
    let found: PushDocument = {};
    await until(`push ${id} to come to ${what}`, async () => {
      found = (await this.db.doc(`pushes/${id}`).get()).data() ?? {};
      return isIt(found);
    });
    return found;
  }
}

/** The messages that went over the wire to an address, or to a topic as `/topics/{name}`. */
export async function wire(address: string): Promise<Record<string, unknown>[]> {
  const url = `${process.env['SIMULATOR_URL']}/simulator/requests?address=${encodeURIComponent(address)}`;
  const requests = (await (await fetch(url)).json()) as {
    path: string;
    body: { message?: object };
  }[];
  return requests
    .filter(({ path }) => path.endsWith('messages:send'))
    .map(({ body }) => body.message as Record<string, unknown>);
}
