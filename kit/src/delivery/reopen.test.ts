import { withCodes, type Answer } from './answers';
import type { DeliveryDocument } from './delivery-document';
import { newEnd, reopening } from './reopen';
import { NO_COUNTS, type Counts } from '../model/counts';
import { at, deliveryEntry, EVENT_AT } from '../testing/ledger';

const NOW = EVENT_AT + 60_000;
const HOUR = 60 * 60_000;

function answer(device: string, more: Partial<Answer> = {}): Answer {
  return { uid: 'ana', device, kind: 'fcm', outcome: 'failed', code: 'X', at: EVENT_AT, ...more };
}

function ended(
  answers: readonly Answer[],
  counts: Partial<Counts>,
  more: Partial<DeliveryDocument> = {},
): DeliveryDocument {
  const coverage = { kind: 'listed', uids: ['ana'] } as const;
  return deliveryEntry({ answers, counts: { ...NO_COUNTS, ...counts }, coverage, ...more });
}

describe('what is sent again', () => {
  it.each<[string, Partial<Answer>, boolean, boolean]>([
    ['failed', {}, false, true],
    ['was rejected', { outcome: 'rejected' }, false, true],
    ['came too late', { outcome: 'expired' }, false, true],
    ['was kept by the breaker', { outcome: 'unregistered', prune: 'breaker' }, false, true],
    ['was pruned', { outcome: 'unregistered', prune: 'pruned' }, true, false],
    ['was dead, and could not be pruned', { outcome: 'unregistered', prune: 'error' }, true, false],
    ['changed hands', { outcome: 'gone' }, true, false],
    ['was told', { outcome: 'delivered' }, true, false],
    ['may have been told', { code: 'OUTCOME_UNKNOWN' }, false, false],
    ['may have been told, where that is asked for', { code: 'OUTCOME_UNKNOWN' }, true, true],
  ])('is a device that %s (%j; unknown: %s): %s', (_what, more, unknown, is) => {
    const found = reopening(ended([answer('a', more)], {}), true, { now: NOW, unknown });
    expect(typeof found === 'object' ? found.pending.length : 0).toBe(is ? 1 : 0);
  });

  it('counts and is named no more until it has ended again, beside what became of other devices of its person', () => {
    const told = answer('b', { outcome: 'delivered' });
    const counts = { recipients: 1, addresses: 2, delivered: 1, failed: 1 };
    const entry = ended([answer('a'), told], counts, {
      codes: { X: 1 },
      reasons: { ana: 'delivered + failed:X' },
    });
    expect(reopening(entry, true, { now: NOW })).toEqual({
      pending: [{ uid: 'ana', fingerprint: 'a', attempts: 0, since: NOW, dueAt: NOW, code: 'X' }],
      hasRest: false,
      answers: [told],
      counts: { ...NO_COUNTS, ...counts, failed: 0 },
      codes: {},
      reasons: { ana: 'delivered + retrying:X' },
    });
  });

  it.each<[string, Partial<DeliveryDocument>]>([
    ['recipients who never had their turn', { sent: false }],
    [
      'the pages of a collection that were never begun',
      { sent: true, coverage: { kind: 'paged-shards', collection: 'users' } },
    ],
  ])('is %s, once a delivery was given up', (_what, more) => {
    const entry = ended([], {}, { state: 'failed', errorCode: 'ATTEMPTS_USED_UP', ...more });
    expect(reopening(entry, true, { now: NOW })).toMatchObject({ pending: [], hasRest: true });
    expect(reopening(entry, false, { now: NOW })).toBe('content-gone');
  });

  it.each(['COMPOSE_FAILED', 'INVALID_INPUT'] as const)(
    'is composed anew after %s',
    (errorCode) => {
      const entry = ended([], {}, { state: 'failed', sent: false, errorCode });
      expect(reopening(entry, false, { now: NOW })).toMatchObject({
        recompose: true,
        hasRest: true,
      });
      const { document: _none, ...unnamed } = entry;
      expect(reopening(unnamed, false, { now: NOW })).toBe('nothing-composed');
    },
  );
});

describe('nothing is sent again', () => {
  const unknown = answer('a', { code: 'OUTCOME_UNKNOWN' });
  const failed = { failed: 1 };
  it.each<[string, DeliveryDocument, string]>([
    ['of one under way', ended([answer('a')], failed, { state: 'sending' }), 'under-way'],
    [
      'of one that was cancelled',
      ended([answer('a')], failed, { state: 'failed', errorCode: 'CANCELLED' }),
      'cancelled',
    ],
    ['where all were told', ended([answer('a', { outcome: 'delivered' })], {}), 'nothing-failed'],
    ['where only the unknown are left', ended([unknown], failed), 'outcome-unknown'],
    ['where no device is named', ended([], failed), 'devices-unknown'],
    [
      'of the sum of shards, which have their own',
      ended([], failed, { coverage: { kind: 'hashed-shards', shards: 2 } }),
      'nothing-failed',
    ],
    [
      'of all pages, once they were begun',
      ended([], failed, {
        state: 'failed',
        coverage: { kind: 'paged-shards', collection: 'users', shards: 2 },
      }),
      'nothing-failed',
    ],
  ])('%s', (_what, entry, why) => {
    expect(reopening(entry, true, { now: NOW })).toBe(why);
  });

  it('once what to send is gone', () => {
    expect(reopening(ended([answer('a')], failed), false, { now: NOW })).toBe('content-gone');
  });
});

it('lives as long as it would have from its event, and at least an hour', () => {
  const begun = at(0).toMillis();
  expect(newEnd({ expiresAt: begun + 4 * HOUR }, begun, NOW)).toBe(NOW + 4 * HOUR);
  expect(newEnd({ expiresAt: begun }, begun, NOW)).toBe(NOW + HOUR);
});

it('leaves no code behind of what is sent again, not even of many different ones', () => {
  const many = Array.from({ length: 100 }, (_, nth) => answer(`d${nth}`, { code: `C${nth}` }));
  const codes = withCodes(undefined, many);
  expect(codes).toMatchObject({ OTHER: 70 });
  const entry = ended(many, { failed: 100 }, { codes });
  expect(reopening(entry, true, { now: NOW })).toMatchObject({ codes: {}, counts: { failed: 0 } });
});
