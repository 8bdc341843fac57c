import { Timestamp } from '@google-cloud/firestore';
import { NO_COUNTS } from '../model/counts';
import { sumCodes, type Answer } from './answers';
import type { DeliveryDocument } from './delivery-document';
import { reopening } from './reopen';

const NOW = 1_800_000_000_000;
const AT = Timestamp.fromMillis(NOW);

function ended(answers: readonly Answer[], more: Partial<DeliveryDocument> = {}): DeliveryDocument {
  return {
    ...{ type: 'like', state: 'done', coverage: { kind: 'listed', uids: ['ola'] }, claim: 'c' },
    ...{ attempts: 1, sent: true, pending: [], round: 0, reasons: {}, answers },
    ...{ leaseUntil: AT, createdAt: AT, updatedAt: AT, expiresAt: AT },
    counts: { ...NO_COUNTS, failed: answers.length },
    codes: sumCodes(answers.map(({ code = '' }) => ({ [code]: 1 }))),
    ...more,
  };
}

const failed = (nth: number): Answer => {
  return { uid: 'ola', device: `d${nth}`, outcome: 'failed', code: `C${nth}`, at: NOW };
};

it('leaves no code behind of what is sent again, not even of many different ones', () => {
  const entry = ended(Array.from({ length: 100 }, (_, nth) => failed(nth)));
  expect(entry.codes).toMatchObject({ OTHER: 70 });
  expect(reopening(entry, true, { now: NOW })).toMatchObject({
    codes: {},
    counts: { failed: 0 },
  });
});

it('says that nobody knows any more which devices failed, where that was too much to keep', () => {
  const counts = { ...NO_COUNTS, failed: 3 };
  expect(reopening(ended([], { counts }), true, { now: NOW })).toBe('answers-gone');
  expect(reopening(ended([]), true, { now: NOW })).toBe('nothing-failed');
});
