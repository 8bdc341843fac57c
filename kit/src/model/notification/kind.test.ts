import { choiceOf, waysOf } from './kind';

it.each([
  [{}, {}, ['push', 'silent', 'off']],
  [{ delivery: 'push' }, {}, ['push', 'silent', 'off']],
  [{ delivery: 'silent' }, { way: 'silent' }, ['push', 'silent', 'off']],
  [{ delivery: 'digest' }, { way: 'digest' }, ['push', 'silent', 'digest', 'off']],
  [{ delivery: 'push', isGathered: true }, {}, ['push', 'silent', 'digest', 'off']],
  [{ delivery: 'silent', isGathered: false }, { way: 'silent' }, ['push', 'silent', 'off']],
  [{ delivery: 'off', mandatory: true }, { way: 'off', mandatory: true }, ['push']],
] as const)('a kind that says %j decides %j, and offers %j', (kind, choice, ways) => {
  expect(choiceOf(kind)).toEqual(choice);
  expect(waysOf(kind)).toEqual(ways);
});
