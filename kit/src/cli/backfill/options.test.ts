import { describeCounts, readBackfillOptions } from './options';

describe('the options of a backfill', () => {
  it('ask for a dry run unless they say otherwise', () => {
    expect(readBackfillOptions([])).toEqual({
      project: undefined,
      instance: undefined,
      isDryRun: true,
      after: undefined,
    });
    expect(readBackfillOptions(['--apply', '--after', '', '--instance', 'shop'])).toMatchObject({
      isDryRun: false,
      after: '',
      instance: 'shop',
    });
  });

  it('are refused where they are not known', () => {
    expect(() => readBackfillOptions(['--faster'])).toThrow('--faster');
    expect(() => readBackfillOptions(['ola'])).toThrow('ola');
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
