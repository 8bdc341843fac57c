import { Random } from '../time/random.ts';
import { once, TestWorld, wave } from './test-world.ts';
import {
  APNS_TROUBLES,
  FCM_TROUBLES,
  pickApnsTrouble,
  pickFcmTrouble,
  type TroubleClass,
} from './troubles.ts';

const ENDINGS: Readonly<Record<TroubleClass, readonly string[]>> = {
  passing: ['delivered', 'retry'],
  final: ['delivered', 'rejected', 'failed'],
  lie: ['unregistered'],
};

describe.each(['fcm', 'apns'] as const)('each trouble of %s', (provider) => {
  const kinds = provider === 'fcm' ? FCM_TROUBLES : APNS_TROUBLES;

  it.each(kinds.map((kind) => [kind.name, kind.class, kind] as const))(
    '"%s" ends as what is %s does, and is plain data',
    async (_name, group, kind) => {
      for (let seed = 0; seed < 20; seed += 1) {
        const trouble = kind.draw(new Random(seed));
        expect(JSON.parse(JSON.stringify(trouble))).toEqual(trouble);
        let troubles: () => unknown = () => undefined;
        const model = { mayLie: group === 'lie', trouble: () => troubles() as never };
        const world = new TestWorld({ [provider]: model });
        const [other, phone] = [world.phones.add(provider, 1), world.phones.add(provider, 2)];
        const sender = provider === 'fcm' ? world.fcmProvider : world.apnsProvider;
        world.scheduler.now += 86_400_000;
        world.devices.records.set(phone.token, { refreshedAt: world.scheduler.now });
        await world.settled(sender.send(wave(), [other.token]));
        troubles = once(trouble as never);
        const [outcome] = await world.settled(sender.send(wave(), [phone.token]));
        expect(ENDINGS[group]).toContain(outcome?.kind);
      }
    },
  );
});

it.each([
  ['FCM', pickFcmTrouble],
  ['APNs', pickApnsTrouble],
])(
  '%s: the same seed draws the same troubles, of the classes that are asked for',
  (_name, pick) => {
    const draw = (seed: number) => {
      const random = new Random(seed);
      return Array.from({ length: 200 }, () => pick(random, { classes: ['passing', 'final'] }));
    };
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
    expect(JSON.stringify(draw(3))).not.toMatch(/"UNREGISTERED"|"BadDeviceToken"/);
    expect(draw(4).some(({ kind }) => kind === 'slow')).toBe(true);
  },
);
