import { breakerTrips } from './breaker';

/** As many people as addresses, of whom the first are dead. */
function crowd(dead: number, sent: number) {
  return Array.from({ length: sent }, (_, nth) => ({ sent: 1, dead: nth < dead ? 1 : 0 }));
}

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
  ])('with %i dead of %i people: %s', (dead, sent, trips) => {
    expect(breakerTrips(crowd(dead, sent))).toBe(trips);
  });

  it.each([
    ['one person with 30 devices, 20 of them dead', [{ sent: 30, dead: 20 }], false],
    [
      'one person with 300 dead devices among 40 people',
      [{ sent: 300, dead: 300 }, ...crowd(0, 39)],
      false,
    ],
    ['four people whose 30 devices each are dead', Array(4).fill({ sent: 30, dead: 30 }), false],
    ['ten people whose 3 devices each are dead', Array(10).fill({ sent: 3, dead: 3 }), true],
  ])('counts over the batch, not over one person: %s', (_what, people, trips) => {
    expect(breakerTrips(people as { sent: number; dead: number }[])).toBe(trips);
  });
});
