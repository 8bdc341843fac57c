import { deleteAccount } from '../callables/account';
import { registerToken, unregisterAllTokens, unregisterToken } from '../callables/tokens';
import { manifestOf } from '../testing/manifest';
import { claimTokens, forgetDeletedUser, sweepStaleDevices } from './devices';

describe('what is deployed for the lifecycle', () => {
  it('is a trigger on users that comes again after a failure', () => {
    expect(manifestOf(claimTokens).eventTrigger).toMatchObject({
      eventType: 'google.cloud.firestore.document.v1.written',
      eventFilterPathPatterns: { document: '{{ params.USERS_COLLECTION }}/{uid}' },
      retry: true,
    });
  });

  it('is a trigger on deleted accounts that comes again after a failure', () => {
    expect(forgetDeletedUser.__endpoint.eventTrigger).toMatchObject({
      eventType: 'google.firebase.auth.user.v2.deleted',
      retry: true,
    });
  });

  it('is a daily sweep of stale devices with time to work', () => {
    expect(sweepStaleDevices.__endpoint.scheduleTrigger).toMatchObject({
      schedule: 'every 24 hours',
    });
    expect(sweepStaleDevices.__endpoint.timeoutSeconds).toBe(540);
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
    const all = [claimTokens, sweepStaleDevices, forgetDeletedUser, registerToken, deleteAccount];
    expect(all.map((one) => one.__endpoint.platform)).toEqual(all.map(() => 'gcfv2'));
  });
});
