/** Events of a catalogue in a world that limits whoever causes them. */
import { Timestamp } from '@google-cloud/firestore';
import type { DeliveryDocument } from '../../kit/src/delivery/delivery-document.ts';
import type { Once } from '../../kit/src/model/notification/choice.ts';
import type { Notification } from '../../kit/src/model/notification/notification.ts';
import type { World } from './world.ts';

interface LimitedEvent extends Omit<Partial<Notification>, 'to'> {
  readonly to: Notification['to'];
  /** Path of its document; default: one of its own. */
  readonly document?: string;
  readonly once?: Once;
  readonly overBudget?: 'wait';
}

/** An event of the catalogue, caused by mallory unless it says otherwise. */
export function limitedEvent(world: World, id: string, event: LimitedEvent) {
  const { document = `walls/w1/waves/${id}`, once = 'document', overBudget, ...rest } = event;
  const choice = overBudget === undefined ? {} : { overBudget };
  const order = world.order({ ...rest, actor: rest.actor ?? 'mallory' }, id, choice);
  return { ...order, document, limited: { once } };
}

/** Adds people with so many devices each; returns their ids. */
export async function addCrowd(world: World, people: number, devices: number): Promise<string[]> {
  const uids = Array.from({ length: people }, (_, index) => `u${String(index).padStart(3, '0')}`);
  const writer = world.db.bulkWriter();
  for (const uid of uids) {
    const tokens = Array.from({ length: devices }, (_, nth) => `${uid}-${nth}:APA91b-address`);
    void writer.set(world.db.doc(`users/${uid}`), { tokens });
  }
  await writer.close();
  return uids;
}

/** The ids of deliveries by what became of them, in order of id. */
export async function outcomesIn(world: World): Promise<Record<string, string[]>> {
  const by: Record<string, string[]> = {};
  for (const [id, { state, withheld, parent }] of await entriesIn(world)) {
    if (parent !== undefined) continue;
    const what =
      state === 'sending' ? 'under way' : (withheld ?? (state === 'done' ? 'told' : state));
    (by[what] ??= []).push(id);
  }
  return by;
}

/** Firestore's clock is not the test's: lets so much time pass since whatever was claimed so far, ms. */
export async function passTime(world: World, ms: number): Promise<void> {
  world.now += ms;
  for (const [id, { sender }] of await entriesIn(world)) {
    if (sender?.at === undefined) continue;
    const at = Timestamp.fromMillis(sender.at.toMillis() - ms);
    await world.db.doc(`deliveries/${id}`).update({ 'sender.at': at });
  }
}

async function entriesIn({ db }: World): Promise<[string, DeliveryDocument][]> {
  const { docs } = await db.collection('deliveries').get();
  return docs.map((found) => [found.id, found.data() as DeliveryDocument]);
}
