import { deleteAccount } from '../callables/account';
import { registerToken, unregisterAllTokens, unregisterToken } from '../callables/tokens';
import { claimTokens, sweepDeletedAccounts, sweepStaleDevices } from './functions';

describe('what is deployed for the lifecycle', () => {
  it('is a trigger on users that comes again after a failure', () => {
    expect(claimTokens.__endpoint.eventTrigger).toMatchObject({
      eventType: 'google.cloud.firestore.document.v1.written',
      eventFilterPathPatterns: { document: 'users/{uid}' },
      retry: true,
    });
  });

  it.each([
    ['stale devices', sweepStaleDevices],
    ['deleted accounts', sweepDeletedAccounts],
  ])('is a daily sweep of %s with time to work', (_name, sweep) => {
    expect(sweep.__endpoint.scheduleTrigger).toMatchObject({ schedule: 'every 24 hours' });
    expect(sweep.__endpoint.timeoutSeconds).toBe(540);
  });

  it.each([
    ['registerToken', registerToken],
    ['unregisterToken', unregisterToken],
    ['unregisterAllTokens', unregisterAllTokens],
    ['deleteAccount', deleteAccount],
  ])('is the callable %s', (_name, callable) => {
    expect(callable.__endpoint).toMatchObject({ platform: 'gcfv2', callableTrigger: {} });
  });

  it('holds no 1st gen function: they do not run on this Node version', () => {
    const all = [
      claimTokens,
      sweepStaleDevices,
      sweepDeletedAccounts,
      registerToken,
      deleteAccount,
    ];
    expect(all.map((one) => one.__endpoint.platform)).toEqual(all.map(() => 'gcfv2'));
  });
});
