import type { NotReopened } from '../../delivery/reopen';
import { jsonReport, textReport, type Outcome, type RetryReport } from './show';

const ENTRY = { id: 'like-e1', devices: 2, unnamed: 0, hasRest: false };
const FOUND: Outcome = {
  delivery: 'like-e1',
  plan: { kind: 'retry', type: 'like', entries: [ENTRY] },
};

function report(more: Partial<RetryReport> = {}): RetryReport {
  return {
    ...{ place: 'Project acme on Google Cloud', apply: false, isCut: false },
    ...{ outcomes: [FOUND], begins: 'It has begun.', ...more },
  };
}

it('says what would be sent again, and how to do it', () => {
  expect(textReport(report())).toBe(
    [
      'Project acme on Google Cloud, dry run.',
      'like-e1: like, 2 devices',
      'Would be sent again: 1 delivery, 2 devices. Nothing was changed; to do it, run it again with --apply.',
      '',
    ].join('\n'),
  );
});

it.each<[string, Partial<RetryReport>, RegExp]>([
  [
    'what was, and when it begins',
    { apply: true, outcomes: [{ ...FOUND, reopened: ['like-e1'] }] },
    /, applied\.\n.*\nTo be sent again: 1 delivery, 2 devices\. It has begun\.\n$/,
  ],
  [
    'what somebody else has changed meanwhile',
    { apply: true, outcomes: [{ ...FOUND, reopened: [] }] },
    /2 devices; 1 entry has changed meanwhile and stays as it is/,
  ],
  [
    'that people are left who never had their turn',
    {
      outcomes: [
        {
          ...FOUND,
          plan: { kind: 'retry', type: 'like', entries: [{ ...ENTRY, unnamed: 0, hasRest: true }] },
        },
      ],
    },
    /like, 2 devices, and recipients who never had their turn/,
  ],
  [
    'that it is composed once more',
    {
      outcomes: [
        {
          ...FOUND,
          plan: {
            kind: 'retry',
            type: 'like',
            entries: [{ ...ENTRY, devices: 0, hasRest: true, recompose: true }],
          },
        },
      ],
    },
    /like-e1: like, composed once more, of the document as it is now\n/,
  ],
  ['that nothing failed', { outcomes: [] }, /Nothing failed then\.\n$/],
  ['that there may be more', { isCut: true }, /Only the oldest 5,000 entries were looked at\./],
])('says %s', (_what, more, words) => {
  expect(textReport(report(more))).toMatch(words);
});

it.each<[NotReopened | 'not-found', RegExp]>([
  ['not-found', /there is no such delivery/],
  ['outcome-unknown', /With --unknown/],
  ['devices-unknown', /does not say which devices/],
  ['under-way', /it is under way/],
])('says why there is nothing to send again: %s', (why, words) => {
  const outcomes = [{ delivery: 'like-\u001be1', plan: { kind: 'nothing', why } as const }];
  const text = textReport(report({ outcomes }));
  expect(text).toMatch(words);
  expect(text).toContain('like-\\u001be1: nothing to send again: ');
  expect(JSON.parse(jsonReport(report({ outcomes })))).toMatchObject({
    ...{ schema: 1, apply: false, isCut: false, deliveries: [{ nothing: why }] },
  });
});
