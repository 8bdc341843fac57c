/** What follows from a change of a document. */
import type { Change } from '../firestore/server.ts';
import { KINDS, type Kind } from './catalogue.ts';
import { judgeEntry } from './entries.ts';
import { inWords } from './words.ts';
import type { World } from './world.ts';

/** States of entries and pushes of which nothing more is to come. */
const AT_REST: ReadonlySet<unknown> = new Set([
  ...['done', 'failed', 'noted', 'sent', 'partial', 'cancelled'],
]);

/** Has whoever it concerns hear of a change: judges, sweeps and, as events, functions. */
export function onChange(world: World, change: Change): void {
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
  { faults, witness }: World,
  path: string,
  { state }: Readonly<Record<string, unknown>>,
): void {
  faults.add('expired');
  if (!AT_REST.has(state)) witness.fail('lost', `${path} is deleted while it is ${String(state)}`);
}

function onUser(world: World, uid: string, { before, after, at }: Change): void {
  const had = before?.fields['tokens'];
  const has = after?.fields['tokens'];
  // The function ends at once where the list is the same.
  if (had === has) return;
  world.takeovers.onUser(uid, had, has);
  if (world.isBefore && world.plan.setup.isNew !== true) return;
  const event = { uid, before: had, after: has, writtenAt: Math.floor(at / 1000) };
  world.publish('claimTokens', (app) => app.claimTokens(event));
}

function onCreated(world: World, kind: Kind, { path, after, at }: Change): void {
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
