/** The people, posts and chats that the events are about, written to the emulator by a client that is not counted. */

import type { Firestore } from '@google-cloud/firestore';
import { fcmAddress } from '../wire/addresses.ts';

/** In order of id, which is the order in which everybody is told. */
export function userId(index: number): string {
  return `u${String(index).padStart(7, '0')}`;
}

/** Users `from` to `to`, each with one living address. */
export async function addUsers(db: Firestore, from: number, to: number): Promise<void> {
  const writer = db.bulkWriter({ throttling: false });
  for (let index = from; index < to; index += 1) {
    const user = db.doc(`users/${userId(index)}`);
    void writer.set(user, { displayName: `Person ${index}`, tokens: [fcmAddress(index)] });
  }
  await writer.close();
}

/** A post of each user from `from` to `to`, under the user's id. */
export async function addPosts(db: Firestore, from: number, to: number): Promise<void> {
  const writer = db.bulkWriter({ throttling: false });
  for (let index = from; index < to; index += 1) {
    void writer.set(db.doc(`posts/${userId(index)}`), { ownerId: userId(index), text: 'Hello' });
  }
  await writer.close();
}

/** Gives each of the users one more address, which is dead. */
export async function addDeadAddresses(db: Firestore, from: number, to: number): Promise<void> {
  const writer = db.bulkWriter({ throttling: false });
  for (let index = from; index < to; index += 1) {
    void writer.update(db.doc(`users/${userId(index)}`), {
      tokens: [fcmAddress(index), fcmAddress(index, true)],
    });
  }
  await writer.close();
}

/** Small chats list whoever is in them: the sender, who is user 0, and `others`. */
export async function addSmallChats(db: Firestore, chats: number, others: number): Promise<void> {
  const writer = db.bulkWriter({ throttling: false });
  for (let chat = 0; chat < chats; chat += 1) {
    const first = 1 + chat * others;
    const participants = Array.from({ length: others }, (_, nth) => userId(first + nth));
    void writer.set(db.doc(`chats/small-${chat}`), { participants: [userId(0), ...participants] });
  }
  await writer.close();
}

/** A large room keeps its members as documents. */
export async function addRoom(db: Firestore, others: number): Promise<void> {
  const writer = db.bulkWriter({ throttling: false });
  void writer.set(db.doc('chats/room'), { title: 'Everybody' });
  for (let index = 0; index <= others; index += 1) {
    void writer.set(db.doc(`chats/room/members/${userId(index)}`), { joinedAt: 0 });
  }
  await writer.close();
}
