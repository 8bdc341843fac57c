/** A catalogue of one kind, and its trigger: waves of walls in a world, through `compose` to the engine. */
import * as z from 'zod';
import { composeAgain, notify, type NotifyDeps } from '../../kit/src/catalogue/compose.ts';
import { nobody } from '../../kit/src/catalogue/nobody.ts';
import { at, firestoreReader, type Reader } from '../../kit/src/catalogue/reader.ts';
import { notifyOrWithdraw, type ChangedDocument } from '../../kit/src/catalogue/withdraw.ts';
import { creationTime } from '../../kit/src/store/creation-time.ts';
import type { EngineDeps } from '../../kit/src/delivery/deps.ts';
import type { Withdraw } from '../../kit/src/model/notification/choice.ts';
import type { World } from './world.ts';

const POST = z.object({ ownerId: z.string() });
/** A wave at ana's wall. */
export const LIKE = 'walls/p1/waves/leo';
/** Ana's. */
export const PHONE = 'ana-phone:APA91b-address';
/** How long an event is repeated whose `compose` fails. */
export const COMPOSE_RETRY_MS = 60 * 60_000;

/** As most teams would write it: what is missing is said, and what is wrong is thrown. */
async function compose({
  params,
  reader,
}: {
  readonly params: { readonly wallId: string; readonly likerId: string };
  readonly reader: Reader;
}) {
  const { wallId, likerId } = params;
  const post = await reader.get(at`walls/${wallId}`, POST);
  if (post === undefined) return nobody('the post was deleted', { about: likerId });
  if (post.ownerId === likerId) return null;
  return { to: post.ownerId, actor: likerId, title: 'Somebody liked your post' };
}

export interface LikeOptions {
  readonly recordNobody?: NotifyDeps['recordNobody'];
  /** Instead of the catalogue's own. */
  readonly compose?: () => Promise<never>;
  /** What becomes of its push when it is taken back; default: the catalogue's own. */
  readonly withdraw?: Withdraw;
  /** When the document was written, ms since 1970; default: now. */
  readonly time?: number;
}

/** The world from its beginning, at `now`: nothing but ana, her phone and her wall. */
export async function beginWithAna(world: World, now: number): Promise<void> {
  world.simulator.reset();
  await world.emptyDatabase();
  world.now = now;
  await world.db.doc('walls/p1').set({ ownerId: 'ana' });
  await world.addUser('ana', [PHONE]);
}

function definition({ compose: other, withdraw }: LikeOptions = {}) {
  return {
    name: 'wave',
    document: 'walls/{wallId}/waves/{likerId}',
    schema: z.object({}),
    compose: other ?? compose,
    withdraw,
  } as const;
}

function depsOf(world: World, recordNobody: NotifyDeps['recordNobody']): NotifyDeps {
  const { db } = world;
  return {
    ...{ engine: world.boot(), ledger: world.ledger(), reader: firestoreReader(db) },
    load: async (document) => (await db.doc(document).get()).data(),
    ...{ now: () => world.now, composeRetryMs: COMPOSE_RETRY_MS, recordNobody },
    log: {
      unusableEvent: () => undefined,
      composeFailed: () => undefined,
      nothingToTell: () => undefined,
      pictureLeftOut: () => undefined,
      notNoted: (_event, error) => {
        throw error;
      },
    },
  };
}

/** How a world's engine composes waves once more. */
export function recomposeLikes(world: World): NonNullable<EngineDeps['recompose']> {
  return (event) => composeAgain(definition(), event, depsOf(world, 'explained'));
}

/** A wave of a kind that is withdrawn from devices: its events, each handled once. Rejects where the event comes again. */
export const SHOWN = {
  created: (world: World, id: string, at: number) =>
    handle(world, { id, writtenAt: at, before: undefined, after: { data: {} } }),
  /** @param createdAt when the wave that was taken back had been given, ms since 1970. */
  deleted: (world: World, id: string, at: number, createdAt: number) =>
    handle(world, { id, writtenAt: at, before: { createdAt }, after: undefined }),
  changed: (world: World, id: string, at: number, createdAt: number) =>
    handle(world, { id, writtenAt: at, before: { createdAt }, after: { data: {} } }),
};

async function handle(world: World, event: Omit<ChangedDocument, 'paths'>): Promise<void> {
  await notifyOrWithdraw(
    definition({ withdraw: 'shown' }),
    { ...event, paths: [LIKE] },
    {
      ...depsOf(world, 'explained'),
      ledger: world.ledger(),
      createdAt: creationTime(world.db),
      sleep: (ms) => {
        world.now += ms;
        return Promise.resolve();
      },
    },
  );
}

/**
 * One like, as it happens: the document is written, and its event handled once. Rejects where the event comes again.
 *
 * @returns the id of its delivery.
 */
export async function like(
  world: World,
  path: string,
  eventId: string,
  { recordNobody = 'explained', time = world.now, ...how }: LikeOptions = {},
): Promise<string> {
  await world.db.doc(path).set({ at: world.now });
  await notify(
    definition(how),
    { id: eventId, time: new Date(time).toISOString(), paths: [path], data: {} },
    depsOf(world, recordNobody),
  );
  return `wave-${eventId}`;
}
