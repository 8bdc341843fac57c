import { initializeApp } from 'firebase-admin/app';
import { FieldValue, getFirestore } from 'firebase-admin/firestore';
import { setGlobalOptions } from 'firebase-functions';
import { onDocumentCreated } from 'firebase-functions/firestore';
import { HttpsError, onCall } from 'firebase-functions/https';

initializeApp();
setGlobalOptions({ region: 'europe-west1' });

/** Counts a person's posts in their profile. */
export const countPost = onDocumentCreated('posts/{postId}', async (event) => {
  const ownerId = event.data?.get('ownerId') as string;
  const profile = getFirestore().doc(`profiles/${ownerId}`);
  await profile.set({ posts: FieldValue.increment(1) }, { merge: true });
});

/** How many posts somebody has written. */
export const postsOf = onCall(async ({ auth, data }) => {
  if (!auth) throw new HttpsError('unauthenticated', 'Sign in first.');
  const profile = await getFirestore()
    .doc(`profiles/${(data as { uid: string }).uid}`)
    .get();
  return { posts: (profile.get('posts') as number | undefined) ?? 0 };
});
