/**
 * The present release takes over what each earlier release left in the middle of its work (`fixtures/{version}`): nothing is lost,
 * nothing that was sent is sent again, schedules hold, and devices are known.
 */
import type { DocumentData } from '@google-cloud/firestore';
import { fixturesOf, recordedReleases, type Fixture, type Told } from './fixture.ts';
import { Installation } from './installation.ts';
import { DEVICES, findDeadInDoubt } from './scenes/devices.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Ways in which an installation may go on after its upgrade. */
const WAYS = [
  { way: 'its tasks come, and the events that are not acknowledged' },
  { way: 'its events come again, and each of its tasks twice at once', again: true, twice: true },
  { way: 'the queues have lost their tasks', withTasks: false },
  {
    way: 'it stood still for an hour, and all of its events come again',
    again: true,
    idleMs: HOUR,
  },
] as const;

/** What one way means where it says nothing of it. */
const USUAL = { again: false, twice: false, withTasks: true, idleMs: 0 };

let installation: Installation | undefined;
afterEach(async () => {
  await installation?.close();
  installation = undefined;
});

/** The pushes that addresses get as against what they are to get, where these differ. */
function wronglyTold({ expected }: Fixture, present: Installation) {
  return Object.entries(expected.told).flatMap(([address, told]) => {
    const pushes = present.accepted(address).length;
    return isAsTold(told, pushes) ? [] : [{ address, told, pushes }];
  });
}

function isAsTold(told: Told, pushes: number): boolean {
  switch (told) {
    case 'due':
      return pushes === 1;
    case 'in doubt':
      return pushes <= 1;
    case 'done':
    case 'never':
      return pushes === 0;
  }
}

/** Everything in a collection, by path. */
async function documentsOf(
  { world }: Installation,
  collection: string,
): Promise<Record<string, DocumentData>> {
  const { docs } = await world.db.collection(collection).get();
  return Object.fromEntries(docs.map((found) => [found.ref.path, found.data()]));
}

/** Of the documents that were final already. */
function finalOnes({ documents }: Fixture): Record<string, DocumentData> {
  const final = ['done', 'failed', 'sent', 'partial', 'cancelled'];
  const isKept = ([path, { state }]: [string, DocumentData]) =>
    /^(deliveries|pushes)\//.test(path) && final.includes(String(state));
  return Object.fromEntries(Object.entries(documents).filter(isKept));
}

it('there are fixtures of a release', () => {
  expect(recordedReleases()).toContain('0.1.0');
});

describe.each(recordedReleases())('an installation of %s, upgraded', (release) => {
  const fixtures = fixturesOf(release);

  describe.each([...fixtures].map(([name, fixture]) => [name, fixture.scene, fixture] as const))(
    '%s: %s',
    (_name, _scene, fixture) => {
      const latest = Math.max(0, ...Object.values(fixture.expected.notBefore ?? {}));
      // Production's sweeps would be thousands until then.
      const sweepEveryMs = latest - fixture.at > DAY ? 2 * DAY : 5 * MINUTE;

      it.each(WAYS)('$way', async (chosen) => {
        const { again, twice, withTasks, idleMs } = { ...USUAL, ...chosen };
        const present = await Installation.takeOver(fixture, withTasks);
        installation = present;
        present.world.now += idleMs;
        for (const event of fixture.events) {
          if (again || !event.isAcknowledged) await present.redeliver(event);
        }
        await present.finish({ sweepEveryMs, twice });
        // And once more when all is over.
        for (const event of fixture.events) await present.redeliver(event);

        const { notBefore = {}, says = {}, ends } = fixture.expected;
        expect(wronglyTold(fixture, present)).toEqual([]);
        for (const [address, text] of Object.entries(says)) {
          expect(JSON.stringify(present.accepted(address)[0]?.body)).toContain(text);
        }
        for (const [address, time] of Object.entries(notBefore)) {
          const [sent] = present.accepted(address);
          const late = Date.parse(sent?.at ?? '') - Math.max(time, fixture.at + idleMs);
          expect(late).toBeGreaterThanOrEqual(0);
          expect(late).toBeLessThan(sweepEveryMs + 10 * MINUTE);
        }

        const entries = await documentsOf(present, 'deliveries');
        const documents = { ...entries, ...(await documentsOf(present, 'pushes')) };
        expect(documents).toMatchObject(ends);
        const open = Object.values(entries).filter(
          ({ state, pending = [] }) => state === 'sending' || (pending as unknown[]).length > 0,
        );
        expect(open).toEqual([]);
        const before = finalOnes(fixture);
        const after = Object.keys(before).map((path) => [path, documents[path]]);
        expect(Object.fromEntries(after)).toEqual(before);
      });
    },
  );

  describe('its devices', () => {
    const fixture = fixtures.get('devices') as Fixture;
    const { renewed, apple, listed, taken, doubtful } = DEVICES;

    async function upgraded(): Promise<Installation> {
      installation = await Installation.takeOver(fixture, true);
      return installation;
    }

    it('have their owners and topics', async () => {
      const { topics, devices } = await upgraded();
      expect(await topics.list('maya')).toEqual([{ topic: 'news', devices: 1 }]);
      expect(await topics.change('maya', 'sport', true)).toMatchObject({
        devices: 3,
        unsupported: 1,
      });
      expect(await topics.change('leo', 'sport', true, taken)).toBeUndefined();
      expect(await topics.change('leo', 'sport', true, doubtful)).toMatchObject({ devices: 1 });
      const stale = async (by: 'call' | 'array') =>
        (await devices.stale(by, fixture.at + DAY, 10)).map(
          ({ address, uid }) => `${uid} ${address}`,
        );
      expect((await stale('call')).sort()).toEqual(
        [`leo ${doubtful}`, `maya ${apple}`, `maya ${renewed}`, `maya ${taken}`].sort(),
      );
      expect(await stale('array')).toEqual([`maya ${listed}`]);
    });

    it('have their environment at Apple', async () => {
      const { apnsDevices } = await upgraded();
      expect(await apnsDevices.read([apple])).toMatchObject([
        { environment: 'sandbox', appId: 'com.example.shop', experienceId: '@shop/app' },
      ]);
    });

    it('keep what is known of them when they register again', async () => {
      const { ownership, world } = await upgraded();
      await ownership.register('maya', { address: renewed, facts: { appVersion: '8.0' } });
      const found = Object.values(await documentsOf({ world } as Installation, 'devices'));
      expect(found.find(({ address }) => address === renewed)).toMatchObject({
        ...{ uid: 'maya', platform: 'android', locale: 'de-AT', appVersion: '8.0' },
        ...{
          topics: ['news'],
          createdAt: fixture.documents[pathOf(fixture, renewed)]?.['createdAt'],
        },
      });
    });

    it('go back to whom they were taken from, and that is not counted', async () => {
      const { ownership } = await upgraded();
      const taking = () =>
        ownership.register('leo', { address: taken, facts: {}, isAnonymous: true });
      expect(await taking()).toMatchObject({ takenFrom: ['maya'] });
    });

    it('are counted where they are taken over: one a day here, and Maya has had hers', async () => {
      const { ownership } = await upgraded();
      const registration = { address: doubtful, facts: {} };
      await expect(ownership.register('maya', registration)).rejects.toThrow('taken over');
    });

    it('of which a dead one was found before are pruned at last', async () => {
      expect(await findDeadInDoubt(await upgraded(), 'leo', doubtful)).toEqual({
        pruned: [doubtful],
        kept: [],
      });
    });
  });
});

function pathOf({ documents }: Fixture, address: string): string {
  const [path = ''] = Object.keys(documents).filter(
    (each) => documents[each]?.['address'] === address,
  );
  return path;
}
