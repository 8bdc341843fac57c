import { describeCounts, readBackfillOptions } from './options.ts';

const emulated = { FIRESTORE_EMULATOR_HOST: '127.0.0.1:8080', GCLOUD_PROJECT: 'demo-x' };

describe('readBackfillOptions', () => {
  it('wants a real project named, whatever stands in the environment', () => {
    expect(() => readBackfillOptions([], { GCLOUD_PROJECT: 'live' })).toThrow('--project');
    expect(readBackfillOptions(['--project', 'live'], {})).toEqual({
      project: 'live',
      emulator: undefined,
      isDryRun: false,
      after: undefined,
      maxAddresses: 20,
    });
  });

  it("takes the emulator's project from the environment", () => {
    expect(readBackfillOptions(['--dry-run', '--after', 'ola'], emulated)).toMatchObject({
      project: 'demo-x',
      emulator: '127.0.0.1:8080',
      isDryRun: true,
      after: 'ola',
    });
  });

  it.each(['0', '1.5', 'many', '-3'])('refuses %s as a limit, and says what it expected', (max) => {
    const args = ['--project', 'live', `--max-addresses=${max}`];
    expect(() => readBackfillOptions(args, {})).toThrow('whole number from 1 to 9999');
  });

  it('takes another limit, asks for help, and refuses what it does not know', () => {
    const args = ['--project', 'live', '--max-addresses', '50'];
    expect(readBackfillOptions(args, {})).toMatchObject({ maxAddresses: 50 });
    expect(readBackfillOptions(['--help'], {})).toBe('help');
    expect(() => readBackfillOptions(['--faster'], {})).toThrow('--faster');
  });
});

describe('describeCounts', () => {
  it('says everything in one line', () => {
    const line = describeCounts({
      users: 5,
      addresses: 8,
      missing: 6,
      recorded: 5,
      lost: 1,
      healed: 2,
      unknown: 4,
      beyondLimit: 3,
    });
    expect(line).toBe(
      '5 users, 8 addresses: 6 had no record, 5 recorded, 1 given up to another user, ' +
        '2 duplicates merged, 3 beyond the limit; 4 entries are not addresses and were left alone',
    );
  });
});
