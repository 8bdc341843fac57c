/** The rule that the README's example comes with lets its app write what the function hears of, and nobody else. */
import {
  assertFails,
  assertSucceeds,
  initializeTestEnvironment,
  type RulesTestEnvironment,
} from '@firebase/rules-unit-testing';
import { doc, serverTimestamp, setDoc, setLogLevel, type Firestore } from 'firebase/firestore';
import { readmeExample } from '../readme-example.ts';

const PATH = 'posts/p1/comments/c1/replies/r1';
let environment: RulesTestEnvironment;

beforeAll(async () => {
  // Denials are what this is about; the SDK would log each.
  setLogLevel('silent');
  environment = await initializeTestEnvironment({
    projectId: `demo-readme-${process.env['JEST_WORKER_ID']}-${process.pid}`,
    firestore: { rules: readmeExample().rules },
  });
});
afterAll(() => environment.cleanup());

function reply(uid: string, fields: object): Promise<void> {
  const db = environment.authenticatedContext(uid).firestore() as unknown as Firestore;
  return setDoc(doc(db, PATH), { authorId: 'alice', createdAt: serverTimestamp(), ...fields });
}

test('a person replies in their own name', async () => {
  await assertFails(reply('bob', { text: 'Not me' }));
  await assertFails(reply('alice', { text: ' ' }));
  await assertFails(reply('alice', { text: 'Hi', likes: 7 }));
  await assertSucceeds(reply('alice', { text: 'Hi' }));
});
