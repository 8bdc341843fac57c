/**
 * Counts what a Firestore client is billed for, at the one place that all its requests go through.
 *
 * A document read counts whether it exists or not, a query at least one, an aggregation one for each 1,000 index entries.
 *
 * @see https://firebase.google.com/docs/firestore/pricing
 */

import type { Readable } from 'node:stream';
import type { Firestore } from '@google-cloud/firestore';
import type { Operations } from '../results.ts';

const ENTRIES_A_READ = 1000;

interface Requests {
  request(method: string, request: CommitRequest, ...rest: unknown[]): Promise<unknown>;
  requestStream(
    method: string,
    bidirectional: boolean,
    request: { readonly documents?: readonly string[] },
    ...rest: unknown[]
  ): Promise<Readable>;
}

interface CommitRequest {
  readonly writes?: readonly { readonly delete?: string | null }[];
}

interface QueryAnswer {
  readonly document?: object | null;
  readonly result?: {
    readonly aggregateFields?: Readonly<Record<string, { readonly integerValue?: string }>>;
  } | null;
}

export class OperationCounter {
  private reads = 0;
  private writes = 0;
  private deletes = 0;

  /** Counts from now on what `db` does. */
  constructor(db: Firestore) {
    const client = db as unknown as Requests;
    const request = client.request.bind(client);
    const requestStream = client.requestStream.bind(client);
    client.request = (method, body, ...rest) => {
      if (method === 'commit' || method === 'batchWrite') this.countWrites(body);
      return request(method, body, ...rest);
    };
    client.requestStream = async (method, bidirectional, body, ...rest) => {
      const stream = await requestStream(method, bidirectional, body, ...rest);
      if (method === 'batchGetDocuments') this.reads += body.documents?.length ?? 0;
      else this.countAnswers(stream);
      return stream;
    };
  }

  /** What was done since the last call. */
  take(): Operations {
    const { reads, writes, deletes } = this;
    this.reads = 0;
    this.writes = 0;
    this.deletes = 0;
    return { reads, writes, deletes };
  }

  private countWrites({ writes = [] }: CommitRequest): void {
    for (const write of writes) {
      if (typeof write.delete === 'string') this.deletes += 1;
      else this.writes += 1;
    }
  }

  /** Looks on without listening: a listener of its own would set the stream going too early. */
  private countAnswers(stream: Readable): void {
    const emit = stream.emit.bind(stream);
    let reads = 0;
    stream.emit = ((event: string, ...args: unknown[]) => {
      if (event === 'data') reads += readsOf(args[0] as QueryAnswer);
      if (event === 'end') this.reads += Math.max(1, reads);
      return emit(event, ...args);
    }) as typeof stream.emit;
  }
}

function readsOf({ document, result }: QueryAnswer): number {
  if (document != null) return 1;
  const fields = Object.values(result?.aggregateFields ?? {});
  const entries = fields.map(({ integerValue }) => Number(integerValue ?? 0));
  return entries.length === 0 ? 0 : Math.ceil(Math.max(...entries) / ENTRIES_A_READ);
}
