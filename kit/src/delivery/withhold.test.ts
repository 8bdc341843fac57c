import { Timestamp } from '@google-cloud/firestore';
import { mustBeThere } from './withhold';

const AT = Date.parse('2026-01-01T00:00:00Z');
const SOON = AT + 2_000;

function entry({ isNew = true, ...more }: { isNew?: boolean; parent?: string } = {}) {
  const at = Timestamp.fromMillis(AT);
  return { id: 'like-e1', document: { eventAt: at, createdAt: at, ...more }, isNew };
}

describe('whether the document is looked up before a push is sent', () => {
  it.each([
    ['not for a push that goes out at once', entry(), 'before', SOON, false],
    ['for an entry that was begun before', entry({ isNew: false }), 'before', SOON, true],
    ['for a part of a large audience', entry({ parent: 'like-e0' }), 'before', SOON, true],
    ['for an event that comes late', entry(), 'before', AT + 31_000, true],
    ['always, where it is withdrawn from devices, too', entry(), 'shown', SOON, true],
    ['never, where nobody asks for it', entry({ isNew: false }), undefined, AT + 31_000, false],
  ] as const)('%s', (_when, held, withdraw, now, expected) => {
    expect(mustBeThere(held, withdraw, now)).toBe(expected);
  });
});
