import { Timestamp } from '@google-cloud/firestore';
import { LocalTimes } from '../decision/local-times';
import { Temporal } from 'temporal-polyfill';
import { readPush } from './fields';
import { localTimeOf, SEND_TIME_EXPECTED, spanOf } from './local-send-time';
import { plan } from './plan';

const MORNING = { local: '09:00', date: '2027-06-01' };
const SALE = { to: ['ola'], title: 'Sale', sendAt: MORNING };
const HOUR = 60 * 60_000;

describe('a push for a time of day', () => {
  it('begins when that is in the first time zone of the earth, and ends with the last', () => {
    const { first, last } = spanOf(MORNING);
    const times = new LocalTimes(Temporal, 'UTC');
    const instants = [...Intl.supportedValuesOf('timeZone'), 'Etc/GMT-14', 'Etc/GMT+12'].map(
      (zone) => times.instantOf(localTimeOf(MORNING), zone),
    );
    expect(Math.min(...instants)).toBe(first);
    expect(Math.max(...instants)).toBe(last);
  });

  it('waits, is then handed over with the time, and lives from when the last may have it', () => {
    const { first, last } = spanOf(MORNING);
    const input = { id: 'p', delivery: 'none', retentionMs: 1 } as const;
    const waiting = plan({ ...input, document: { ...SALE, timeToLive: 60 }, now: first - HOUR });
    expect(waiting).toMatchObject({ update: { state: 'scheduled' }, next: { dueAt: first } });
    const document = { ...SALE, timeToLive: 60, ...defined(waiting.update) };
    const { next } = plan({ ...input, document, now: first });
    expect(next).toMatchObject({
      kind: 'deliver',
      order: {
        content: { choice: { notBefore: { date: '2027-06-01', time: '09:00' } } },
      },
    });
    expect(next.kind === 'deliver' && next.order.content.expiresAt).toBe(last + 60_000);
  });

  it('of the past is sent at once', () => {
    const now = spanOf(MORNING).last + HOUR;
    const { next } = plan({ id: 'p', document: SALE, delivery: 'none', now, retentionMs: 1 });
    expect(next.kind).toBe('deliver');
  });

  it.each<[string, unknown, string?]>([
    ['no time of day', { date: '2027-06-01' }],
    ['no date', { local: '09:00' }],
    ['a time that is none', { local: '24:00', date: '2027-06-01' }, 'sendAt.local'],
    ['a date that is none', { local: '09:00', date: '2027-02-30' }, 'sendAt.date'],
    ['a field more', { ...MORNING, zone: 'Europe/Berlin' }],
    ['a text', '09:00'],
    ['nothing', null],
  ])('with %s is refused by name, and with what to write', (_what, sendAt, field = 'sendAt') => {
    expect(readPush({ to: 'ola', title: 'Sale', sendAt })).toEqual({
      errors: { [field]: SEND_TIME_EXPECTED },
    });
  });

  it.each([{ topic: 'news' }, { condition: "'a' in topics" }])('is not for %j', (to) => {
    expect(readPush({ ...SALE, to })).toMatchObject({
      errors: { sendAt: 'expected a timestamp: nobody knows the time zones of a topic' },
    });
    expect(readPush({ ...SALE, to, sendAt: Timestamp.fromMillis(0) })).toHaveProperty('push');
  });
});

function defined(update: object | undefined): object {
  return Object.fromEntries(
    Object.entries(update ?? {}).filter(([, value]) => value !== undefined),
  );
}
