import { breakerTrips } from './breaker';

describe('breakerTrips', () => {
  it.each([
    [0, 0, false],
    [1, 1, false],
    [20, 20, false],
    [21, 21, true],
    [11, 21, true],
    [10, 21, false],
    [500, 1000, false],
    [501, 1000, true],
  ])('with %i dead of %i: %s', (dead, sent, trips) => {
    expect(breakerTrips(dead, sent)).toBe(trips);
  });
});
