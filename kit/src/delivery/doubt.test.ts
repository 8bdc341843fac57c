import { doubtAfter, isLeft, noted } from './doubt';
import type { DeliveryDocument, Resends } from './delivery-document';

const retry = { times: 1, dueBy: 5 };
const next = { times: 1, until: 'u2' };

interface Case {
  readonly settled: readonly ('retry' | 'next')[];
  readonly sent?: boolean;
  readonly resends?: Resends;
  readonly leaves: Resends | 'doubt' | 'nothing';
}

it.each<Case>([
  { settled: [], leaves: 'doubt' },
  { settled: [], resends: { next }, leaves: { next } },
  { settled: [], sent: true, resends: { retry }, leaves: { retry } },
  // The recipients who come next may have been sent to all the same.
  { settled: ['retry'], leaves: 'doubt' },
  { settled: ['retry'], resends: { retry }, leaves: 'doubt' },
  { settled: ['retry'], resends: { retry, next }, leaves: { next } },
  { settled: ['retry'], resends: { next }, leaves: { next } },
  // Nobody comes next any more.
  { settled: ['retry'], sent: true, resends: { retry }, leaves: 'nothing' },
  { settled: ['next'], resends: { next }, leaves: 'nothing' },
  { settled: ['retry', 'next'], resends: { retry, next }, leaves: 'nothing' },
])(
  'settling $settled of $resends, everybody reached: $sent, leaves $leaves in doubt',
  ({ settled, sent = false, resends, leaves }) => {
    const document = { sent, ...(resends === undefined ? {} : { resends }) } as DeliveryDocument;
    const parts = { retry: settled.includes('retry'), next: settled.includes('next') };
    expect(doubtAfter({ inDoubt: true, document }, parts)).toEqual({
      inDoubt: leaves !== 'nothing',
      resends: typeof leaves === 'string' ? undefined : leaves,
    });
    expect(doubtAfter({ inDoubt: false, document }, parts).inDoubt).toBe(false);
  },
);

it('a note about one part leaves that about the other alone, and replaces the former about its own', () => {
  const both = noted({ next }, { kind: 'retry', dueBy: 5 }, { times: 1 });
  expect(both).toEqual({ retry, next });
  expect(noted(both, { kind: 'next', until: 'u2' }, { times: 2, isSent: true })).toEqual({
    retry,
    next: { times: 2, until: 'u2', isSent: true },
  });
});

it.each([
  [undefined, false],
  [{ times: 1 }, false],
  [{ times: 4 }, false],
  [{ times: 5 }, true],
  [{ times: 1, isSent: true as const }, true],
])('a part with the note %j is left: %s', (resend, expected) => {
  expect(isLeft(resend)).toBe(expected);
});
