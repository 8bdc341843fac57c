import { describeCounts, projectOf, readBackfillOptions } from './options';

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

describe('the project', () => {
  it('has to be named where it is a real one, whatever the default is', () => {
    expect(() => projectOf(undefined, undefined, 'live')).toThrow('Expected --project');
    expect(() => projectOf('', undefined, 'live')).toThrow('Expected --project');
    expect(projectOf('live', undefined, undefined)).toBe('live');
  });

  it('is the default under an emulator', () => {
    expect(projectOf(undefined, '127.0.0.1:8080', 'demo-x')).toBe('demo-x');
    expect(() => projectOf(undefined, '127.0.0.1:8080', undefined)).toThrow('--project');
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
