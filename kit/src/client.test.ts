import { preferencesOf, type PreferencesClient } from './client';

const answer = { kinds: [], mute: [], blocked: [], quietHours: {}, timeZone: null };

it.each<[string, (client: PreferencesClient) => Promise<unknown>, unknown]>([
  ['a choice', (client) => client.choose('wave', 'silent'), { kinds: { wave: 'silent' } }],
  ['a default', (client) => client.choose('wave', null), { kinds: { wave: null } }],
  ['a mute', (client) => client.mute('walls/w1'), { mute: { 'walls/w1': true } }],
  ['an end by its date', (client) => client.mute('w', new Date(9)), { mute: { w: 9 } }],
  ['an end by its ms', (client) => client.mute('w', 9), { mute: { w: 9 } }],
  ['no mute', (client) => client.unmute('w'), { mute: { w: null } }],
  ['a block', (client) => client.block('ola'), { blocked: { add: ['ola'] } }],
  ['no block', (client) => client.unblock('ola'), { blocked: { remove: ['ola'] } }],
  [
    'quiet hours',
    (client) => client.quietHours({ mon: '22:00-07:00', tue: null }),
    { quietHours: { mon: '22:00-07:00', tue: null } },
  ],
  ['no quiet hours', (client) => client.quietHours(null), { quietHours: null }],
  ['a time zone', (client) => client.timeZone('UTC'), { timeZone: 'UTC' }],
])('asks for %s, and answers with all preferences', async (_name, act, asked) => {
  const get = jest.fn();
  const set = jest.fn().mockResolvedValue({ data: answer });
  expect(await act(preferencesOf(get, set))).toBe(answer);
  expect(set.mock.calls).toEqual([[asked]]);
  expect(get).not.toHaveBeenCalled();
});

it('reads without changing anything', async () => {
  const get = jest.fn().mockResolvedValue({ data: answer });
  const set = jest.fn();
  expect(await preferencesOf(get, set).read()).toBe(answer);
  expect(get.mock.calls).toEqual([[{}]]);
  expect(set).not.toHaveBeenCalled();
});
