/** Whoever adds a code anywhere in the rooms that make them learns here that it wants a sentence. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { codesIn, INSERTED } from '../../testing/codes-in-source';
import { findCode } from './codes';
import { DELIVERY_REASONS } from './deliveries';
import { refined } from './details';
import { personReason } from './reason';

const KIT = join(__dirname, '../..');
const sourcesOf = (...rooms: string[]): string[] =>
  globSync(
    rooms.map((room) => `${room}/**/*.ts`),
    { cwd: KIT },
  )
    .filter((file) => !file.endsWith('.test.ts'))
    .map((file) => readFileSync(join(KIT, file), 'utf8'));

const wire = codesIn(sourcesOf('providers'), 'code');
const ledger = codesIn(sourcesOf('delivery', 'outbox', 'topics', 'catalogue'), 'of-a-person');

/** What is said of people who have a code of their device behind the colon: with one that is known. */
const withKnownCode = (reason: string): string =>
  reason.replace(`kept:${INSERTED}`, 'kept:breaker').replace(`:${INSERTED}`, ':UNAVAILABLE');

it('every code that the sources of the providers make has a sentence of its own', () => {
  expect([...wire.codes].filter((code) => findCode(code) === undefined)).toEqual([]);
  expect([...wire.codes]).toEqual(
    expect.arrayContaining([
      `NO_ACCESS_TOKEN: ${INSERTED}`,
      `HTTP_${INSERTED}_UNREADABLE`,
      `APNS_${INSERTED}`,
      'THIRD_PARTY_AUTH_ERROR',
      'REFUSED_STREAM',
      'connection closed',
      'not sent in time',
      `timeout after ${INSERTED} ms`,
      `GOAWAY ${INSERTED}`,
      'APNS_NO_TOPIC',
      'BadDeviceToken',
    ]),
  );
});

it('every code that the sources of the ledger and the outbox make has a sentence of its own', () => {
  const unknown = [...ledger.codes].filter(
    (code) => findCode(code) === undefined && !Object.hasOwn(DELIVERY_REASONS, code),
  );
  expect(unknown).toEqual([]);
  expect([...ledger.codes]).toEqual(
    expect.arrayContaining(['UNSENT', 'TOO_LATE', 'OUTCOME_UNKNOWN', 'SEND_FAILED', 'CANCELLED']),
  );
});

it('every reason of a person that the sources make has a sentence of its own', () => {
  // What begins with what is inserted is a code in an outcome's words: `delivery/settle.ts` is run over all of them elsewhere.
  const reasons = [...ledger.reasons].filter((reason) => !reason.startsWith(INSERTED));
  const unknown = reasons.filter((reason) =>
    /not know/.test(personReason(withKnownCode(reason)).sentence),
  );
  expect(unknown).toEqual([]);
  expect(reasons).toEqual(
    expect.arrayContaining(['delivered', 'no-address', 'invalid-id', 'address-removed', 'expired']),
  );
});

it('all words that the sources put behind a code are understood', () => {
  const details = [...wire.details, ...ledger.details].filter(
    // How they are put behind it.
    (detail) => detail !== '' && detail !== ` (${INSERTED})`,
  );
  const entry = { sentence: 'It is so.' };
  expect(details.filter((detail) => refined('X', entry, detail) === undefined)).toEqual([]);
  expect(details.length).toBeGreaterThan(10);
});

describe('the search of the sources', () => {
  const found = (source: string) => codesIn([source], 'code').codes;

  it.each([
    ['a property', `const A = { kind: 'failed', code: 'NEW_CODE' };`],
    ['a property in another spelling', `const A = { errorCode: 'NEW_CODE' as const };`],
    ['a constant', `const NEW = 'NEW_CODE'; send({ code: NEW });`],
    ['a variable of that name', `const code = 'NEW_CODE'; send({ code });`],
    ['one of two', `send({ code: lost ? 'NEW_CODE' : known });`],
    ['what stands in for another', `send({ code: known ?? 'NEW_CODE' });`],
    ['an argument', `function retry(cause: string, code: string) {} retry('unknown', 'NEW_CODE');`],
    [
      'an argument of a method',
      `class A { fail(reason: string) {} go() { this.fail('NEW_CODE'); } }`,
    ],
    [
      'what a function returns',
      `function codeOf() { return 'NEW_CODE'; } send({ code: codeOf() });`,
    ],
    ['a comparison', `if (error.errorCode === 'NEW_CODE') go();`],
    ['a case', `switch (fault.code) { case 'NEW_CODE': go(); }`],
    ['a list of names', `const TROUBLE = new Set(['NEW_CODE', 'OLD_CODE']);`],
    ['an assignment', `this.failure ??= 'NEW_CODE';`],
  ])('finds a new code as %s', (_where, source) => {
    expect(found(source)).toContain('NEW_CODE');
    expect(findCode('NEW_CODE')).toBeUndefined();
  });

  it('finds what a template makes, with a number for what it inserts', () => {
    const source = 'send({ code: `NEW_${status}_CODE` });';
    expect([...found(source)]).toEqual([`NEW_${INSERTED}_CODE`]);
  });

  it.each([
    ['what is set', `reasons.set(uid, 'new-reason');`],
    ['what is set in a field', `this.reasons.set(uid, 'new-reason');`],
    ['what entries are made of', `const A = { reasons: ids.map((id) => [id, 'new-reason']) };`],
    ['what is assigned', `let reason: string; reason = 'new-reason';`],
    ['what reasonOf returns', `function reasonOf() { return 'new-reason'; }`],
  ])('finds a new reason of a person in %s', (_where, source) => {
    expect(codesIn([source], 'of-a-person').reasons).toContain('new-reason');
    expect(personReason('new-reason').sentence).toMatch(/does not know/);
  });

  it('finds new words behind a code', () => {
    const { details } = codesIn([`send({ code, detail: 'new words' });`], 'code');
    expect([...details]).toEqual(['new words']);
    expect(refined('X', { sentence: '' }, 'new words')).toBeUndefined();
  });
});
