/** The attack that pushed 1,260 times: a room and a chat of 60 strangers, and 21 messages; by a guest, and by somebody known. */
import {
  arrayUnion,
  doc,
  serverTimestamp,
  setDoc,
  updateDoc,
  writeBatch,
} from 'firebase/firestore';
import { longAgo } from '../../../rules/attempts/attempt.ts';
import type { Act, Attempts, People } from '../../../rules/attempts/attempt.ts';

const now = serverTimestamp();
const strangers = Array.from({ length: 60 }, (_, nth) => `stranger-${nth}`);

/** Every way to have 60 strangers hear of what one account writes. */
const attackBy = (who: keyof People): Record<string, Act> => ({
  [`${who} begins a chat with 60 strangers in it`]: (as) =>
    setDoc(doc(as[who], 'chats/mine'), { participants: [who, ...strangers], createdAt: now }),
  [`${who} adds 60 strangers to a chat of their own`]: (as) =>
    updateDoc(doc(as[who], `chats/chat-of-${who}`), { participants: arrayUnion(...strangers) }),
  [`${who} adds one stranger to a chat of their own`]: (as) =>
    updateDoc(doc(as[who], `chats/chat-of-${who}`), { participants: arrayUnion('stranger-0') }),
  [`${who} adds a stranger who is invited, and uses up the invitation`]: (as) =>
    writeBatch(as[who])
      .update(doc(as[who], `chats/chat-of-${who}`), { participants: arrayUnion('stranger-1') })
      .delete(doc(as[who], `invitations/stranger-1/chats/chat-of-${who}`))
      .commit(),
  [`${who} opens a room with 60 strangers in it, in one batch`]: (as) => {
    const batch = writeBatch(as[who]).set(doc(as[who], 'chats/mine'), {
      ...{ ownerId: who, createdAt: now },
    });
    for (const uid of strangers) {
      batch.set(doc(as[who], `chats/mine/members/${uid}`), { joinedAt: now });
    }
    return batch.commit();
  },
  [`${who} puts one stranger into a room of their own`]: (as) =>
    setDoc(doc(as[who], `chats/room-of-${who}/members/stranger-0`), { joinedAt: now }),
  [`${who} puts in a stranger who is invited, and uses up the invitation`]: (as) =>
    writeBatch(as[who])
      .set(doc(as[who], `chats/room-of-${who}/members/stranger-1`), { joinedAt: now })
      .delete(doc(as[who], `invitations/stranger-1/chats/room-of-${who}`))
      .commit(),
});

export const fanOut: readonly Attempts[] = [
  {
    rule: 'nobody has a stranger hear what they say',
    given: Object.fromEntries<object>(
      (['guest', 'carol'] as const).flatMap((who) => [
        [`chats/chat-of-${who}`, { participants: [who], createdAt: longAgo }],
        [`chats/room-of-${who}`, { ownerId: who, createdAt: longAgo }],
        [`invitations/stranger-1/chats/chat-of-${who}`, { inviterId: who, createdAt: longAgo }],
        [`invitations/stranger-1/chats/room-of-${who}`, { inviterId: who, createdAt: longAgo }],
      ]),
    ),
    allowed: {
      'somebody known invites a stranger, one write each': (as) =>
        setDoc(doc(as.carol, 'invitations/stranger-0/chats/chat-of-carol'), {
          ...{ inviterId: 'carol', createdAt: now },
        }),
      'somebody known speaks where nobody has joined yet': (as) =>
        setDoc(doc(as.carol, 'chats/chat-of-carol/messages/m'), {
          ...{ senderId: 'carol', text: 'Hello?', createdAt: now },
        }),
    },
    denied: {
      ...attackBy('guest'),
      ...attackBy('carol'),
      'a guest invites a stranger': (as) =>
        setDoc(doc(as.guest, 'invitations/stranger-0/chats/chat-of-guest'), {
          ...{ inviterId: 'guest', createdAt: now },
        }),
    },
  },
];
