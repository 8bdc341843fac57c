/** Push documents as nobody should write them, by hand or by a faulty server: planning never throws, and it comes to an end. */
import { GeoPoint, Timestamp } from '@google-cloud/firestore';
import * as fc from 'fast-check';
import { isDocumentId } from '../model/document-id';
import { bytesOf, MAX_PUSH_BYTES } from '../store/document-size';
import type { PushDocument } from './push-document';
import { hashOf } from './fields';
import { deliveryOf, lastWords, plan, type PlanInput, type PushUpdate } from './plan';

const NOW = 1_800_000_000_000;
const DAY = 86_400_000;
const SALE = { to: 'ola', title: 'Sale' };

function circumstances(document: object, more: Partial<PlanInput> = {}): PlanInput {
  return {
    ...{ id: 'p1', document: document as PushDocument },
    ...{ delivery: 'none', now: NOW, retentionMs: 30 * DAY, ...more },
  };
}

function after(document: object, update: PushUpdate | undefined): object {
  const fields = new Map<string, unknown>(Object.entries({ ...document, ...update }));
  return Object.fromEntries([...fields].filter(([, value]) => value !== undefined));
}

/** What a document can hold. */
const values: fc.Arbitrary<unknown> = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom<unknown>(null, true, 5, NaN, -1, 'x', '', new GeoPoint(1, 2), Buffer.from('x')),
    fc
      .constantFrom(-62_135_596_800_000, 0, NOW, 253_402_300_799_000)
      .map((ms) => Timestamp.fromMillis(ms)),
    fc.string(),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.string({ minLength: 1 }), tie('value'), { maxKeys: 3 }),
  ),
})).value;

const accepted = fc.oneof(
  values,
  fc.record(
    {
      hash: fc.oneof(fc.constant('0123456789abcdef0123456789abcdef'), values),
      state: fc.oneof(
        fc.constantFrom('scheduled', 'sending', 'sent', 'failed', 'cancelled', 'constructor'),
        values,
      ),
      revision: fc.oneof(fc.integer({ min: 1 }), values),
      dueAt: values,
    },
    { requiredKeys: [] },
  ),
);

const documents = fc.record(
  {
    ...{
      accepted,
      state: fc.oneof(fc.constantFrom('scheduled', 'sending', 'failed', 'cancelled'), values),
    },
    ...{
      createdAt: values,
      nextAt: values,
      scheduledAt: values,
      finishedAt: values,
      expiresAt: values,
    },
    ...{
      errors: values,
      refused: values,
      error: values,
      counts: values,
      reasons: values,
      note: values,
    },
    ...{ to: fc.oneof(fc.constantFrom<unknown>('ola', ['ola', '..']), values), sendAt: values },
    ...{ title: fc.oneof(fc.constant('Sale'), values), body: values, data: values, type: values },
    ...{ constructor: values, toString: values, hasOwnProperty: values },
  },
  { requiredKeys: [] },
);

describe('any document', () => {
  it('is planned without an error, and planned again needs no further update', () => {
    fc.assert(
      fc.property(documents, fc.constantFrom('none', 'begun'), (document, delivery) => {
        let written: object = document;
        // A forged state may be put right first; then all is said.
        for (const _step of [1, 2]) {
          written = after(written, plan(circumstances(written, { delivery })).update);
        }
        const { update, next } = plan(circumstances(written, { delivery }));
        if (next.kind !== 'deliver') expect(update).toBeUndefined();
        expect(() => lastWords(circumstances(written, { delivery }), 'why')).not.toThrow();
      }),
      { numRuns: 1_000 },
    );
  });

  it('is kept no longer than a timestamp can say, however long that is asked for', () => {
    const { update } = plan(circumstances(SALE, { retentionMs: Number.MAX_SAFE_INTEGER }));
    expect(update?.expiresAt?.toDate().getUTCFullYear()).toBe(9999);
  });
});

describe('a sender’s field with a name that every object has', () => {
  it.each(['constructor', 'toString', 'hasOwnProperty', 'valueOf'])(
    '%s is the sender’s, and refused',
    (name) => {
      expect(plan(circumstances({ ...SALE, [name]: 'x' })).update).toMatchObject({
        state: 'failed',
        errors: { '(value)': expect.stringContaining(name) as string },
      });
    },
  );

  it.each(['constructor', 'toString'])('%s is not in the data unless it was put there', (name) => {
    const push = { ...SALE, requiredData: [name] };
    expect(plan(circumstances(push)).update?.errors).toHaveProperty('requiredData');
    const data = Object.fromEntries([[name, 'x']]);
    expect(plan(circumstances({ ...push, data })).update).toMatchObject({ state: 'sending' });
  });
});

it('data with the names that a reference has is data: its edits are seen, and its bytes count', () => {
  const push = (more: string) => ({ ...SALE, data: { path: 'a', firestore: 'b', more } });
  expect(hashOf(push('c') as PushDocument)).not.toBe(hashOf(push('d') as PushDocument));
  const { update } = plan(circumstances(push('x'.repeat(MAX_PUSH_BYTES))));
  expect(update).toMatchObject({ state: 'failed' });
});

describe('what can never be sent', () => {
  it.each<[string, object, string]>([
    ['a user id that can be none', { to: '..' }, 'to'],
    ['a path as a user id', { to: 'users/ola' }, 'to'],
    ['a way out of a path', { to: { members: 'a/../b' } }, 'to.members'],
    [
      'a reserved field',
      { to: { users: { field: '__proto__.x', op: '==', value: 1 } } },
      'to.users.field',
    ],
    [
      'null in a list',
      { to: { users: { field: 'a', op: 'in', value: ['x', null] } } },
      'to.users.value',
    ],
    [
      'null within a list',
      { to: { users: { field: 'a', op: 'array-contains', value: null } } },
      'to.users.value',
    ],
    ['the end of time', { sendAt: Timestamp.fromMillis(253_402_300_799_000) }, 'sendAt'],
  ])('such as %s is refused with the field', (_what, change, field) => {
    const { update, next } = plan(circumstances({ ...SALE, ...change }));
    expect(update).toMatchObject({
      state: 'failed',
      errors: { [field]: expect.any(String) as string },
    });
    expect(next).toEqual({ kind: 'nothing' });
  });

  it('is said of so many fields that the document can take it', () => {
    const data = Object.fromEntries(
      Array.from({ length: 10_000 }, (_, n) => [`${n}${'k'.repeat(60)}`, n]),
    );
    const { update } = plan(circumstances({ ...SALE, data }));
    expect(bytesOf({ ...update })).toBeLessThan(40_000);
    expect(update?.errors).toHaveProperty(['(others)'], '9950 more');
  });

  it('because it is too large for what has to be added ends in few words', () => {
    const data = { a: 'x'.repeat(MAX_PUSH_BYTES) };
    const { update, next } = plan(circumstances({ ...SALE, data }));
    expect(update).toMatchObject({
      state: 'failed',
      error: expect.stringContaining('960 KiB') as string,
    });
    expect(next).toEqual({ kind: 'nothing' });
    expect(bytesOf({ ...update })).toBeLessThan(350);
    expect(plan(circumstances(after({ ...SALE, data }, update))).update).toBeUndefined();
  });
});

describe('the last words on a document that takes no more', () => {
  const scheduled = () => {
    const document = { ...SALE, sendAt: Timestamp.fromMillis(NOW + DAY) };
    return after(document, plan(circumstances(document)).update);
  };

  it('end what waits, and then there is nothing more to do', () => {
    const document = scheduled();
    const update = lastWords(circumstances(document), undefined);
    expect(update).toMatchObject({
      state: 'failed',
      accepted: { state: 'failed' },
      nextAt: undefined,
    });
    const ended = after(document, update);
    expect(bytesOf(ended as Record<string, unknown>)).toBeLessThan(
      bytesOf(document as Record<string, unknown>),
    );
    expect(plan(circumstances(ended))).toEqual({ next: { kind: 'nothing' } });
  });

  it('leave alone what is under way', () => {
    const sending = after(SALE, plan(circumstances(SALE)).update);
    expect(lastWords(circumstances(sending), 'why')).toBeUndefined();
  });
});

describe('the ledger id of a push', () => {
  it('is readable where it can be', () => {
    expect(deliveryOf('v2.1')).toBe('push-v2.1');
    expect(deliveryOf('März-Aktion')).toBe('push-März-Aktion');
    expect(deliveryOf('v2~1')).toMatch(/^push~[0-9a-f]{64}$/);
    expect(deliveryOf('ü'.repeat(700))).toMatch(/^push~[0-9a-f]{64}$/);
  });

  it('is a document id that no other push has, with room for the number of a shard, and is no shard’s', () => {
    const ids = fc
      .oneof(
        fc
          .array(fc.constantFrom('push', '~', '-', '1', '.', 'x'), { minLength: 1, maxLength: 5 })
          .map((parts) => parts.join('')),
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 1_500 }),
        fc.integer({ min: 1_380, max: 1_500 }).map((size) => 'y'.repeat(size)),
      )
      .filter(isDocumentId);
    fc.assert(
      fc.property(ids, ids, fc.nat(), (one, other, shard) => {
        expect(isDocumentId(`${deliveryOf(one)}~${shard}`)).toBe(true);
        expect(deliveryOf(one) === deliveryOf(other)).toBe(one === other);
        expect(deliveryOf(one)).not.toBe(`${deliveryOf(other)}~${shard}`);
      }),
      { numRuns: 1_000 },
    );
  });
});
