import { readSoakOptions } from './options.ts';

describe('readSoakOptions', () => {
  it('is 2,000 events, 200 users and 5 % faults unless told otherwise', () => {
    expect(readSoakOptions([])).toEqual({
      events: 2000,
      users: 200,
      faultRate: 0.05,
      seed: 1,
      cloud: false,
      help: false,
    });
    expect(readSoakOptions(['--events', '10', '--users=5', '--fault-rate', '0.5'])).toMatchObject({
      events: 10,
      users: 5,
      faultRate: 0.5,
    });
  });

  it('runs the long tests of test/cloud with --cloud', () => {
    expect(readSoakOptions(['--cloud'])).toMatchObject({ cloud: true });
  });

  it.each([
    [['--events', '0'], '--events to give a whole number from 1 to 10000, got "0"'],
    [['--events', '10001'], 'got "10001"'],
    [['--users', '1'], '--users to give a whole number from 2'],
    [['--users', 'many'], 'got "many"'],
    [['--fault-rate', '5%'], '--fault-rate to give a number from 0 to 1, got "5%"'],
    [['--seed', '1.5'], '--seed to give a whole number'],
    [['--event', '1'], "Unknown option '--event'"],
  ])('refuses %j', (args, message) => {
    expect(() => readSoakOptions(args)).toThrow(message);
  });
});
