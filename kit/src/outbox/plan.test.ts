import { GeoPoint, Timestamp } from '@google-cloud/firestore';
import type { PushDocument } from './push-document';
import { plan, type PlanInput, type Plan, type PushUpdate } from './plan';

const NOW = 1_800_000_000_000;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

function planned(document: object, more: Partial<PlanInput> = {}): Plan {
  return plan({
    id: 'p1',
    document: document as PushDocument,
    delivery: 'none',
    now: NOW,
    retentionMs: 30 * DAY,
    ...more,
  });
}

/** The document after an update, as the store writes it. */
function after(document: object, update: PushUpdate | undefined): object {
  const merged = { ...document, ...update };
  return Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== undefined));
}

/** The document as it stands after it was planned once. */
function accepted(document: object, more: Partial<PlanInput> = {}): Record<string, unknown> {
  return after(document, planned(document, more).update) as Record<string, unknown>;
}

const later = (ms: number) => Timestamp.fromMillis(NOW + ms);
const SALE = { to: 'ola', title: 'Sale', body: 'Today' };
const TOMORROW = { ...SALE, sendAt: later(DAY) };

describe('a new document', () => {
  it('is decided as its kind says, where the kind is declared', () => {
    const choiceOf = (type: string) =>
      type === 'offer' ? { way: 'silent' as const, mandatory: true as const } : {};
    const contentOf = (document: object) => {
      const { next } = planned({ ...SALE, ...document }, { choiceOf });
      return next.kind === 'deliver' ? next.order.content : undefined;
    };
    expect(contentOf({ type: 'offer', target: 'shops/s1' })).toMatchObject({
      choice: { way: 'silent', mandatory: true, target: 'shops/s1' },
    });
    expect(contentOf({ type: 'other' })).not.toHaveProperty('choice');
  });

  it('is sent at once, under an id of its own in the ledger', () => {
    const { update, next } = planned(SALE);
    expect(update).toMatchObject({
      state: 'sending',
      accepted: { state: 'sending', revision: 1, dueAt: later(0) },
      createdAt: later(0),
      sendingAt: later(0),
      expiresAt: later(30 * DAY),
    });
    expect(next).toMatchObject({
      kind: 'deliver',
      order: {
        id: 'push-p1',
        outbox: 'p1',
        recipients: { uids: ['ola'] },
        content: { type: 'push', title: 'Sale', body: 'Today', deliveryId: 'push-p1' },
      },
    });
  });

  it('with a time to come waits for it, and is kept from then on', () => {
    const { update, next } = planned(TOMORROW);
    expect(update).toMatchObject({
      state: 'scheduled',
      scheduledAt: later(0),
      expiresAt: later(31 * DAY),
    });
    expect(next).toEqual({ kind: 'await', dueAt: NOW + DAY, revision: 1 });
  });

  it('with a time that is over is sent at once, and lives from now', () => {
    const { next } = planned({ ...SALE, sendAt: later(-HOUR), timeToLive: 60 });
    expect(next).toMatchObject({ order: { content: { expiresAt: NOW + 60_000 } } });
  });

  it('lives from when it is due, not from when it was written', () => {
    const due = planned(accepted({ ...TOMORROW, timeToLive: 60 }), { now: NOW + DAY + 5 });
    expect(due.next).toMatchObject({ order: { content: { expiresAt: NOW + DAY + 60_000 } } });
  });

  it('that was cancelled before anybody saw it is not sent', () => {
    const { update, next } = planned({ ...SALE, state: 'cancelled' });
    expect(update).toMatchObject({ state: 'cancelled', finishedAt: later(0) });
    expect(next).toEqual({ kind: 'nothing' });
  });

  it('whose id was sent before is refused: it was overwritten, or deleted and written again', () => {
    const { update, next } = planned(SALE, { delivery: 'begun' });
    expect(update).toMatchObject({
      state: 'failed',
      error: expect.stringContaining('sent before') as string,
    });
    expect(next).toEqual({ kind: 'nothing' });
  });

  it.each<[string, object, object]>([
    ['users', { uids: ['ola', 'lia'] }, { to: ['ola', 'lia', 'ola'] }],
    [
      'addresses, which are not part of the order',
      { addresses: true },
      { to: { addresses: ['a:1'] } },
    ],
    ['a topic', { topic: 'news' }, { to: { topic: 'news' } }],
    ['a condition', { condition: "'a' in topics" }, { to: { condition: "'a' in topics" } }],
    ['everyone', { everyone: true }, { to: { everyone: true } }],
    ['members', { collection: 'chats/c/members' }, { to: { members: 'chats/c/members' } }],
    [
      'users by a field',
      { everyone: true, where: { field: 'locale', op: '==', value: 'de' } },
      { to: { users: { field: 'locale', op: '==', value: 'de' } } },
    ],
  ])('goes to %s', (_what, recipients, to) => {
    expect(planned({ ...SALE, ...to }).next).toMatchObject({
      kind: 'deliver',
      order: { recipients },
    });
  });

  it('says what is wrong field by field, and names no address', () => {
    const { update, next } = planned({
      to: { addresses: ['has spaces in it'] },
      title: 7,
      image: 'javascript:alert(1)',
      data: { from: 'me', ok: 1 },
      sendAt: 'tomorrow',
      validateOnly: 'yes',
      type: '!',
      android: {},
    });
    expect(next).toEqual({ kind: 'nothing' });
    expect(update).toMatchObject({ state: 'failed', finishedAt: later(0) });
    expect(Object.keys(update?.errors ?? {}).sort()).toEqual([
      '(value)',
      'data.from',
      'data.ok',
      'image',
      'sendAt',
      'title',
      'to.addresses',
      'type',
      'validateOnly',
    ]);
    expect(JSON.stringify(update?.errors)).not.toContain('has spaces');
  });

  it.each<[object, string, RegExp]>([
    [{}, 'to', /a user id, a list of user ids, or one of/],
    [
      { to: { condition: "'a' in topics &&& 'b' in topics" } },
      'to.condition',
      /character 17.*\n.*\n {16}\^/s,
    ],
    [{ to: { topic: '/topics/news' } }, 'to.topic', /without \/topics\//],
    [{ to: { topic: 'news', condition: 'x' } }, 'to', /one of/],
    [{ to: { users: { field: 'age', op: '>=', value: 3 } } }, 'to.users.op', /field of its own/],
    [{ to: { users: { field: 'a b', op: '==', value: 3 } } }, 'to.users.field', /field of users/],
    [{ to: { users: { field: 'a', op: '==', value: [1] } } }, 'to.users.value', /string, number/],
    [{ to: { users: { field: 'a', op: 'in', value: 1 } } }, 'to.users.value', /list of 1 to 30/],
    [{ to: { users: { field: 'a', op: 'in', value: [] } } }, 'to.users.value', /list of 1 to 30/],
    [
      { to: { users: { field: 'a', op: 'in', value: [{}] } } },
      'to.users.value',
      /a list of strings/,
    ],
    [{ to: { addresses: [] } }, 'to.addresses', /1 to 1000/],
    [
      { to: { addresses: ['ExponentPushToken[x]'] } },
      'to.addresses',
      /Expo push tokens are not accepted/,
    ],
    [{ title: 7 }, 'title', /expected a text/],
    [{ to: { everyone: false } }, 'to.everyone', /true/],
    [{ title: undefined, body: undefined }, 'title', /style "data"/],
    [{ title: '\u200B', body: ' ' }, 'title', /to show/],
    [{ title: '', body: '', badge: 0 }, 'title', /badge without a text/],
    [{ image: 'https://192.168.0.1/p.jpg' }, 'image', /public host/],
    [{ image: 'http://example.com/p.jpg' }, 'image', /https/],
    [{ data: { type: 'x' } }, 'data.type', /another key/],
    [{ data: { __x__: 'x' } }, 'data.__x__', /reserved by Firestore/],
    [{ requiredData: ['id'] }, 'requiredData', /keys that are in data/],
  ])('%j is refused at %s', (change, field, what) => {
    const document = { ...SALE, ...change } as Record<string, unknown>;
    if (Object.keys(change).length === 0) delete document['to'];
    expect(planned(document).update?.errors?.[field]).toMatch(what);
  });
});

describe('a document that was planned', () => {
  it.each([
    ['scheduled', TOMORROW],
    ['refused for its fields', { to: 7 }],
    ['cancelled', { ...SALE, state: 'cancelled' }],
    [
      'with odd values',
      { to: 7, where: new GeoPoint(1, 2), raw: Buffer.from('x'), n: NaN, l: [null] },
    ],
  ])('and is %s needs no further update', (_what, document) => {
    expect(planned(accepted(document)).update).toBeUndefined();
  });

  it('is told from its fields in whatever order they come', () => {
    const { title, ...rest } = accepted(TOMORROW);
    expect(planned({ title, ...rest }).update).toBeUndefined();
  });
});

it('a push that an earlier release ended as "partly" is ended', () => {
  const ended = accepted(SALE);
  const older = { ...(ended['accepted'] as object), state: 'partly' };
  const document = { ...ended, state: 'partly', accepted: older } as unknown as PushDocument;
  expect(planned(document)).toEqual({ next: { kind: 'nothing' } });
  expect(planned({ ...document, title: 'Edited' }).update).toMatchObject({
    refused: { reason: expect.stringContaining('already sent') as string },
  });
});

describe('a scheduled push', () => {
  const scheduled = accepted(TOMORROW);

  it('is sent when it is due', () => {
    const { update, next } = planned(scheduled, { now: NOW + DAY });
    expect(update).toMatchObject({ state: 'sending', accepted: { revision: 1 } });
    expect(next).toMatchObject({ kind: 'deliver' });
  });

  it('is not sent before', () => {
    expect(planned(scheduled, { now: NOW + DAY - 1 })).toEqual({
      next: { kind: 'await', dueAt: NOW + DAY, revision: 1 },
    });
  });

  it('that is moved waits for its new time, as a new revision', () => {
    const { update, next } = planned({ ...scheduled, sendAt: later(2 * DAY) });
    expect(update).toMatchObject({ state: 'scheduled', accepted: { revision: 2 } });
    expect(next).toEqual({ kind: 'await', dueAt: NOW + 2 * DAY, revision: 2 });
  });

  it('whose time is taken away is sent at once', () => {
    const { sendAt: _gone, ...now } = scheduled;
    expect(planned(now).next).toMatchObject({ kind: 'deliver' });
  });

  it('that is cancelled is not sent', () => {
    const { update, next } = planned({ ...scheduled, state: 'cancelled' });
    expect(update).toMatchObject({
      state: 'cancelled',
      accepted: { state: 'cancelled' },
      nextAt: undefined,
    });
    expect(next).toEqual({ kind: 'nothing' });
  });

  it('that is edited into nonsense is refused, with the field', () => {
    expect(planned({ ...scheduled, to: 7 }).update).toMatchObject({
      state: 'failed',
      errors: { to: expect.any(String) as string },
    });
  });

  it('whose state is forged keeps its own', () => {
    const { update } = planned({ ...scheduled, state: 'sent' });
    expect(update).toMatchObject({
      state: 'scheduled',
      refused: { reason: expect.stringContaining('cancelled') as string },
    });
  });
});

describe('an edit that comes too late', () => {
  const sending = accepted(SALE);
  const sent = {
    ...sending,
    state: 'sent',
    accepted: { ...(sending['accepted'] as object), state: 'sent' },
  };

  it.each([
    ['while it is being sent', sending, 'it was already being sent'],
    ['when it was sent', sent, 'already sent'],
    [
      'when it was cancelled',
      accepted({ ...SALE, state: 'cancelled' }),
      'it had already been cancelled',
    ],
  ])('%s is refused with the reason, once', (_what, document, reason) => {
    const edited = { ...document, title: 'Bigger sale' };
    const { update, next } = planned(edited);
    expect(update).toEqual({
      refused: {
        at: later(0),
        hash: expect.any(String) as string,
        reason: expect.stringContaining(reason) as string,
      },
    });
    expect(next).toEqual({ kind: 'nothing' });
    expect(planned(after(edited, update)).update).toBeUndefined();
  });

  it('such as a cancellation gives the state back', () => {
    expect(planned({ ...sent, state: 'cancelled' }).update).toMatchObject({ state: 'sent' });
  });
});

describe('a push that failed for its fields', () => {
  it('may be mended: nothing of it was sent', () => {
    const failed = accepted({ ...SALE, title: 7 });
    const { update, next } = planned({ ...failed, title: 'Sale' });
    expect(update).toMatchObject({ state: 'sending', accepted: { revision: 2 } });
    expect(after(failed, update)).not.toHaveProperty('errors');
    expect(next).toMatchObject({ kind: 'deliver' });
  });
});

describe('a push under way', () => {
  const sending = accepted(SALE);

  it('goes on with the same order, whoever looks at it', () => {
    const { update, next } = planned(sending, { now: NOW + HOUR });
    expect(update).toEqual({ nextAt: later(HOUR + 15 * 60_000) });
    expect(next).toEqual(planned(SALE).next);
  });

  it('that was edited and never reached the ledger is failed, since what it said is gone', () => {
    const edited = { ...sending, title: 'Other' };
    expect(planned(edited, { now: NOW + HOUR }).update).toMatchObject({ state: 'failed' });
    expect(planned(edited, { now: NOW + HOUR, delivery: 'begun' }).update).not.toHaveProperty(
      'state',
    );
  });

  it('is kept for longer than a large audience is given, however soon others are deleted', () => {
    expect(planned(SALE, { retentionMs: 2 * DAY }).update?.expiresAt).toEqual(later(9 * DAY));
    expect(planned(TOMORROW, { retentionMs: 2 * DAY }).update?.expiresAt).toEqual(later(3 * DAY));
  });

  it('that was edited into what cannot be sent is left to a later sweep', () => {
    const edited = { ...sending, to: 7 };
    const { update, next } = planned(edited, { delivery: 'begun', now: NOW + HOUR });
    expect(update).toMatchObject({ refused: {}, nextAt: later(HOUR + 15 * 60_000) });
    expect(next).toEqual({ kind: 'nothing' });
  });

  it('that was edited goes on once it is overdue, because its worker may have died before all were written down', () => {
    const edited = { ...sending, title: 'Other' };
    const begun = { delivery: 'begun' } as const;
    expect(planned(edited, begun).next).toEqual({ kind: 'nothing' });
    const { update, next } = planned(edited, { ...begun, now: NOW + HOUR });
    expect(update).toMatchObject({ refused: {}, nextAt: later(HOUR + 15 * 60_000) });
    expect(next).toMatchObject({ kind: 'deliver', order: { recipients: { uids: [SALE.to] } } });
  });
});

describe('a dry run', () => {
  it('says so to the providers and to whoever reads the counts', () => {
    const { update, next } = planned({ ...SALE, validateOnly: true });
    expect(update?.note).toContain('nothing was delivered');
    expect(next).toMatchObject({ order: { content: { validateOnly: true } } });
  });
});
