import { Timestamp } from '@google-cloud/firestore';
import * as fc from 'fast-check';
import type { DeviceDocument } from './device-document';
import { claimTimes, judgeClaim, outlives } from './import-claim';

/** A record as an import makes it. */
function record(
  uid: string,
  writtenAt: number,
  refreshedAt = writtenAt,
  more: Partial<DeviceDocument> = {},
): DeviceDocument {
  const times = claimTimes(writtenAt, refreshedAt, undefined);
  const createdAt = times.refreshedAt;
  const rest = {
    address: 'a:1',
    kind: 'fcm',
    topics: [],
    createdAt,
    refreshedBy: 'array',
  } as const;
  return { uid, ...rest, ...times, ...more };
}

const refreshedAt = Timestamp.fromMillis(500);

describe('a claim of the document that was written at 100', () => {
  it.each([
    ['nothing is on record', {}, 'new'],
    ['another’s is older', { foreign: [record('lia', 99)] }, 'new'],
    ['another’s is as old: the owner on record stays', { foreign: [record('lia', 100)] }, 'lost'],
    ['another’s is newer', { foreign: [record('lia', 101)] }, 'lost'],
    ['one of several is newer', { foreign: [record('lia', 1), record('bo', 101)] }, 'lost'],
    ['another’s came in later, of an older document', { foreign: [record('lia', 50, 500)] }, 'new'],
    [
      'another’s came in later, of a newer document',
      { foreign: [record('lia', 101, 500)] },
      'lost',
    ],
    [
      'another’s came in from an older document, and was refreshed since',
      { foreign: [{ ...record('lia', 50, 400), refreshedAt }] },
      'lost',
    ],
    ['an array without a record is older', { rivals: [{ uid: 'lia', writtenAt: 99 }] }, 'new'],
    ['an array without a record is newer', { rivals: [{ uid: 'lia', writtenAt: 101 }] }, 'lost'],
    ['it is theirs from earlier', { known: record('ola', 99) }, 'new'],
    ['it is theirs from then', { known: record('ola', 100) }, 'kept'],
    ['it is theirs from later', { known: record('ola', 101) }, 'kept'],
    [
      'it is theirs from an older document, imported later',
      { known: record('ola', 99, 500) },
      'new',
    ],
    [
      'it is theirs, and another’s under another name, older',
      { known: record('ola', 101), foreign: [record('lia', 50)] },
      'new',
    ],
    ['it is another’s, given as theirs', { known: record('lia', 101) }, 'new'],
  ] as const)('when %s', (_what, onRecord, outcome) => {
    const nothing = { known: undefined, foreign: [], rivals: [] };
    expect(judgeClaim({ uid: 'ola', writtenAt: 100, ...nothing, ...onRecord })).toBe(outcome);
  });
});

describe('the times of a record', () => {
  it('are the document’s where the device counts as refreshed then', () => {
    expect(claimTimes(100, 100, undefined)).toEqual({ refreshedAt: Timestamp.fromMillis(100) });
  });

  it.each([
    ['a backfill is now', 500, undefined],
    ['a record was refreshed since', 100, record('lia', 50, 500)],
  ])('keep when the document was written where %s', (_what, refreshed, before) => {
    expect(claimTimes(100, refreshed, before)).toEqual({
      refreshedAt,
      imported: { writtenAt: Timestamp.fromMillis(100), refreshedAt },
    });
  });
});

describe('a device that was taken out of a document at 100', () => {
  it.each([
    ['goes if it was claimed before', record('ola', 99), false],
    ['goes if it was claimed before and imported later', record('ola', 99, 500), false],
    ['stays if it was claimed since', record('ola', 101), true],
    ['stays if its app calls', record('ola', 1, 1, { refreshedBy: 'call' }), true],
  ])('%s', (_what, known, stays) => {
    expect(outlives(known, 100)).toBe(stays);
  });
});

it('whoever wrote last owns the device, in whatever order and whenever the documents come in', () => {
  const claim = fc.record({ uid: fc.constantFrom('ola', 'lia', 'bo'), writtenAt: fc.nat(1000) });
  const claims = fc.uniqueArray(claim, { minLength: 1, selector: ({ writtenAt }) => writtenAt });
  fc.assert(
    fc.property(claims, fc.array(fc.nat(2000), { minLength: 1 }), (documents, imports) => {
      let owner: DeviceDocument | undefined;
      documents.forEach(({ uid, writtenAt }, index) => {
        const known = owner?.uid === uid ? owner : undefined;
        const foreign = owner === undefined || owner.uid === uid ? [] : [owner];
        if (judgeClaim({ uid, writtenAt, known, foreign, rivals: [] }) !== 'new') return;
        const importedAt = Math.max(writtenAt, imports[index % imports.length] ?? 0);
        owner = record(uid, writtenAt, 0, claimTimes(writtenAt, importedAt, owner));
      });
      const last = documents.toSorted((a, b) => b.writtenAt - a.writtenAt)[0];
      expect(owner?.uid).toBe(last?.uid);
    }),
  );
});
