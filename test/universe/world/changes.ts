/** What follows from a change of a document. */
import type { Change } from '../firestore/server.ts';
import type { App } from './app.ts';
import { KINDS, type Kind } from './catalogue.ts';
import { judgeEntry } from './entries.ts';
import type { Expiry } from './expiry.ts';
import type { Plan } from './plan.ts';
import type { WatchedServer } from './servers.ts';
import type { Sweeps } from './sweeps.ts';
import type { Takeovers } from './takeovers.ts';
import type { Witness } from './witness.ts';
import { inWords } from './words.ts';

/** States of entries and pushes of which nothing more is to come. */
const AT_REST: ReadonlySet<unknown> = new Set([
  ...['done', 'failed', 'noted', 'sent', 'partial', 'cancelled'],
]);

/** What of a world hears of changes. */
interface Hearing {
  readonly plan: Plan;
  readonly server: WatchedServer;
  readonly witness: Witness;
  readonly takeovers: Takeovers;
  readonly sweeps: Sweeps;
  readonly expiry: Expiry | undefined;
  readonly faults: Set<string>;
  readonly isBefore: boolean;
  readonly trace: ((line: string) => void) | undefined;
  publish(what: string, handler: (app: App) => Promise<void>): void;
}

/** Has whoever it concerns hear of a change: judges, sweeps and, as events, functions. */
export function onChange(world: Hearing, change: Change): void {
  const { path, before, after } = change;
  world.trace?.(`writes ${path} ${inWords(after?.fields)}`);
  const [collection = '', id = '', kinds] = path.split('/');
  switch (collection) {
    case 'users':
      world.witness.onUser(change);
      return onUser(world, id, change);
    case 'devices':
      return world.takeovers.onDevice(change);
    case 'pushes':
      world.expiry?.onWritten(change);
      world.sweeps.onWritten(collection, after?.fields);
      return world.publish('push', (app) => app.sendPush(id, after?.fields));
    case 'deliveries':
      // Its time is over.
      if (after === undefined && world.server.peek(path) !== undefined) return;
      world.expiry?.onWritten(change);
      judgeEntry(world.witness, change);
      world.witness.nights.onEntry(change);
      return world.sweeps.onWritten(collection, after?.fields);
    case 'walls': {
      const kind = KINDS.find((each) => kinds === `${each}s`);
      if (kind !== undefined && before === undefined) onCreated(world, kind, change);
      return;
    }
    default:
  }
}

/** A TTL policy is about to delete a document. */
export function onGone(
  { faults, witness }: Pick<Hearing, 'faults' | 'witness'>,
  path: string,
  { state }: Readonly<Record<string, unknown>>,
): void {
  faults.add('expired');
  if (!AT_REST.has(state)) witness.fail('lost', `${path} is deleted while it is ${String(state)}`);
}

function onUser(world: Hearing, uid: string, { before, after, at }: Change): void {
  const had = before?.fields['tokens'];
  const has = after?.fields['tokens'];
  // The function ends at once where the list is the same.
  if (had === has) return;
  world.takeovers.onUser(uid, had, has);
  if (world.isBefore && world.plan.setup.isNew !== true) return;
  const event = { uid, before: had, after: has, writtenAt: Math.floor(at / 1000) };
  world.publish('claimTokens', (app) => app.claimTokens(event));
}

function onCreated(world: Hearing, kind: Kind, { path, after, at }: Change): void {
  const event = {
    id: eventIdOf(path),
    time: new Date(at / 1000).toISOString(),
    paths: [path],
    data: after?.fields,
  };
  world.publish(kind, (app) => app.notify(kind, event));
}

/** The id of the event of a document's creation. */
export function eventIdOf(path: string): string {
  return `event-${path.slice(path.lastIndexOf('/') + 1)}`;
}
