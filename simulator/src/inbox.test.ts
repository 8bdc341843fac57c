import fc from 'fast-check';
import { Devices } from './devices.ts';
import { Inboxes, type InboxItem } from './inbox.ts';
import { RequestLog } from './request-log.ts';

const item = (id: string): InboxItem => ({
  id,
  at: '2026-01-01T00:00:00.000Z',
  provider: 'fcm',
  kind: 'notification',
  requestId: 'r1',
  data: {},
});
const ids = (items: InboxItem[]) => items.map(({ id }) => id);

describe('inboxes', () => {
  it('show the newest of a device, up to their size', () => {
    const inboxes = new Inboxes({ perDevice: 2, total: 100 });
    for (const id of ['1', '2', '3']) inboxes.add('a', item(id));
    expect(ids(inboxes.of('a'))).toEqual(['2', '3']);
  });

  it('empty the device that got nothing for longest when all together are too many', () => {
    const inboxes = new Inboxes({ perDevice: 9, total: 3 });
    inboxes.add('a', item('1'));
    inboxes.add('b', item('2'));
    inboxes.add('a', item('3'));
    inboxes.add('c', item('4'));
    expect(ids(inboxes.of('b'))).toEqual([]);
    expect(ids(inboxes.of('a'))).toEqual(['1', '3']);
  });

  it('hold no more than they may and no key twice, whatever happens', () => {
    const step = fc.record({
      address: fc.constantFrom('a', 'b', 'c', 'd'),
      key: fc.option(fc.constantFrom('x', 'y'), { nil: undefined }),
      clear: fc.boolean(),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const inboxes = new Inboxes({ perDevice: 3, total: 7 });
        const keys = new Map<string, string | undefined>();
        steps.forEach(({ address, key, clear }, index) => {
          if (clear && index % 5 === 0) inboxes.clearOne(address);
          keys.set(String(index), key);
          inboxes.add(address, item(String(index)), key);
          expect(ids(inboxes.of(address)).at(-1)).toBe(String(index));
        });
        const shown = ['a', 'b', 'c', 'd'].map((address) => ids(inboxes.of(address)));
        expect(shown.flat().length).toBeLessThanOrEqual(7);
        for (const inbox of shown) {
          expect(inbox.length).toBeLessThanOrEqual(3);
          const used = inbox.map((id) => keys.get(id)).filter((key) => key !== undefined);
          expect(new Set(used).size).toBe(used.length);
        }
      }),
    );
  });
});

describe('devices', () => {
  it('known only from sends are forgotten oldest first, those declared never', () => {
    const devices = new Devices({ capacity: 2, defaultPlatform: 'android' });
    devices.put('declared', {}, 1);
    devices.meet('a', 2);
    devices.put('a', { state: 'unregistered' }, 3);
    for (const address of ['b', 'c', 'd', 'e']) devices.meet(address, 4);
    expect(devices.all().map(({ address }) => address)).toEqual(['declared', 'a', 'd', 'e']);
  });

  it('keep what a change leaves out', () => {
    const devices = new Devices({ capacity: 2, defaultPlatform: 'android' });
    devices.put('a', { platform: 'ios', topics: ['t'] }, 1);
    devices.put('a', { state: 'unregistered' }, 2);
    expect(devices.get('a')).toMatchObject({ platform: 'ios', topics: ['t'], firstSeenAt: 1 });
    expect(devices.subscribersOf('t')).toEqual([]);
    devices.put('a', { state: 'live' }, 3);
    expect(devices.subscribersOf('t')).toHaveLength(1);
  });
});

it('the request log keeps the newest and counts all', () => {
  const log = new RequestLog(3);
  for (let n = 1; n <= 5; n += 1) {
    const { id } = log.add({
      at: '',
      provider: 'fcm',
      method: 'POST',
      path: '/',
      headers: {},
      body: {},
      address: n % 2 === 0 ? 'even' : 'odd',
      ending: 'pending',
      delivered: 0,
      response: null,
    });
    log.finish(id, { ending: 'hung', delivered: 0, response: null });
  }
  expect(log.list().map(({ id, ending }) => [id, ending])).toEqual([
    ['r3', 'hung'],
    ['r4', 'hung'],
    ['r5', 'hung'],
  ]);
  expect(log.list({ address: 'odd', limit: 1 }).map(({ id }) => id)).toEqual(['r5']);
  expect(log.seen).toBe(5);
  expect(log.finish('r1', { ending: 'hung', delivered: 0, response: null })).toBeUndefined();
});
