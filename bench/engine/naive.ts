/**
 * What the usual sample does: get the user, `sendEachForMulticast`, one update per dead token. No ledger, no retry, nothing
 * against an event that comes twice: what those cost is the difference to this project's numbers.
 */

import type { Firestore } from '@google-cloud/firestore';
import { firestoreSdk } from '../built.ts';
import { messaging, type MulticastMessage } from '../admin-sdk.ts';
import { mendScheme } from '../wire/redirect.ts';
import { userId } from './population.ts';

/** The SDK refuses more in one call. */
const TOKENS_A_CALL = 500;
const NOT_REGISTERED = 'messaging/registration-token-not-registered';

interface User {
  readonly displayName?: string;
  readonly tokens?: readonly string[];
}

interface Owned {
  readonly uid: string;
  readonly token: string;
}

export class NaiveSample {
  private readonly db: Firestore;

  constructor(db: Firestore) {
    mendScheme();
    this.db = db;
  }

  async tellOfLike(nth: number): Promise<void> {
    const post = (await this.db.doc(`posts/${userId(nth)}`).get()).data() as { ownerId: string };
    const liker = await this.user(userId(0));
    const owned = await this.tokensOf([post.ownerId]);
    await this.send(owned, { title: `${liker.displayName} liked your post` });
  }

  async tellOfMessage(chatId: string): Promise<void> {
    const chat = this.db.doc(`chats/${chatId}`);
    const { participants } = (await chat.get()).data() as { participants?: string[] };
    const sender = await this.user(userId(0));
    const members =
      participants ?? (await chat.collection('members').get()).docs.map((member) => member.id);
    const owned = await this.tokensOf(members.filter((uid) => uid !== userId(0)));
    await this.send(owned, { title: `${sender.displayName}`, body: 'Who is in?' });
  }

  async tellEveryone(): Promise<void> {
    const users = await this.db.collection('users').get();
    const owned = users.docs.flatMap((found) =>
      ((found.data() as User).tokens ?? []).map((token) => ({ uid: found.id, token })),
    );
    await this.send(owned, { title: 'News', body: 'For everybody' });
  }

  private async user(uid: string): Promise<User> {
    return (await this.db.doc(`users/${uid}`).get()).data() ?? {};
  }

  private async tokensOf(uids: readonly string[]): Promise<Owned[]> {
    const users = await Promise.all(uids.map((uid) => this.user(uid)));
    return users.flatMap(({ tokens = [] }, index) =>
      tokens.map((token) => ({ uid: uids[index] as string, token })),
    );
  }

  private async send(
    owned: readonly Owned[],
    notification: NonNullable<MulticastMessage['notification']>,
  ): Promise<void> {
    const fcm = messaging();
    for (let start = 0; start < owned.length; start += TOKENS_A_CALL) {
      const part = owned.slice(start, start + TOKENS_A_CALL);
      const { responses } = await fcm.sendEachForMulticast({
        tokens: part.map(({ token }) => token),
        notification,
      });
      const dead = part.filter((_, index) => responses[index]?.error?.code === NOT_REGISTERED);
      const { FieldValue } = firestoreSdk();
      await Promise.all(
        dead.map(({ uid, token }) =>
          this.db.doc(`users/${uid}`).update({ tokens: FieldValue.arrayRemove(token) }),
        ),
      );
    }
  }
}
