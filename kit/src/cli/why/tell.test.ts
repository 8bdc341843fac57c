import type { DeliveryDocument } from '../../delivery/delivery-document';
import { NO_COUNTS } from '../../model/counts';
import { at, deliveryEntry, EVENT_AT, noteEntry } from '../../testing/ledger';
import type { DeviceRecord, EventRecord } from './record';
import { tell } from './tell';

const NOW = EVENT_AT + 60_000;
const PHONE: DeviceRecord = {
  fingerprint: '0123456789abcdef',
  uid: 'ana',
  kind: 'fcm',
  platform: 'android',
  topics: ['news'],
};

function told(record: Partial<EventRecord>, person?: string) {
  const devices = new Map([[PHONE.fingerprint, PHONE]]);
  return tell({ id: 'like-e1', ...record }, { person, devices, now: NOW });
}

const about = (entry: Partial<DeliveryDocument>, person?: string) =>
  told({ entry: deliveryEntry(entry) }, person);

const DEAD = {
  counts: { ...NO_COUNTS, recipients: 1, addresses: 1, unregistered: 1 },
  reasons: { ana: 'pruned' },
  answers: [
    {
      uid: 'ana',
      device: PHONE.fingerprint,
      kind: 'fcm',
      outcome: 'unregistered',
      code: 'UNREGISTERED',
      prune: 'pruned',
      at: EVENT_AT + 800,
    },
  ],
} as const satisfies Partial<DeliveryDocument>;

const SENDING = {
  state: 'sending',
  sent: false,
  counts: NO_COUNTS,
  reasons: {},
  coverage: { kind: 'listed', uids: ['ana'] },
  leaseUntil: at(330_000),
} as const satisfies Partial<DeliveryDocument>;

const WAITING = {
  ...SENDING,
  sent: true,
  retryAt: at(90_000),
  reasons: { ana: 'retrying:QUOTA_EXCEEDED' },
  pending: [
    {
      uid: 'ana',
      fingerprint: PHONE.fingerprint,
      attempts: 1,
      since: EVENT_AT,
      dueAt: EVENT_AT + 90_000,
      code: 'QUOTA_EXCEEDED',
    },
  ],
  rounds: [{ at: EVENT_AT + 700, waiting: 1, code: 'QUOTA_EXCEEDED', dueAt: EVENT_AT + 90_000 }],
} as const satisfies Partial<DeliveryDocument>;

const COMPOSING = noteEntry({
  composing: { error: 'Cannot read properties of undefined', tries: 3, until: at(3_600_000) },
});

it.each<[string, Partial<EventRecord>, string | undefined, string, RegExp]>([
  ['delivered', { entry: deliveryEntry() }, 'ana', 'told', /^ana was told\. Delivered/],
  [
    'a dead token',
    { entry: deliveryEntry(DEAD) },
    'ana',
    'failed',
    /^ana was not told\. .*FCM.* Its address was removed\.$/,
  ],
  [
    'no user document',
    { entry: deliveryEntry({ reasons: { ana: 'no-user' } }) },
    'ana',
    'failed',
    /^ana was not told\. There is no user document/,
  ],
  [
    'no device',
    { entry: deliveryEntry({ reasons: { ana: 'no-address' } }) },
    'ana',
    'failed',
    /^ana was not told\. No device/,
  ],
  [
    'muted',
    { entry: deliveryEntry({ reasons: { ana: 'muted' } }) },
    'ana',
    'nobody',
    /^ana was not to be told\. Left out on purpose/,
  ],
  [
    'beyond the budget of whoever did it',
    { entry: deliveryEntry({ reasons: { ana: 'over-budget' }, withheld: 'over-budget' }) },
    'ana',
    'nobody',
    /^ana was not to be told\. Left out on purpose: whoever did it had used up/,
  ],
  [
    'beyond it, people whom the entry does not name',
    {
      entry: deliveryEntry({
        ...{ reasons: {}, withheld: 'over-budget', counts: NO_COUNTS },
        coverage: { kind: 'hashed-shards', shards: 3 },
      }),
    },
    undefined,
    'nobody',
    /^Nobody was told\. Left out on purpose: whoever did it had used up/,
  ],
  [
    'waiting for the budget',
    {
      entry: deliveryEntry({
        ...{ state: 'sending', sent: false, reasons: {}, counts: NO_COUNTS },
        coverage: { kind: 'listed', uids: ['ana'] },
        sender: { actor: 'leo', size: 1 },
        retryAt: at(90_000),
      }),
    },
    'ana',
    'under-way',
    /^ana has not been told yet: whoever did it has used up .* tried again at 2026-11-28T12:01:30\.000Z/,
  ],
  [
    'told with others',
    { entry: deliveryEntry({ reasons: { ana: 'digested:like-digest-7' } }) },
    'ana',
    'nobody',
    /^ana is told with others\. One push tells it with others of its kind: the delivery like-digest-7\.$/,
  ],
  [
    'gathering',
    {
      entry: deliveryEntry({
        ...{ state: 'sending', sent: false, reasons: {}, counts: NO_COUNTS },
        coverage: { kind: 'listed', uids: ['ana'] },
        digest: 'digest~1',
        retryAt: at(90_000),
      }),
    },
    'ana',
    'under-way',
    /^ana has not been told yet: events of this kind are gathered until 2026-11-28T12:01:30\.000Z\.$/,
  ],
  [
    'with nothing left of a digest',
    { entry: deliveryEntry({ reasons: { ana: 'digest-empty' }, withheld: 'digest-empty' }) },
    'ana',
    'nobody',
    /^ana was not to be told\. Nothing was left to tell/,
  ],
  [
    'one device of two',
    { entry: deliveryEntry({ reasons: { ana: 'delivered + failed:THIRD_PARTY_AUTH_ERROR' } }) },
    'ana',
    'partly',
    /^ana was told, but not on every device\./,
  ],
  [
    'the one who did it',
    { entry: deliveryEntry() },
    'leo',
    'nobody',
    /^leo was not among the recipients, but the one who did it \("actor"\)\. It was for ana\.$/,
  ],
  [
    'a stranger',
    { entry: deliveryEntry() },
    'bo',
    'nobody',
    /^bo was not among the recipients\. It was for ana\.$/,
  ],
  [
    'a retry',
    { entry: deliveryEntry(WAITING) },
    'ana',
    'under-way',
    /^ana has not been told yet\./,
  ],
  [
    'a turn to come',
    { entry: deliveryEntry(SENDING) },
    'ana',
    'under-way',
    /^ana has not been told yet: their turn has not come\.$/,
  ],
  [
    'nobody, with a reason',
    { nobody: noteEntry({ nobody: 'the post has no owner' }) },
    'ana',
    'nobody',
    /^ana was not told, nor was anybody: the post has no owner\.$/,
  ],
  [
    'nobody, without a reason',
    { nobody: noteEntry() },
    undefined,
    'nobody',
    /^Nobody was told: compose returned null\.$/,
  ],
  [
    'compose that fails',
    { compose: COMPOSING },
    undefined,
    'under-way',
    /^Nobody has been told yet: compose failed 3 times: .* The event comes again until 2026-11-28T13:00:00\.000Z\.$/,
  ],
  [
    'compose that failed for good',
    {
      entry: deliveryEntry({
        state: 'failed',
        reasons: {},
        counts: NO_COUNTS,
        errorCode: 'COMPOSE_FAILED',
        error: 'boom',
      }),
    },
    'ana',
    'failed',
    /^ana was not told, nor was anybody\. Your compose threw .* boom\.$/,
  ],
  [
    'an earlier version, which has no code',
    {
      entry: deliveryEntry({
        state: 'failed',
        reasons: {},
        counts: NO_COUNTS,
        error: 'given up after 8 attempts',
      }),
    },
    undefined,
    'failed',
    /^Nobody was told\. given up after 8 attempts\.$/,
  ],
  ['one recipient, whoever asks', { entry: deliveryEntry() }, undefined, 'told', /^ana was told\./],
])('answers for %s', (_what, record, person, state, answer) => {
  expect(told(record, person)).toMatchObject({
    state,
    answer: expect.stringMatching(answer) as string,
  });
});

describe('of several people', () => {
  const reasons = { ana: 'delivered', bo: 'no-address', kim: 'failed:THIRD_PARTY_AUTH_ERROR' };
  const counts = {
    ...NO_COUNTS,
    recipients: 3,
    addresses: 2,
    delivered: 1,
    failed: 1,
    unreachable: 1,
  };

  it('says how many were told, and what most of the others lack, with what to do', () => {
    expect(about({ reasons, counts })).toMatchObject({
      state: 'partly',
      answer: expect.stringMatching(
        /^1 device of 3 people took it, 1 device did not\. For 1 person: FCM could not/,
      ) as string,
      remedy: expect.stringContaining('APNs key') as string,
    });
  });

  it('names the fault also where more people have no device', () => {
    const { answer, remedy } = about({
      reasons: { ...reasons, lia: 'no-address', max: 'no-address' },
      counts: { ...counts, recipients: 5, unreachable: 3 },
    });
    expect(answer).toContain('For 1 person: FCM could not');
    expect(remedy).toContain('APNs key');
  });

  it('does not call it told where the breaker kept devices that were called gone', () => {
    const people = Array.from({ length: 30 }, (_, nth) => `u${nth}`);
    const kept = about({
      reasons: Object.fromEntries(
        people.map((uid, nth) => [uid, nth < 26 ? 'kept:breaker' : 'delivered']),
      ),
      counts: { ...NO_COUNTS, recipients: 30, addresses: 30, delivered: 4, unregistered: 26 },
      codes: { KEPT_BREAKER: 26 },
    });
    expect(kept).toMatchObject({
      state: 'partly',
      answer: expect.stringMatching(
        /^4 devices of 30 people took it, 26 devices did not\. For 26 people: The provider called/,
      ) as string,
    });
  });

  it('says why somebody heard nothing also where nothing failed', () => {
    expect(
      about({
        reasons: { ana: 'delivered', bo: 'no-address' },
        counts: { ...NO_COUNTS, recipients: 2, addresses: 1, delivered: 1, unreachable: 1 },
      }),
    ).toMatchObject({
      state: 'told',
      answer:
        '1 device of 2 people took it. For 1 person: No device is registered for this person.',
    });
  });

  it('has a line for each, those first who were not told', () => {
    const people = about({ reasons, counts }).lines.filter(({ what }) => what === 'person');
    expect(people.map(({ person, severity }) => [person, severity])).toEqual([
      ['bo', 'note'],
      ['kim', 'problem'],
      ['ana', 'good'],
    ]);
  });

  it('names 25 of them and counts the rest', () => {
    const many = Object.fromEntries(
      Array.from({ length: 40 }, (_, nth) => [`u${nth}`, 'delivered']),
    );
    const people = about({ reasons: many }).lines.filter(({ what }) => what === 'person');
    expect(people).toHaveLength(26);
    expect(people.at(-1)?.text).toBe('15 further people.');
  });

  it('says nobody was to be told where all muted it', () => {
    expect(
      about({
        reasons: { ana: 'muted', bo: 'is-actor' },
        counts: { ...NO_COUNTS, recipients: 2, skipped: 2 },
      }),
    ).toMatchObject({ state: 'nobody', answer: 'Nobody of 2 people was told.' });
  });
});

describe('a push whose document was deleted', () => {
  it('was not sent, and that is why', () => {
    const { state, answer, lines } = about({
      withheld: 'withdrawn',
      reasons: { ana: 'withdrawn' },
      counts: { ...NO_COUNTS, recipients: 1, skipped: 1 },
    });
    expect({ state, answer }).toEqual({
      state: 'nobody',
      answer:
        'ana was not to be told. Left out on purpose: what it tells of was deleted before it was sent.',
    });
    expect(lines.at(-1)?.text).toMatch(/: 0 took it\. Left out on purpose: .* was deleted/);
  });

  it('is withdrawn by a delivery of its own, which says so', () => {
    const { answer, lines } = about({ withdraws: 'like-e0', document: 'posts/p1/likes/leo' });
    expect(answer).toMatch(/^This withdraws delivery like-e0, .* shows nothing\. ana was told\./);
    expect(lines[0]?.text).toBe('posts/p1/likes/leo was deleted.');
    expect(lines[1]?.text).toMatch(/^What withdraws delivery like-e0 from the devices/);
  });
});

describe('the timeline', () => {
  it('goes from the write to each device, with times, and names devices without their address', () => {
    const { at: when, lines } = about(DEAD, 'ana');
    expect(when).toBe('2026-11-28T12:00:00.000Z');
    expect(lines.map(({ what, at: time }) => [what, time?.slice(17, 23)])).toEqual([
      ['event', '00.000'],
      ['compose', '00.400'],
      ['audience', '00.400'],
      ['person', undefined],
      ['device', '00.800'],
      ['end', '00.900'],
    ]);
    expect(lines[4]).toMatchObject({
      code: 'UNREGISTERED',
      person: 'ana',
      device: { fingerprint: PHONE.fingerprint, kind: 'fcm', platform: 'android' },
    });
    expect(lines[4]?.text).toMatch(/^Android device 0123456789abcdef \(FCM token\) of ana: /);
  });

  it('says when what waits is tried again, and why it waits', () => {
    const { lines } = about(WAITING, 'ana');
    expect(lines.find(({ what }) => what === 'round')).toMatchObject({ code: 'QUOTA_EXCEEDED' });
    expect(lines.at(-1)).toMatchObject({
      what: 'next',
      text: expect.stringMatching(
        /^Device 0123456789abcdef of ana is tried again at 2026-11-28T12:01:30\.000Z after 1 try\. /,
      ) as string,
    });
  });

  it('says that the sweep takes up what nobody works on', () => {
    const { lines } = about({ ...SENDING, leaseUntil: at(30_000) });
    expect(lines.at(-1)).toMatchObject({
      what: 'next',
      severity: 'problem',
      text: expect.stringContaining('the sweep') as string,
    });
  });

  it('says until when an event comes again, or that it did not', () => {
    expect(told({ compose: COMPOSING }).lines.at(-1)?.text).toContain('until 2026-11-28T13:00:00');
    const over = noteEntry({ composing: { error: 'boom', tries: 9, until: at(30_000) } });
    expect(told({ compose: over }).lines.at(-1)).toMatchObject({ severity: 'problem' });
  });

  it('keeps the failures of compose that went well in the end, as no problem', () => {
    const { lines, state } = told({ entry: deliveryEntry(), compose: COMPOSING });
    expect(state).toBe('told');
    expect(lines.filter(({ code }) => code === 'COMPOSE_FAILED')).toMatchObject([
      { severity: 'note', text: expect.stringContaining('failed 3 times') as string },
    ]);
  });

  it('of an entry of an earlier version, which names no document, begins with what it has', () => {
    const { document: _none, eventAt: _neither, ...older } = deliveryEntry();
    const { lines, at: when } = told({ entry: older });
    expect(when).toBe('2026-11-28T12:00:00.400Z');
    expect(lines[0]).toMatchObject({ what: 'compose' });
  });
});

describe('a large delivery', () => {
  const parent = deliveryEntry({
    reasons: {},
    coverage: { kind: 'hashed-shards', shards: 40 },
    counts: { ...NO_COUNTS, recipients: 20_000, addresses: 20_000, delivered: 20_000 },
  });
  const shard = deliveryEntry({
    parent: 'like-e1',
    reasons: { ana: 'no-address', bo: 'delivered' },
  });

  it('names the shard that the person belongs to, and what became of them there', () => {
    const story = told({ entry: parent, shard: { number: 16, document: shard } }, 'ana');
    expect(story).toMatchObject({
      state: 'failed',
      answer: expect.stringMatching(/^ana was not told/) as string,
    });
    expect(story.lines.map(({ text }) => text)).toContain('ana belongs to shard 17 of 40.');
  });

  it('says what most of its devices lack, whose people only its shards name', () => {
    const counts = { ...parent.counts, delivered: 19_500, failed: 500 };
    const codes = { UNAVAILABLE: 100, THIRD_PARTY_AUTH_ERROR: 400 };
    expect(told({ entry: { ...parent, counts, codes } })).toMatchObject({
      state: 'partly',
      answer: expect.stringMatching(
        /500 devices did not\. For 400 devices: FCM could not/,
      ) as string,
      remedy: expect.stringContaining('APNs key') as string,
    });
  });

  it('of one shard that was asked for, says how it went in that', () => {
    const failed = deliveryEntry({
      reasons: { ana: 'failed:UNAVAILABLE', bo: 'delivered' },
      counts: { ...NO_COUNTS, recipients: 2, addresses: 2, delivered: 1, failed: 1 },
    });
    expect(told({ entry: parent, shard: { number: 16, document: failed } })).toMatchObject({
      state: 'partly',
      answer: expect.stringMatching(
        /^Of shard 17 of 40: 1 device of 2 people took it, 1 device did not\. For 1 person: FCM/,
      ) as string,
    });
  });

  it('that was cancelled ended so, and no device is missing for that', () => {
    const cancelled = { ...parent, state: 'failed', errorCode: 'CANCELLED' } as const;
    const story = told({ entry: { ...cancelled, error: 'it was cancelled by an operator' } });
    expect(story.answer).toMatch(
      /^20,000 devices of 20,000 people took it, then it ended\. It was stopped by .* Whoever was sent to before that has it\.$/,
    );
    expect(story.lines.at(-1)).toMatchObject({
      severity: 'note',
      text: expect.stringMatching(/^It ended\. It was stopped by /) as string,
    });
  });

  it('says that it was sent again', () => {
    const again = told({ entry: { ...parent, reopenedAt: at(60_000) } }, undefined);
    expect(again.lines.map(({ text }) => text)).toContain(
      'Somebody had it sent again: npx @firestore-push/push retry.',
    );
  });

  it('says how far it is while its pages are being begun', () => {
    const coverage = { kind: 'paged-shards', collection: 'users' } as const;
    const open = { ...parent, state: 'sending', coverage, leaseUntil: at(600_000) } as const;
    const story = told({ entry: open, shards: { begun: 3, final: 1 } });
    expect(story.answer).toBe('It is under way: 1 shard done, of a number that is not known yet.');
    expect(story.lines.at(-1)?.text).toBe('It is done when all of its shards are.');
  });

  it('says how far it is', () => {
    const open = { ...parent, state: 'sending' as const, leaseUntil: at(600_000) };
    const story = told({ entry: open, shards: { begun: 40, final: 12 } });
    expect(story).toMatchObject({
      state: 'under-way',
      answer: 'It is under way: 12 shards of 40 done.',
    });
    expect(story.lines.find(({ what }) => what === 'audience')?.text).toBe(
      'It is for a long list of people, spread over 40 shards; 40 begun, 12 done.',
    );
  });

  it('is done with its shards, also while it is not known how many there will be', () => {
    const story = told({
      entry: {
        ...parent,
        state: 'sending',
        leaseUntil: at(600_000),
        coverage: { kind: 'paged-shards', collection: 'users' },
      },
      shards: { begun: 3, final: 2 },
    });
    expect(story.lines.at(-1)).toMatchObject({
      what: 'next',
      text: 'It is done when all of its shards are.',
    });
  });

  it.each([
    ['before it', 'aaa', 'absent'],
    ['within it and reached', 'm', 'absent'],
    ['within it and to come', 'x', 'under-way'],
  ])('a page of a collection: somebody %s', (_where, person, state) => {
    const page = deliveryEntry({
      ...{
        state: 'sending',
        sent: false,
        parent: 'like-e1',
        reached: 'n',
        leaseUntil: at(330_000),
      },
      coverage: { kind: 'range', collection: 'users', after: 'b', until: 'z' },
      reasons: { c: 'delivered' },
    });
    const pages = {
      ...parent,
      state: 'sending' as const,
      coverage: { kind: 'paged-shards', collection: 'users' } as const,
    };
    const story = told({ entry: pages, shard: { number: 0, document: page } }, person);
    expect(story.state).toBe(state === 'absent' ? 'nobody' : state);
  });

  it.each([
    ['news', 'told', /a device of ana is now/],
    ['sport', 'nobody', /no device of ana is now/],
  ])('to the topic %s: says whether the person is subscribed', (topic, state, words) => {
    const story = about({ reasons: {}, coverage: { kind: 'topic', topic } }, 'ana');
    expect(story).toMatchObject({ state, answer: expect.stringMatching(words) as string });
    // FCM does not say how many that are.
    expect(story.lines.at(-1)?.text).toBe(`It is done: FCM took it for the topic ${topic}.`);
  });
});

it('repeats no address that an error has', () => {
  const address = `cafebabe1234567890abcd:APA91b${'x'.repeat(134)}`;
  const story = told({
    compose: noteEntry({ composing: { error: `bad ${address}`, tries: 1, until: at(9e6) } }),
  });
  expect(JSON.stringify(story)).not.toContain('APA91b');
});
