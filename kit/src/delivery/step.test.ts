import type { Coverage } from './delivery-document';
import type { RecipientPage } from './recipients';
import { resendOf, upToResent } from './step';

const retry = { times: 1, dueBy: 5 };
const next = { times: 1, until: 'u2' };
const LISTED: Coverage = { kind: 'listed', uids: ['u3', 'u1', 'u2'] };
const RANGE: Coverage = { kind: 'range', collection: 'users', after: '', until: 'u9' };

describe.each<[string, Coverage, string[], string[]]>([
  ['a list', LISTED, ['u3', 'u1', 'u2'], ['u3', 'u1', 'u2']],
  ['a list that goes on', LISTED, ['u1', 'u2', 'u3'], ['u1', 'u2']],
  ['a collection', RANGE, ['u1', 'u2', 'u3'], ['u1', 'u2']],
  ['a collection that the last of it has left', RANGE, ['u1', 'u3', 'u4'], ['u1']],
  ['a collection that all of it have left', RANGE, ['u3', 'u4'], ['u3', 'u4']],
])('a step up to u2 that is sent again, of %s', (_what, coverage, uids, expected) => {
  const records = uids.map((uid) => ({ uid }));
  const page = { records, isLast: true, at: 0 } as unknown as RecipientPage;
  const entry = { coverage, resends: { retry, next } };
  const taken = upToResent(entry, page);

  it('ends where it did, and others come after it', () => {
    expect(taken.records.map(({ uid }) => uid)).toEqual(expected);
    expect(taken.isLast).toBe(expected.length === uids.length);
  });

  it('is what its note is about, and nobody else is', () => {
    const until = taken.records.at(-1)?.uid ?? '';
    const isAboutThem = expected.some((uid) => uid <= 'u2');
    const about = resendOf(entry, { kind: 'next', until });
    expect(about).toBe(isAboutThem ? next : undefined);
    expect(resendOf(entry, { kind: 'retry', dueBy: 5 })).toBe(retry);
  });
});
