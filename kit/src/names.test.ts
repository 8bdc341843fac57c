import { namesIn } from './names';

const DEFAULTS = {
  ...{ users: 'users', devices: 'devices', deliveries: 'deliveries', pushes: 'pushes' },
  ...{ tokensField: 'tokens', database: '(default)' },
};

it('are those that the settings name, and otherwise the defaults', () => {
  expect(namesIn({})).toEqual(DEFAULTS);
  expect(namesIn({ DATABASE: 'two', PUSHES_COLLECTION: 'p2' })).toEqual({
    ...DEFAULTS,
    ...{ database: 'two', pushes: 'p2' },
  });
});
