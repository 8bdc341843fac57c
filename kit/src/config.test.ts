import { fcmEndpoint, projectId, recipientsPerShard } from './config';

describe('fcmEndpoint', () => {
  it('is Google in the cloud', () => {
    expect(fcmEndpoint({})).toEqual({ origin: 'https://fcm.googleapis.com', emulated: false });
  });

  it('is the simulator under the Functions emulator, from where nothing real can be reached', () => {
    expect(fcmEndpoint({ FUNCTIONS_EMULATOR: 'true' })).toEqual({
      origin: 'http://127.0.0.1:9110',
      emulated: true,
    });
  });

  it('is wherever FCM_EMULATOR_HOST says', () => {
    expect(fcmEndpoint({ FCM_EMULATOR_HOST: 'localhost:1234' }).origin).toBe(
      'http://localhost:1234',
    );
  });

  it.each(['localhost', 'http://localhost:1', 'a b:1', 'host:123456'])(
    'refuses FCM_EMULATOR_HOST=%s and says what was expected',
    (host) => {
      expect(() => fcmEndpoint({ FCM_EMULATOR_HOST: host })).toThrow(/expected host:port/);
    },
  );
});

describe('projectId', () => {
  it.each([
    [{ GCLOUD_PROJECT: 'p' }, 'p'],
    [{ GOOGLE_CLOUD_PROJECT: 'p' }, 'p'],
  ])('is read from %j', (env, id) => {
    expect(projectId(env)).toBe(id);
  });

  it('is missed with a clear word', () => {
    expect(() => projectId({})).toThrow('GCLOUD_PROJECT: expected the project id');
  });
});

describe('recipientsPerShard', () => {
  it.each([1, 500, 1000])('takes %i', (size) => {
    expect(recipientsPerShard(size)).toBe(size);
  });

  it.each([0, -1, 1001, 2.5, NaN])('refuses %p and says what was expected', (size) => {
    expect(() => recipientsPerShard(size)).toThrow('SHARD_SIZE: expected a whole number from 1');
  });
});
