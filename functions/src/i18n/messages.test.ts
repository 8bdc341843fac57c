import { messageProblems } from '@firestore-push/push/testing';
import { messages } from '.';

it('the messages have the same keys in every locale, and all of them parse', async () => {
  expect(await messageProblems(messages)).toEqual([]);
});
