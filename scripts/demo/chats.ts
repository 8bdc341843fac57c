/** How an app begins a chat and how people come in: each by a write of their own. */

import { arrayUnion, collection, doc, serverTimestamp, writeBatch } from 'firebase/firestore';

import type { Device } from './device.ts';

/** Begins a chat with one person in it, who invites others; returns its id. */
export async function beginChat(device: Device, invited: readonly string[]): Promise<string> {
  const { firestore } = device;
  const uid = device.uid();
  const batch = writeBatch(firestore);
  const chat = doc(collection(firestore, 'chats'));
  batch.set(chat, {
    participants: [uid],
    createdAt: serverTimestamp(),
  });
  for (const other of invited) {
    batch.set(doc(firestore, 'invitations', other, 'chats', chat.id), {
      inviterId: uid,
      createdAt: serverTimestamp(),
    });
  }
  await batch.commit();
  return chat.id;
}

/** The invited joins: their invitation goes with the write that uses it. */
export async function joinChat(device: Device, chatId: string): Promise<void> {
  const { firestore } = device;
  const uid = device.uid();
  await writeBatch(firestore)
    .update(doc(firestore, 'chats', chatId), { participants: arrayUnion(uid) })
    .delete(doc(firestore, 'invitations', uid, 'chats', chatId))
    .commit();
}
