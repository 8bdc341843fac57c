import { fingerprint } from '../model/address';
import type { TopicOutcome } from '../providers/fcm/topics';
import type { SubscribedDevice } from './topic-store';
import { changedTopics, syncTopics, TopicsBusyError, type SyncTopicsDeps } from './sync-topics';

const ADDRESS = 'ola:APA91b-1';

function device(topics: readonly string[], more: Partial<SubscribedDevice> = {}): SubscribedDevice {
  return { uid: 'ola', address: ADDRESS, kind: 'fcm', topics, ...more };
}

/** FCM as it would be after the calls, and the record as it stands at each look. */
function scene(looks: (SubscribedDevice | undefined)[], answer?: (topic: string) => TopicOutcome) {
  const subscribed = new Set<string>();
  const calls: string[] = [];
  const pruned: unknown[] = [];
  const deps: SyncTopicsDeps = {
    read: () => {
      const seen = looks.length > 1 ? looks.shift() : looks[0];
      return Promise.resolve(seen && { ...seen, readAt: 0 });
    },
    fcm: {
      set: (_address, topic, isSubscribed) => {
        calls.push(`${isSubscribed ? '+' : '-'}${topic}`);
        if (isSubscribed) subscribed.add(topic);
        else subscribed.delete(topic);
        return Promise.resolve(answer?.(topic) ?? { kind: 'done' });
      },
    },
    devices: {
      prune: (uid, addresses) => {
        pruned.push([uid, ...addresses]);
        return Promise.resolve({ pruned: addresses, kept: [] });
      },
    },
    log: { synced: jest.fn(), refused: jest.fn(), pruned: jest.fn() },
  };
  return { deps, calls, pruned, subscribed };
}

describe('the topics that a write changed', () => {
  it.each<[string, SubscribedDevice | undefined, SubscribedDevice | undefined, string[]]>([
    ['nothing at an app’s start', device(['a']), device(['a']), []],
    ['what was joined and left', device(['a', 'b']), device(['b', 'c']), ['a', 'c']],
    ['all at a logout', device(['a']), undefined, ['a']],
    ['all of a renewed token', undefined, device(['a']), ['a']],
    ['all at a change of owner', device(['a']), device(['a'], { uid: 'lia' }), ['a']],
  ])('are %s', (_what, before, after, changed) => {
    expect(changedTopics(before, after)).toEqual(changed);
  });
});

it('tells FCM what the record says', async () => {
  const { deps, calls } = scene([device(['b', 'c'])]);
  await syncTopics(device(['a', 'b']), device(['b', 'c']), deps);
  expect(calls.sort()).toEqual(['+c', '-a']);
});

it('reads nothing where no topic changed, or the device can have none', async () => {
  const { deps, calls } = scene([device(['a'])]);
  const read = jest.fn(deps.read);
  await syncTopics(device(['a']), device(['a']), { ...deps, read });
  await syncTopics(undefined, device(['a'], { kind: 'apns' }), { ...deps, read });
  expect([read.mock.calls, calls]).toEqual([[], []]);
});

it('goes by the record and not by an old event: a logout does not undo the next owner’s subscription', async () => {
  const { deps, subscribed } = scene([device(['a'], { uid: 'lia' })]);
  await syncTopics(device(['a']), undefined, deps);
  expect([...subscribed]).toEqual(['a']);
});

it('looks again after it told, and tells what changed meanwhile', async () => {
  const { deps, calls, subscribed } = scene([undefined, device(['a'], { uid: 'lia' })]);
  await syncTopics(device(['a']), undefined, deps);
  expect(calls).toEqual(['-a', '+a']);
  expect([...subscribed]).toEqual(['a']);
});

it('comes again where FCM was busy, and names no address', async () => {
  const { deps } = scene([device(['a'])], () => ({ kind: 'later', code: 'UNAVAILABLE' }));
  const act = syncTopics(undefined, device(['a']), deps);
  await expect(act).rejects.toThrow(TopicsBusyError);
  await expect(act).rejects.toThrow(fingerprint(ADDRESS));
  await expect(act).rejects.not.toThrow(ADDRESS);
});

it('prunes a device that FCM calls dead', async () => {
  const { deps, pruned } = scene([device(['a'])], () => ({ kind: 'dead', code: 'UNREGISTERED' }));
  await syncTopics(undefined, device(['a']), deps);
  expect(pruned).toEqual([['ola', ADDRESS]]);
});

it('does not mind a device that is dead when it leaves', async () => {
  const { deps, pruned } = scene([undefined], () => ({ kind: 'dead', code: 'UNREGISTERED' }));
  await syncTopics(device(['a']), undefined, deps);
  expect(pruned).toEqual([]);
});

it('logs what FCM refuses, and keeps the device', async () => {
  const { deps, pruned } = scene([device(['a'])], () => ({ kind: 'refused', code: 'NOT_FOUND' }));
  await syncTopics(undefined, device(['a']), deps);
  expect(deps.log.refused).toHaveBeenCalledWith(fingerprint(ADDRESS), 'a', 'NOT_FOUND');
  expect(pruned).toEqual([]);
});
