import * as fc from 'fast-check';
import { importChanges, isUnchanged, latest, stillHolding } from './import-changes';
import { importState, NOTHING, type ImportState } from './import-state';

const FID = 'cAbCdEfGhIjKlMnOpQrStU';
const TOKEN = `${FID}:APA91b-1`;
const MAX = 3;

/** A state by the entries of the document; `owner` if it is another's than Ola's. */
function state(entries: readonly unknown[], owner = 'ola'): ImportState {
  return importState(
    { document: 'p/{id}', owner: () => owner, addresses: () => entries },
    'p/1',
    {},
  );
}
const faulty = (entries: readonly unknown[]): ImportState => ({
  ...state(entries),
  fault: { error: new Error('no') },
});
const broken: ImportState = { ...NOTHING, fault: { error: new Error('no') } };

/** Changes as `owner: addresses`. */
function told({ added, removed }: ReturnType<typeof importChanges>) {
  const said = (sign: string, owned?: { owner: string; addresses: readonly unknown[] }) =>
    (owned?.addresses ?? []).map((each) => {
      const address = typeof each === 'string' ? each : (each as { address: string }).address;
      return `${sign}${owned!.owner} ${address}`;
    });
  return [...said('+', added), ...said('-', removed)];
}

const german = { address: 'a', locale: 'de' };
const english = { address: 'a', locale: 'en' };
const told5 = { address: 'a', refreshedAt: 5 };
const told6 = { address: 'a', refreshedAt: 6 };

describe('a write', () => {
  it.each<[string, ImportState, ImportState, string[]]>([
    ['that creates a document', NOTHING, state(['a', 'b']), ['+ola a', '+ola b']],
    ['that deletes it', state(['a', 'b']), NOTHING, ['-ola a', '-ola b']],
    ['of anything else', state(['a', 'b']), state(['a', 'b']), []],
    ['of the order only', state(['a', 'b']), state(['b', 'a']), []],
    ['of what is no address', state(['a', 7]), state(['a', 8]), []],
    ['that adds', state(['a']), state(['a', 'b']), ['+ola b']],
    ['that removes', state(['a', 'b']), state(['b']), ['-ola a']],
    ['that replaces', state(['a']), state(['b']), ['+ola b', '-ola a']],
    ['of a fact', state([german]), state([english]), ['+ola a']],
    ['of the same fact', state([german]), state([german]), []],
    ['of when the app last wrote it', state([told5]), state([told6]), ['+ola a']],
    ['of the owner', state(['a', 'b']), state(['a'], 'lia'), ['+lia a', '-ola a', '-ola b']],
    ['that takes it from everybody', state(['a']), NOTHING, ['-ola a']],
    ['of a token to its installation', state([TOKEN]), state([FID]), [`+ola ${FID}`]],
    ['of an installation to its token', state([FID]), state([TOKEN]), [`+ola ${TOKEN}`]],
    ['that adds too many', NOTHING, state(['a', 'b', 'c', 'd']), ['+ola b', '+ola c', '+ola d']],
    ['that adds one too many', state(['a', 'b', 'c']), state(['a', 'b', 'c', 'd']), ['+ola d']],
    ['that makes room', state(['a', 'b', 'c', 'd']), state(['a', 'b', 'c']), ['+ola a', '-ola d']],
    ['after which the functions fail', state(['a', 'b']), faulty(['b', 'c']), ['+ola c']],
    ['after which the owner fails', state(['a', 'b']), broken, []],
    ['before which the functions failed', faulty(['a']), state(['a', 'b']), ['+ola b']],
    ['before which the owner failed', broken, state(['a', 'b']), ['+ola a', '+ola b']],
    ['of a faulty document that deletes it', faulty(['a']), NOTHING, ['-ola a']],
  ])('%s', (_what, before, after, expected) => {
    expect(told(importChanges(before, after, MAX))).toEqual(expected);
    expect(isUnchanged(importChanges(before, after, MAX))).toBe(expected.length === 0);
  });
});

describe('what still holds of +lia a, +lia b, -ola c, -ola d', () => {
  const changes = importChanges(state(['c', 'd']), state(['a', 'b'], 'lia'), MAX);

  it.each<[string, ImportState, string[]]>([
    ['the same', state(['a', 'b'], 'lia'), ['+lia a', '+lia b', '-ola c', '-ola d']],
    ['one that went', state(['a'], 'lia'), ['+lia a', '-ola c', '-ola d']],
    ['more than that', state(['a', 'b', 'z'], 'lia'), ['+lia a', '+lia b', '-ola c', '-ola d']],
    ['the former owner', state(['d']), ['-ola c']],
    ['a third owner', state(['a', 'c'], 'bo'), ['-ola c', '-ola d']],
    ['nothing', NOTHING, ['-ola c', '-ola d']],
    ['nothing that can be read', broken, []],
    ['half of it', { ...state(['a'], 'lia'), fault: { error: 1 } }, ['+lia a']],
  ])('where there is now %s', (_what, present, expected) => {
    expect(told(stillHolding(changes, present, MAX))).toEqual(expected);
  });
});

it('a device that is there under another name is not removed', () => {
  const changes = importChanges(state([TOKEN]), NOTHING, MAX);
  expect(told(stillHolding(changes, state([FID]), MAX))).toEqual([]);
});

it('registers what the document says now', () => {
  const changes = importChanges(NOTHING, state([german]), MAX);
  expect(stillHolding(changes, state([english]), MAX).added?.addresses).toMatchObject([
    { facts: { locale: 'en' } },
  ]);
});

/** What a user has, after each event is worked on with the present state in hand. */
function replayed(states: readonly ImportState[], order: readonly number[]): string[] {
  const owned = new Set<string>();
  const present = states.at(-1) ?? NOTHING;
  for (const index of order) {
    const changes = importChanges(states[index - 1] ?? NOTHING, states[index] ?? NOTHING, 100);
    const { added, removed } = stillHolding(changes, present, 100);
    for (const { address } of added?.addresses ?? []) owned.add(address);
    for (const address of removed?.addresses ?? []) owned.delete(address);
  }
  return [...owned].sort();
}

it('whatever order events come in, and however often, all that is there now is owned, and nothing else', () => {
  const entries = fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'));
  const events = fc
    .array(entries, { minLength: 1, maxLength: 6 })
    .chain((writes) =>
      fc.tuple(
        fc.constant(writes),
        fc.shuffledSubarray([...writes.keys(), ...writes.keys()], { minLength: writes.length }),
      ),
    );
  fc.assert(
    fc.property(events, ([writes, some]) => {
      const states = writes.map((each) => state(each));
      const order = [...some, ...[...writes.keys()].filter((index) => !some.includes(index))];
      expect(replayed(states, order)).toEqual([...(writes.at(-1) ?? [])].sort());
    }),
  );
});

it('keeps the last addresses of a document', () => {
  expect(latest(state(['a', 'b', 'c', 'd']), 2).map(({ address }) => address)).toEqual(['c', 'd']);
  expect(latest(state(['a']), 2)).toHaveLength(1);
});
