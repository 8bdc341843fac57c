import { digestOf, digestProblem, type DigestDefinition } from './digest';

const TITLE = { key: 'wave.digest' };
const withWindow = (window: unknown) => ({ window, title: TITLE }) as DigestDefinition;

describe('a digest', () => {
  it.each<DigestDefinition['window']>([
    { minutes: 1 },
    { minutes: 10_080 },
    { quietMinutes: 5, maxMinutes: 5 },
    { quietMinutes: 1.5, maxMinutes: 60 },
    { at: '00:00' },
    { at: '23:59' },
  ])('of the window %j can be', (window) => {
    expect(digestProblem(withWindow(window))).toBeUndefined();
  });

  it.each<[unknown, RegExp]>([
    [undefined, /one of/],
    [{}, /one of/],
    [{ minutes: 30, at: '09:00' }, /one of/],
    [{ minutes: 30, quietMinutes: 5, maxMinutes: 10 }, /one of/],
    [{ minutes: 0 }, /from 1 to 10080/],
    [{ minutes: NaN }, /from 1 to 10080/],
    [{ minutes: '30' }, /from 1 to 10080/],
    [{ minutes: 10_081 }, /from 1 to 10080/],
    [{ quietMinutes: 5 }, /from 1 to 10080/],
    [{ maxMinutes: 5 }, /from 1 to 10080/],
    [{ quietMinutes: 10, maxMinutes: 5 }, /at least quietMinutes/],
    [{ at: '24:00' }, /HH:MM/],
    [{ at: 9 }, /HH:MM/],
  ])('of the window %j cannot', (window, problem) => {
    expect(digestProblem(withWindow(window))).toMatch(problem);
  });

  it.each<[string, object, RegExp]>([
    ['without a text', { title: undefined }, /title or a body/],
    ['of another key', { key: 'actor' }, /target or kind/],
    ['of no items', { closesAt: 0 }, /whole number/],
    ['of half an item', { closesAt: 1.5 }, /whole number/],
    ['of too many', { closesAt: 10_001 }, /whole number/],
  ])('%s cannot be', (_what, more, problem) => {
    expect(digestProblem({ ...withWindow({ minutes: 30 }), ...more })).toMatch(problem);
  });

  it('travels with what it says, and nothing that is as it is by default', () => {
    const definition = { ...withWindow({ minutes: 30 }), leadingEdge: true, key: undefined };
    expect(digestOf(definition)).toEqual({ window: { minutes: 30 }, title: TITLE });
    expect(digestOf({ ...definition, leadingEdge: false, closesAt: 50, key: 'kind' })).toEqual({
      ...{ window: { minutes: 30 }, title: TITLE },
      ...{ leadingEdge: false, closesAt: 50, key: 'kind' },
    });
  });
});
