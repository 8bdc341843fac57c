import { actionFor, APNS_REASONS } from './reasons';

/** Apple's table, "Handling notification responses from APNs", with the statuses it gives. */
const DOCUMENTED: readonly (readonly [number, readonly string[]])[] = [
  [
    400,
    [
      'BadCollapseId',
      'BadDeviceToken',
      'BadExpirationDate',
      'BadMessageId',
      'BadPriority',
      'BadTopic',
      'DeviceTokenNotForTopic',
      'DuplicateHeaders',
      'IdleTimeout',
      'InvalidPushType',
      'MissingDeviceToken',
      'MissingTopic',
      'PayloadEmpty',
      'TopicDisallowed',
    ],
  ],
  [
    403,
    [
      'BadCertificate',
      'BadCertificateEnvironment',
      'BadEnvironmentKeyIdInToken',
      'ExpiredProviderToken',
      'Forbidden',
      'InvalidProviderToken',
      'MissingProviderToken',
      'UnrelatedKeyIdInToken',
    ],
  ],
  [404, ['BadPath']],
  [405, ['MethodNotAllowed']],
  [410, ['ExpiredToken', 'Unregistered']],
  [413, ['PayloadTooLarge']],
  [429, ['TooManyProviderTokenUpdates', 'TooManyRequests']],
  [500, ['InternalServerError']],
  [503, ['ServiceUnavailable', 'Shutdown']],
];

describe('the table of reasons', () => {
  it('names each entry as its key', () => {
    expect(Object.values(APNS_REASONS).map(({ code }) => code)).toEqual(Object.keys(APNS_REASONS));
  });

  it('has every documented reason with its status, and the spelling that servers send', () => {
    const known = Object.values(APNS_REASONS).map(({ code, status }) => `${status} ${code}`);
    const documented = DOCUMENTED.flatMap(([status, codes]) =>
      codes.map((code) => `${status} ${code}`),
    );
    expect(known.sort()).toEqual([...documented, '403 BadEnvironmentKeyInToken'].sort());
  });

  it('prunes for nothing but a 410, and asks the other environment for nothing but BadDeviceToken', () => {
    const byAction = (action: string) =>
      Object.values(APNS_REASONS)
        .filter((entry) => entry.action === action)
        .map(({ code }) => code);
    expect(byAction('prune-if-not-refreshed')).toEqual(['ExpiredToken', 'Unregistered']);
    expect(byAction('try-other-environment')).toEqual(['BadDeviceToken']);
  });
});

describe('actionFor', () => {
  it.each([
    [400, 'BadSomethingNew', 'fix-request'],
    [403, 'BadSomethingNew', 'fix-configuration'],
    [410, 'GoneInANewWay', 'prune-if-not-refreshed'],
    [429, 'TooManySomethings', 'slow-down'],
    [500, 'NewTrouble', 'retry-later'],
    [502, 'NewTrouble', 'retry-later'],
    [400, 'constructor', 'fix-request'],
  ])('goes by the status %d where the reason %s is unknown', (status, reason, action) => {
    expect(actionFor(status, reason)).toBe(action);
  });

  it('goes by the reason where it is known', () => {
    expect(actionFor(400, 'Shutdown')).toBe('reconnect');
  });
});
