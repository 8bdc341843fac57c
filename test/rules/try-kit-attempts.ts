/** Turns the kit's tables of attempts into tests: every act against firestore.rules, as `push rules --check` does it. */
import type { Attempts } from '../../kit/src/cli/rules/attempts/attempt.ts';
import { World } from '../../kit/src/cli/rules/world.ts';
import { rules } from './subject.ts';
import type { Emulated } from './subject.ts';

/**
 * Declares one test for each act of the tables, in a project of the emulator's that nobody else has.
 *
 * @returns where that project is, for tests that follow.
 */
export function tryKitAttempts(tables: readonly Attempts[]): () => Emulated {
  let world: World;

  beforeAll(async () => {
    world = await World.open({
      host: process.env['FIRESTORE_EMULATOR_HOST'] ?? '127.0.0.1:8080',
      ...{ database: '(default)', rules, file: 'firestore.rules' },
    });
  });

  afterAll(() => world.close());

  describe.each(tables)('$rule', ({ given, allowed, denied }) => {
    for (const [name, act] of Object.entries(allowed)) {
      test(`allows: ${name}`, async () => {
        expect(await world.try(act, given)).toBe('allowed');
      });
    }

    for (const [name, act] of Object.entries(denied)) {
      test(`denies: ${name}`, async () => {
        expect(await world.try(act, given)).toBe('denied');
      });
    }
  });

  return () => world.place;
}
