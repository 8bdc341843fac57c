import type { Outcome } from '../../model/outcome';
import { clearDoubt, massSuspicion } from './suspects';

const said = (outcome: Outcome) => ({ kind: 'outcome', outcome }) as const;
const blamed = (code: string) => ({ kind: 'suspect', code }) as const;

describe('clearDoubt', () => {
  it('calls an address dead when it alone is refused in the same way, and others are accepted', () => {
    expect(clearDoubt('NOT_FOUND', blamed('NOT_FOUND'), true)).toEqual({
      kind: 'unregistered',
      code: 'NOT_FOUND',
    });
  });

  it('calls none dead before anything was accepted', () => {
    expect(clearDoubt('NOT_FOUND', blamed('NOT_FOUND'), false)).toEqual({
      kind: 'rejected',
      code: 'NOT_FOUND',
      detail: 'nothing was accepted from this credential yet',
    });
  });

  it('calls none dead that is refused in another way', () => {
    expect(clearDoubt('NOT_FOUND', blamed('INVALID_ARGUMENT'), true)).toEqual({
      kind: 'rejected',
      code: 'NOT_FOUND',
      detail: 'the address alone was answered INVALID_ARGUMENT',
    });
  });

  it.each<Outcome>([
    { kind: 'delivered' },
    { kind: 'rejected', code: 'INVALID_ARGUMENT', detail: 'message.data' },
  ])('calls the push unacceptable when the address alone is answered %j', (outcome) => {
    expect(clearDoubt('INVALID_ARGUMENT', said(outcome), true)).toEqual({
      kind: 'rejected',
      code: 'INVALID_ARGUMENT',
      detail: 'the address alone was not refused',
    });
  });

  it.each<Outcome>([
    { kind: 'unregistered', code: 'UNREGISTERED' },
    { kind: 'retry', cause: 'fcm-unavailable', code: 'UNAVAILABLE', retryAfterMs: 5000 },
    { kind: 'failed', code: 'PERMISSION_DENIED' },
  ])('takes over an answer that is definite, or none: %j', (outcome) => {
    expect(clearDoubt('INVALID_ARGUMENT', said(outcome), false)).toEqual(outcome);
  });
});

describe('massSuspicion', () => {
  it.each([
    [20, 20, false],
    [21, 21, true],
    [21, 41, true],
    [21, 42, false],
    [500, 1000, false],
    [501, 1000, true],
    [0, 0, false],
  ])('of %d suspects among %d addresses is %s', (suspects, addresses, mass) => {
    expect(massSuspicion(suspects, addresses)).toBe(mass);
  });
});
