/**
 * Every row of FCM's table of answers (design: Outcomes; FCM's own ErrorCode page): what the ledger says of the address, and
 * whether the user keeps it.
 */
import type { FaultSpec } from '../../simulator/src/index.ts';
import { addressId } from '../../kit/src/model/address.ts';
import type { Counts } from '../../kit/src/model/counts.ts';
import { World } from './world.ts';

type Row = readonly [
  answer: string,
  fault: Pick<FaultSpec, 'then' | 'times'>,
  outcome: Exclude<keyof Counts, 'recipients' | 'addresses' | 'unreachable' | 'skipped'>,
  reason: string,
];

/** The number of times that a doubtful answer is asked for: by the push, and by the question about the address alone. */
const ONCE = 1;

const error = (errorCode: string, times?: number): Pick<FaultSpec, 'then' | 'times'> => ({
  then: { errorCode },
  ...(times === undefined ? {} : { times }),
});

/** An answer as FCM gives it, with these details. */
function answer(status: number, canonical: string, ...details: object[]): FaultSpec['then'] {
  return {
    status,
    contentType: 'application/json',
    body: JSON.stringify({ error: { code: status, message: 'x', status: canonical, details } }),
  };
}

const fcmError = {
  '@type': 'type.googleapis.com/google.firebase.fcm.v1.FcmError',
  errorCode: 'INVALID_ARGUMENT',
};
const apnsError = (statusCode: number, reason: string): object => ({
  '@type': 'type.googleapis.com/google.firebase.fcm.v1.ApnsError',
  statusCode,
  reason,
});
const badRequest = (field: string): object => ({
  '@type': 'type.googleapis.com/google.rpc.BadRequest',
  fieldViolations: [{ field, description: 'x' }],
});

const NOT_REFUSED = '(the address alone was not refused)';

/** Definite answers of death, and doubtful ones that the question about the address alone confirms. */
const DEAD: readonly Row[] = [
  ['404 UNREGISTERED', error('UNREGISTERED'), 'unregistered', 'pruned'],
  ['404 for an Apple device, ApnsError 410', error('APNS_UNREGISTERED'), 'unregistered', 'pruned'],
  [
    '400 for an Apple device, ApnsError 410',
    error('APNS_TOKEN_DISABLED'),
    'unregistered',
    'pruned',
  ],
  [
    '400 with ApnsError ExpiredToken',
    { then: answer(400, 'INVALID_ARGUMENT', fcmError, apnsError(410, 'ExpiredToken')) },
    'unregistered',
    'pruned',
  ],
  ['400 INVALID_ARGUMENT, confirmed', error('INVALID_ARGUMENT'), 'unregistered', 'pruned'],
  [
    '400 blaming message.token, confirmed',
    error('INVALID_REGISTRATION_TOKEN'),
    'unregistered',
    'pruned',
  ],
  [
    '400 with ApnsError BadDeviceToken, confirmed',
    { then: answer(400, 'INVALID_ARGUMENT', fcmError, apnsError(400, 'BadDeviceToken')) },
    'unregistered',
    'pruned',
  ],
  ['404 without FcmError, confirmed', error('NOT_FOUND'), 'unregistered', 'pruned'],
  ['403 SENDER_ID_MISMATCH, confirmed', error('SENDER_ID_MISMATCH'), 'unregistered', 'pruned'],
];

/** Answers that say nothing against the address: of the payload, of our credential, of the operator's key. */
const KEPT: readonly Row[] = [
  [
    '400 INVALID_ARGUMENT, not confirmed',
    error('INVALID_ARGUMENT', ONCE),
    'rejected',
    `rejected:INVALID_ARGUMENT ${NOT_REFUSED}`,
  ],
  [
    '400 blaming message.token, not confirmed',
    error('INVALID_REGISTRATION_TOKEN', ONCE),
    'rejected',
    `rejected:INVALID_ARGUMENT ${NOT_REFUSED}`,
  ],
  [
    '400 message too big',
    error('MESSAGE_TOO_BIG', ONCE),
    'rejected',
    `rejected:INVALID_ARGUMENT ${NOT_REFUSED}`,
  ],
  [
    '404 without FcmError, not confirmed',
    error('NOT_FOUND', ONCE),
    'rejected',
    `rejected:NOT_FOUND ${NOT_REFUSED}`,
  ],
  [
    '403 SENDER_ID_MISMATCH, not confirmed',
    error('SENDER_ID_MISMATCH', ONCE),
    'rejected',
    `rejected:SENDER_ID_MISMATCH ${NOT_REFUSED}`,
  ],
  [
    '400 for a value in the data',
    { then: answer(400, 'INVALID_ARGUMENT', badRequest('message.data[0].value')) },
    'rejected',
    'rejected:INVALID_ARGUMENT (message.data[0].value)',
  ],
  [
    '400 for an unknown field',
    { then: answer(400, 'INVALID_ARGUMENT', badRequest('message')) },
    'rejected',
    'rejected:INVALID_ARGUMENT (message)',
  ],
  [
    '400 with ApnsError PayloadTooLarge',
    { then: answer(400, 'INVALID_ARGUMENT', fcmError, apnsError(413, 'PayloadTooLarge')) },
    'rejected',
    'rejected:INVALID_ARGUMENT (PayloadTooLarge)',
  ],
  [
    '401 THIRD_PARTY_AUTH_ERROR',
    error('THIRD_PARTY_AUTH_ERROR'),
    'failed',
    'failed:THIRD_PARTY_AUTH_ERROR (InvalidProviderToken)',
  ],
  ['401 without FcmError, again', error('CREDENTIALS_MISSING'), 'failed', 'failed:UNAUTHENTICATED'],
  ['401 expired, again', error('ACCESS_TOKEN_EXPIRED'), 'failed', 'failed:UNAUTHENTICATED'],
  ['403 without FcmError', error('PERMISSION_DENIED'), 'failed', 'failed:PERMISSION_DENIED'],
];

/** Answers after which the push arrives in the end. */
const RETRIED: readonly Row[] = [
  ['401 expired, once', error('ACCESS_TOKEN_EXPIRED', ONCE), 'delivered', 'delivered'],
  ['429 QUOTA_EXCEEDED', error('QUOTA_EXCEEDED', ONCE), 'delivered', 'delivered'],
  ['429 without FcmError', error('RATE_LIMIT_EXCEEDED', ONCE), 'delivered', 'delivered'],
  ['503 UNAVAILABLE', error('UNAVAILABLE', ONCE), 'delivered', 'delivered'],
  ['500 INTERNAL', error('INTERNAL', ONCE), 'delivered', 'delivered'],
  ['500 UNSPECIFIED_ERROR', error('UNSPECIFIED_ERROR', ONCE), 'delivered', 'delivered'],
  ['404 in HTML', { times: 1, then: { status: 404, body: '<html>' } }, 'delivered', 'delivered'],
  ['502 in HTML', { times: 1, then: { status: 502 } }, 'delivered', 'delivered'],
  ['400 in HTML', { times: 1, then: { status: 400, body: '<html>' } }, 'delivered', 'delivered'],
  ['200 in HTML', { times: 1, then: { status: 200, body: '<html>' } }, 'delivered', 'delivered'],
  ['200 without a body', { times: 1, then: { status: 200, body: '' } }, 'delivered', 'delivered'],
  ['a status outside the table', { times: 1, then: answer(418, 'X') }, 'delivered', 'delivered'],
];

const OTHER = 'other:APA91b-bystander';

describe('what FCM answers for an address', () => {
  let world: World;
  let row = 0;

  beforeAll(async () => {
    world = await World.create();
    // Somebody else is accepted in every delivery: only a credential that works may call an address dead.
    await world.addUser('other', [OTHER]);
  });
  afterAll(() => world.close());

  async function outcomeOf(fault: Row[1]) {
    row += 1;
    const uid = `row${row}`;
    const address = `${uid}:APA91b-address`;
    await world.addUser(uid, [address]);
    await world.addDevice(uid, address, world.now - 86_400_000);
    world.simulator.clearInbox(OTHER);
    const set = world.simulator.addFault({ ...fault, match: { address } });
    const { state, counts, reasons } = await world.tell({ to: [uid, 'other'] });
    world.simulator.removeFault(set.id);
    return {
      state,
      counts,
      reasons,
      tokens: await world.tokensOf(uid),
      hasDeviceRecord: (await world.db.doc(`devices/${addressId(address)}`).get()).exists,
      inbox: world.titles(address).length,
      bystander: world.titles(OTHER).length,
    };
  }

  const expected = (outcome: Row[2], reason: string, isKept: boolean) => ({
    state: 'done',
    counts: {
      ...{ recipients: 2, addresses: 2, delivered: 1, unregistered: 0, rejected: 0, failed: 0 },
      ...{ expired: 0, unreachable: 0, skipped: 0 },
      [outcome]: outcome === 'delivered' ? 2 : 1,
    },
    reasons: { [`row${row}`]: reason, other: 'delivered' },
    tokens: isKept ? [`row${row}:APA91b-address`] : [],
    hasDeviceRecord: isKept,
    inbox: outcome === 'delivered' ? 1 : 0,
    bystander: 1,
  });

  it.each(DEAD)('%s: the address is pruned with its record', async (_, fault, outcome, reason) => {
    expect(await outcomeOf(fault)).toEqual(expected(outcome, reason, false));
  });

  it.each(KEPT)('%s: the address stays', async (_, fault, outcome, reason) => {
    expect(await outcomeOf(fault)).toEqual(expected(outcome, reason, true));
  });

  it.each(RETRIED)('%s: it arrives once in the end', async (_, fault, outcome, reason) => {
    expect(await outcomeOf(fault)).toEqual(expected(outcome, reason, true));
  });
});
