/** What the server knows of a transaction. */
import type { AggregateField } from './aggregates.ts';
import { FirestoreError } from './codes.ts';
import type { QuerySpec } from './query.ts';

/** A transaction lives for so long at most, and for so long without a request, ms. */
export const TRANSACTION_MS = 270_000;
const IDLE_MS = 60_000;

export class ServerTransaction {
  readonly isReadOnly: boolean;
  /** The moment that is read, µs since 1970; set by the first read. */
  readAt: number | undefined;
  /** When the documents that were read had last been changed, µs since 1970; 0 where there was none. */
  readonly read = new Map<string, number>();
  readonly queries: { readonly query: QuerySpec; readonly result: string }[] = [];
  readonly aggregates: {
    readonly query: QuerySpec;
    readonly field: AggregateField;
    readonly result: number;
  }[] = [];
  private readonly begun: number;
  private lastUsed: number;
  private isClosed = false;

  /** @param now ms since 1970. */
  constructor(now: number, isReadOnly: boolean) {
    this.begun = now;
    this.lastUsed = now;
    this.isReadOnly = isReadOnly;
  }

  /** @throws {FirestoreError} if it is over. */
  use(now: number): void {
    if (this.isOver(now)) {
      throw new FirestoreError(
        'INVALID_ARGUMENT',
        'The referenced transaction has expired or is no longer valid.',
      );
    }
    this.lastUsed = now;
  }

  isOver(now: number): boolean {
    return this.isClosed || now - this.begun > TRANSACTION_MS || now - this.lastUsed > IDLE_MS;
  }

  close(): void {
    this.isClosed = true;
  }
}
