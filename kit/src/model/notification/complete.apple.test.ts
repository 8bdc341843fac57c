/** What only Apple's devices and Expo's apps understand, as a notification says it. */
import { complete } from './complete';
import { InvalidInputError } from '../invalid-input';
import type { Notification } from './notification';

const CONTEXT = { type: 'like', deliveryId: 'like-e1', eventTime: 1_800_000_000_000 };

const contentOf = (notification: Omit<Notification, 'to'>) =>
  complete({ to: 'ola', title: 'Hello', ...notification }, CONTEXT).content;

it('is kept as it is', () => {
  const fields = {
    subtitle: 'Sunset',
    launchImage: 'post.png',
    criticalVolume: 0.5,
    interruptionLevel: 'time-sensitive',
    relevanceScore: 1,
    targetContentId: 'posts',
    expo: { experienceId: '@lia/birds', icon: 'bird' },
  } as const;
  expect(contentOf(fields)).toMatchObject(fields);
});

it('is kept without what is undefined, and with objects as JSON text', () => {
  const { apns, expo } = contentOf({
    apns: { pushType: undefined, custom: { lists: [[1], [2]] } },
    expo: { experienceId: '@lia/birds', icon: undefined },
  });
  expect(apns).toEqual({ custom: '{"lists":[[1],[2]]}' });
  expect(expo).toEqual({ experienceId: '@lia/birds' });
});

it('brings keys of its own to a silent push of a special type', () => {
  const push = {
    style: 'data',
    apns: { pushType: 'liveactivity', aps: { event: 'end' } },
  } as const;
  expect(contentOf(push).apns).toEqual({ pushType: 'liveactivity', aps: '{"event":"end"}' });
});

it.each<[string, object, string]>([
  ['a critical volume of a silent sound', { sound: null, criticalVolume: 1 }, 'criticalVolume'],
  ['a volume above 1', { criticalVolume: 1.5 }, 'criticalVolume'],
  ['a relevance below 0', { relevanceScore: -1 }, 'relevanceScore'],
  ['a level that Apple does not know', { interruptionLevel: 'loud' }, 'interruptionLevel'],
  ['keys of aps in a silent push', { style: 'data', apns: { aps: { a: 1 } } }, 'apns.aps'],
  ['a push type that follows from the style', { apns: { pushType: 'background' } }, 'pushType'],
  ['Expo without an experience', { expo: { icon: 'bird' } }, 'expo.experienceId'],
  ['data that would stand in the way of aps', { data: { aps: 'x' } }, 'expected a key other'],
  ['data where FCM puts the picture', { data: { fcm_options: 'x' } }, 'expected a key other'],
])('refuses %s and says which field', (_what, fields, words) => {
  const act = () => contentOf(fields);
  expect(act).toThrow(InvalidInputError);
  expect(act).toThrow(words);
});
