/** The function that runs after the first deploy, as it is deployed: its settings and its project come from the environment. */
import { emulatedProject } from '../emulated-project.ts';

const PROJECT = emulatedProject('backfill-dry-run');
const HINT = 'npx @firestore-push/push backfill --project ID --apply';

/** What is in every collection. */
async function everything(): Promise<unknown> {
  const collections = await PROJECT.firestore().listCollections();
  const all = await Promise.all(collections.map((each) => each.get()));
  return all.flatMap(({ docs }) => docs.map((each) => [each.ref.path, each.data()]));
}

it('says how many addresses have no record, and what to do; and changes nothing', async () => {
  await PROJECT.empty();
  const db = PROJECT.firestore();
  const crowd = Array.from({ length: 22 }, (_, nth) => `phone${nth}:APA91b`);
  await db.doc('users/ann').set({ tokens: crowd });
  await db.doc('users/bea').set({ tokens: ['b:APA91b', 'b:APA91b', { of: 'the app' }] });
  await db.doc('users/cleo').set({ displayName: 'Cleo' });
  const before = await everything();

  // Before anything of the SDK is loaded, whose logger keeps the console that it finds.
  const info = jest.spyOn(console, 'info').mockImplementation(() => undefined);
  const { valuesIn } = await import('../../kit/src/settings.ts');
  const { env } = process;
  const named = { GCLOUD_PROJECT: PROJECT.id, METADATA_SERVER_DETECTION: 'none' };
  process.env = { ...env, ...valuesIn({}), ...named };
  try {
    const { backfillDryRun } = await import('../../kit/src/triggers/backfill.ts');
    const { firestore } = await import('../../kit/src/push.ts');
    await backfillDryRun.run({ data: {} } as Parameters<typeof backfillDryRun.run>[0]);
    await firestore().terminate();
  } finally {
    process.env = env;
  }
  expect(info.mock.calls.map(([line]) => JSON.parse(String(line)) as unknown)).toEqual([
    expect.objectContaining({
      message: expect.stringContaining('nothing was changed') as string,
      ...{ users: 3, missing: 23, recorded: 0, beyondLimit: 2, healed: 1, unknown: 1 },
      ...{ isComplete: true, hint: expect.stringContaining(HINT) as string },
    }),
  ]);
  expect(await everything()).toEqual(before);
});
