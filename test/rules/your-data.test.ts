/** The rule that docs/your-data.md gives for a collection of the backend's own: people may mute notifications there, and nothing else. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  assertFails,
  assertSucceeds,
  initializeTestEnvironment,
} from '@firebase/rules-unit-testing';
import type { RulesTestEnvironment } from '@firebase/rules-unit-testing';
import { deleteDoc, doc, getDoc, setDoc, setLogLevel, updateDoc } from 'firebase/firestore';
import type { Firestore } from 'firebase/firestore';

const guide = readFileSync(join(__dirname, '../../docs/your-data.md'), 'utf8');
const rule = /^```\n(match \/pushUsers.*?)^```$/ms.exec(guide)?.[1] ?? '';
const rules = `rules_version = '2'; service cloud.firestore { match /databases/{db}/documents { ${rule} } }`;

const STORED = { tokens: ['a:APA91b'], locale: 'de' };
let environment: RulesTestEnvironment;

beforeAll(async () => {
  setLogLevel('silent');
  environment = await initializeTestEnvironment({
    projectId: `demo-your-data-${process.env['JEST_WORKER_ID']}-${process.pid}-${Date.now()}`,
    firestore: { rules },
  });
});
afterAll(() => environment.cleanup());
beforeEach(async () => {
  await environment.clearFirestore();
  await environment.withSecurityRulesDisabled(async (context) => {
    await setDoc(documentOf(context), STORED);
  });
});

function documentOf(context: { firestore(): unknown }) {
  return doc(context.firestore() as Firestore, 'pushUsers/ola');
}
const as = (uid: string) => documentOf(environment.authenticatedContext(uid));

it('lets people see their own, and mute notifications', async () => {
  await assertSucceeds(getDoc(as('ola')));
  await assertSucceeds(updateDoc(as('ola'), { notificationSettings: { like: false } }));
});

it('lets them change nothing else, and nobody else see anything', async () => {
  await assertFails(updateDoc(as('ola'), { tokens: [] }));
  await assertFails(updateDoc(as('ola'), { notificationSettings: {}, takeovers: 0 }));
  await assertFails(setDoc(as('ola'), { notificationSettings: {} }));
  await assertFails(deleteDoc(as('ola')));
  await assertFails(getDoc(as('lia')));
  await assertFails(updateDoc(as('lia'), { notificationSettings: {} }));
  await assertFails(getDoc(documentOf(environment.unauthenticatedContext())));
});
