/** Firestore's TTL policies: documents go within a day after the time that they say themselves, as `firestore.indexes.json` has it. */
import type { Change } from '../firestore/server.ts';
import type { Random } from '../time/random.ts';
import type { Scheduler } from '../time/scheduler.ts';
import type { WatchedServer } from './servers.ts';
import { millisOf } from './words.ts';

const DAY_MS = 24 * 60 * 60_000;
/** The field that both collections' policies name. */
const EXPIRES_IN = 'expiresAt';

export interface ExpiryOptions {
  readonly scheduler: Scheduler;
  readonly random: Random;
  readonly server: WatchedServer;
  /** Called with what is about to go. */
  readonly onGone: (path: string, fields: Readonly<Record<string, unknown>>) => void;
}

export class Expiry {
  private readonly options: ExpiryOptions;
  /** Documents that are looked at anyway. */
  private readonly watched = new Set<string>();

  constructor(options: ExpiryOptions) {
    this.options = options;
  }

  /** A document of a collection with a policy was written. */
  onWritten({ path, after }: Change): void {
    const due = millisOf(after?.fields[EXPIRES_IN]);
    if (due === undefined || this.watched.has(path)) return;
    this.watch(path, due + this.options.random.skewed(0, DAY_MS));
  }

  private watch(path: string, at: number): void {
    this.watched.add(path);
    this.options.scheduler.at(at, () => this.look(path));
  }

  private look(path: string): void {
    this.watched.delete(path);
    const { server, scheduler, onGone } = this.options;
    const fields = server.read(path)?.fields;
    if (fields === undefined) return;
    const due = millisOf(fields[EXPIRES_IN]);
    if (due === undefined) return;
    // It was put off meanwhile.
    if (due > scheduler.now) return this.watch(path, due);
    onGone(path, fields);
    server.expire(path);
  }
}
