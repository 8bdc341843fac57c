import { Timestamp } from '@google-cloud/firestore';
import { NO_COUNTS } from '../model/counts';
import { complete } from '../model/notification/complete';
import type { Notification } from '../model/notification/notification';
import { collapseId } from '../providers/apns/aps';
import { compileApns } from '../providers/apns/compile';
import { fcmMessage } from '../providers/fcm/compile';
import type { DeliveryDocument, ShownAs } from './delivery-document';
import { Localiser } from './localise';
import { reachedBy, shownAsOf, sourceReachedBy, usersIn, withdrawalOf } from './withdrawal';

const AT = Date.parse('2026-01-01T00:00:00Z');
const DAY_MS = 86_400_000;

function contentOf(more: Partial<Notification> = {}, withdraw: 'before' | 'shown' = 'shown') {
  const notification = { to: 'ola', title: 'x', ...more };
  return complete(notification, {
    ...{ type: 'like', deliveryId: 'like-e1', eventTime: AT, choice: { withdraw } },
  }).content;
}

describe('what is kept of a push so that it can be withdrawn', () => {
  it('is how devices show it, and until when it may arrive', () => {
    expect(shownAsOf(contentOf({ timeToLive: 60 }))).toEqual({
      ...{ tag: 'like-e1', expiresAt: AT + 60_000 },
    });
  });

  it('says that others have the same tag, its format and its topic', () => {
    const more = {
      collapseKey: 'post-p1',
      expo: { experienceId: '@ana/birds' },
      apns: { topic: 'app.birds' },
    };
    expect(shownAsOf(contentOf(more))).toMatchObject({
      ...{ tag: 'post-p1', isShared: true, topic: 'app.birds' },
      expo: { experienceId: '@ana/birds' },
    });
  });

  it('is nothing where the kind does not ask for it, or a device shows nothing that could be removed', () => {
    expect(shownAsOf(contentOf({}, 'before'))).toBeUndefined();
    expect(shownAsOf(contentOf({ apns: { pushType: 'voip' } }))).toBeUndefined();
  });
});

type Entry = Parameters<typeof reachedBy>[0];
function entry(more: Partial<Entry>): Entry {
  return { state: 'done', attempts: 1, reasons: {}, counts: NO_COUNTS, ...more };
}
const WAITING = { state: 'sending', retryAt: Timestamp.fromMillis(AT) } as const;

describe('whom a delivery has reached', () => {
  const reasons = {
    ana: 'delivered',
    leo: 'delivered + failed:UNAVAILABLE',
    eva: 'failed:OUTCOME_UNKNOWN',
    bo: 'failed:UNAVAILABLE',
    cy: 'muted',
    di: 'withdrawn',
    ed: 'delivered:unchecked',
  };

  it('are those who have it, and those of whom nobody knows', () => {
    expect(reachedBy(entry({ reasons }))).toEqual(['ana', 'leo', 'eva']);
  });

  it('are not known while it is being sent', () => {
    expect(reachedBy(entry({ state: 'sending', reasons }))).toBeUndefined();
  });

  it('are those who have it so far, while others wait', () => {
    const waiting = { ...WAITING, attempts: 0, reasons: { ana: 'delivered', bo: 'retrying:X' } };
    expect(reachedBy(entry(waiting))).toEqual(['ana']);
  });

  it('may be anybody whom a worker was sending to when it died', () => {
    const coverage = { kind: 'listed', uids: ['ana', 'bo', 'cy'] } as const;
    const died = { attempts: 2, coverage, reasons: { ana: 'withdrawn', bo: 'muted' } };
    expect(reachedBy(entry(died))).toEqual(['ana', 'cy']);
    const waiting = { ...WAITING, ...died, attempts: 1, reasons: { ana: 'retrying:X' } };
    expect(reachedBy(entry(waiting))).toEqual(['ana', 'bo', 'cy']);
  });

  it('are nobody’s ids where the ledger names something else', () => {
    expect(usersIn(['ana', 'ana', '', 'a/b'])).toEqual({ uids: ['ana'] });
    expect(usersIn([''])).toBe('nobody');
  });
});

describe('where FCM or a collection knows whom a delivery has reached', () => {
  const delivered = { counts: { ...NO_COUNTS, delivered: 1 } };
  const where = { field: 'plan', op: '==', value: 'pro' } as const;
  it.each<[DeliveryDocument['coverage'], unknown]>([
    [{ kind: 'topic', topic: 'news' }, { topic: 'news' }],
    [{ kind: 'condition', condition: "'a' in topics" }, { condition: "'a' in topics" }],
    [{ kind: 'paged-shards', collection: 'rooms/r1/members' }, { collection: 'rooms/r1/members' }],
    [
      { kind: 'paged-shards', collection: 'users', where },
      { everyone: true, where },
    ],
  ])('%j has it withdrawn from the same', (coverage, source) => {
    expect(sourceReachedBy(entry({ ...delivered, coverage: coverage! }))).toEqual(source);
    expect(sourceReachedBy(entry({ coverage: coverage! }))).toBe('nobody');
  });

  it('waits for all of a large audience, but for nobody who is asleep', () => {
    const users = { kind: 'paged-shards', collection: 'users' } as const;
    const known = { ...users, shards: 2 };
    const reached = (
      coverage: DeliveryDocument['coverage'],
      ...shards: Partial<Entry>[]
    ): unknown =>
      sourceReachedBy(entry({ state: 'sending', coverage: coverage! }), shards.map(entry));
    const asleep = { ...WAITING, attempts: 0 };
    expect(reached(users, delivered)).toBeUndefined();
    expect(reached(known, delivered, { state: 'sending' })).toBeUndefined();
    expect(reached(known, delivered, asleep)).toEqual({ collection: 'users' });
    expect(reached(known, { ...delivered, ...asleep })).toEqual({ collection: 'users' });
    expect(reached(known, {}, asleep)).toBe('nobody');
  });

  it('is nobody while all of it waits for its sender’s budget', () => {
    const coverage = { kind: 'paged-shards', collection: 'users' } as const;
    expect(sourceReachedBy(entry({ ...WAITING, attempts: 0, coverage }))).toBe('nobody');
  });
});

describe('a withdrawal', () => {
  function order(shownAs: Partial<ShownAs>) {
    return withdrawalOf({
      ...{ id: 'like-e2-withdrawal', withdraws: 'like-e1', type: 'like' },
      ...{ document: 'posts/p1/likes/lia', deletedAt: AT, recipients: { uids: [] } },
      shownAs: { tag: 'like-e1', expiresAt: AT + 60_000, ...shownAs },
    });
  }

  it('shows nothing, tells the app what to remove, and nothing holds it back', () => {
    expect(order({})).toMatchObject({
      ...{ id: 'like-e2-withdrawal', withdraws: 'like-e1', eventAt: AT },
      content: {
        ...{ type: 'like', deliveryId: 'like-e2-withdrawal', style: 'data', priority: 'normal' },
        ...{ data: { withdraw: 'like-e1' }, requiredData: ['withdraw'] },
        ...{ tag: 'like-e2-withdrawal', choice: { mandatory: true } },
      },
    });
  });

  it('names the delivery, too, where others have the same tag', () => {
    expect(order({ tag: 'post-p1', isShared: true }).content.data).toEqual({
      ...{ withdraw: 'post-p1', withdrawDelivery: 'like-e1' },
    });
  });

  it('tells Apple’s devices the tag as they know it', () => {
    const { apns } = order({ tag: 'Gespräch' }).content;
    expect(JSON.parse(apns?.custom ?? '')).toEqual({
      withdraw: expect.stringMatching(/^[\w-]{43}$/) as string,
    });
    expect(order({}).content).not.toHaveProperty('apns');
  });

  it('is data alone for every platform, and a background push for Apple’s', async () => {
    const { content } = order({ tag: 'Gespräch' });
    const localiser = new Localiser({ messages: {}, defaultLocale: 'en', warn: () => undefined });
    const localised = await localiser.localise(content, 'en');
    const { notification, data, android, apns } = fcmMessage(localised, AT);
    const withdraw = 'Gespräch';
    expect(notification).toBeUndefined();
    expect(data).toEqual({ withdraw, type: 'like', deliveryId: 'like-e2-withdrawal' });
    expect(android).toMatchObject({ priority: 'NORMAL', collapseKey: undefined });
    expect(apns).toMatchObject({
      headers: { 'apns-push-type': 'background', 'apns-priority': '5' },
      payload: { aps: { 'content-available': 1 }, withdraw: collapseId(withdraw) },
    });
    expect(JSON.parse(compileApns(localised, AT).body)).toEqual({
      ...{ type: 'like', deliveryId: 'like-e2-withdrawal', withdraw: collapseId(withdraw) },
      aps: { 'content-available': 1 },
    });
  });

  it('is worth sending for a day, because a device may show what is long expired, or as long as that may arrive', () => {
    expect(order({}).content.expiresAt).toBe(AT + DAY_MS);
    expect(order({ expiresAt: AT + 9 * DAY_MS }).content.expiresAt).toBe(AT + 9 * DAY_MS);
  });
});
