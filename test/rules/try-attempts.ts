/** Turns an app's tables of attempts into tests: every act against the real rules, by the web's SDK, in a world of its own. */
import {
  assertFails,
  assertSucceeds,
  initializeTestEnvironment,
} from '@firebase/rules-unit-testing';
import type {
  RulesTestContext,
  RulesTestEnvironment,
  TokenOptions,
} from '@firebase/rules-unit-testing';
import { doc, setLogLevel, writeBatch } from 'firebase/firestore';
import type { Firestore } from 'firebase/firestore';
import { CLAIMS } from '../../kit/src/cli/rules/attempts/attempt.ts';
import type { Attempts, People } from './attempts/attempt.ts';
import { rules } from './subject.ts';
import type { Emulated } from './subject.ts';

/** The claims that Firebase Authentication gives whoever signs in without saying who they are. */
const ANONYMOUS: TokenOptions = {
  firebase: { sign_in_provider: 'anonymous', identities: {} },
};

/** The compat object of a context is a Firestore to every modular function. */
function firestoreOf(context: RulesTestContext): Firestore {
  return context.firestore() as unknown as Firestore;
}

/**
 * Declares one test for each act of the tables, and those tests' set-up and clean-up.
 *
 * Needs the Firestore emulator at `FIRESTORE_EMULATOR_HOST` (`host:port`), and uses a project id there
 * that no other run and no other test file has: data, rules and coverage are kept by project.
 *
 * @returns where that project is, for tests that follow; set once the first test runs
 */
export function tryAttempts(tables: readonly Attempts[]): () => Emulated {
  let environment: RulesTestEnvironment;
  let people: People;

  beforeAll(async () => {
    // Denials are what these tests are about; the SDK would log each.
    setLogLevel('silent');
    environment = await initializeTestEnvironment({
      projectId: `demo-rules-${process.env['JEST_WORKER_ID']}-${process.pid}-${Date.now()}`,
      firestore: { rules },
    });
    people = Object.fromEntries([
      ['nobody', firestoreOf(environment.unauthenticatedContext())],
      ...Object.entries(CLAIMS).map(([uid, claims]) => [
        uid,
        firestoreOf(environment.authenticatedContext(uid, claims)),
      ]),
      ['guest', firestoreOf(environment.authenticatedContext('guest', ANONYMOUS))],
    ]) as Record<keyof People, Firestore>;
  });

  afterAll(async () => {
    await environment.clearFirestore();
    await environment.cleanup();
  });

  describe.each(tables)('$rule', ({ given, allowed, denied }) => {
    // A denied act leaves the world as it was, so the next one need not build it again.
    let standing = false;

    beforeEach(async () => {
      if (standing) return;
      await environment.clearFirestore();
      await environment.withSecurityRulesDisabled(async (context) => {
        const server = firestoreOf(context);
        const batch = writeBatch(server);
        for (const [path, data] of Object.entries(given)) batch.set(doc(server, path), data);
        await batch.commit();
      });
      standing = true;
    });

    test.each(Object.entries(allowed))('allows: %s', async (_name, act) => {
      standing = false;
      await assertSucceeds(act(people));
    });

    test.each(Object.entries(denied))('denies: %s', async (_name, act) => {
      standing = false;
      await assertFails(act(people));
      standing = true;
    });
  });

  return () => {
    const { projectId, emulators } = environment;
    return { projectId, host: `${emulators.firestore?.host}:${emulators.firestore?.port}` };
  };
}
