/** What `why`, `status` and `retry` say of made-up events: the examples of docs/why.md. */
import type { DeliveryDocument } from '../../kit/src/delivery/delivery-document.ts';
import { NO_COUNTS } from '../../kit/src/model/counts.ts';
import { textReport as retryText } from '../../kit/src/cli/retry/show.ts';
import { textReport as statusText } from '../../kit/src/cli/status/show.ts';
import { textReport, type Report } from '../../kit/src/cli/why/show.ts';
import { tell } from '../../kit/src/cli/why/tell.ts';
import { deliveryEntry, EVENT_AT, noteEntry } from '../../kit/src/testing/ledger.ts';

const NOW = EVENT_AT + 60_000;
const MINUTE = 60_000;
const PHONE = {
  fingerprint: '3f9a1c0e5b7d2468',
  uid: 'ana',
  kind: 'fcm',
  platform: 'android',
  topics: [],
} as const;
const EVENT = 'like-a1d4f0b2';

/** Her app was uninstalled. */
const DEAD_TOKEN: Partial<DeliveryDocument> = {
  counts: { ...NO_COUNTS, recipients: 1, addresses: 1, unregistered: 1 },
  reasons: { ana: 'pruned' },
  answers: [
    {
      ...{ uid: 'ana', device: PHONE.fingerprint, kind: 'fcm', at: EVENT_AT + 800 },
      ...{ outcome: 'unregistered', code: 'UNREGISTERED', prune: 'pruned' },
    },
  ],
};

function report(more: Partial<Report>): string {
  const place = 'project acme-prod on Google Cloud';
  const where = { place, project: 'acme-prod', emulator: undefined, database: '(default)' };
  const nothing = { stories: [], unnamed: [], facts: [], hints: [], cut: [] };
  return textReport(
    { ...where, ...nothing, question: { user: 'ana', limit: 20 }, ...more },
    { isColoured: false, isFull: false },
  );
}

const one = (entry: DeliveryDocument, person?: string) =>
  tell({ id: EVENT, entry }, { person, devices: new Map([[PHONE.fingerprint, PHONE]]), now: NOW });

/** Each by its name in the guide. */
export const EXAMPLES: ReadonlyMap<string, string> = new Map([
  ['dead-token', report({ stories: [one(deliveryEntry(DEAD_TOKEN), 'ana')] })],
  [
    'deleted-post',
    report({
      stories: [
        tell(
          { id: EVENT, nobody: noteEntry({ nobody: 'the post was deleted' }) },
          { devices: new Map(), now: NOW },
        ),
      ],
    }),
  ],
  [
    'person',
    report({
      question: { user: 'ana', since: EVENT_AT - 2 * 60 * MINUTE, limit: 20 },
      unnamed: [
        {
          ...{ delivery: EVENT, type: 'like', document: 'posts/p1/likes/leo', at: EVENT_AT },
          why: 'Document posts/p1: ownerId: expected string, got undefined',
          isFailure: true,
        },
      ],
      facts: [{ severity: 'note', text: 'users/ana exists, with 1 address.' }],
    }),
  ],
  [
    'status',
    statusText(
      {
        ...{ place: 'Project acme-prod on Google Cloud', project: 'acme-prod' },
        ...{ emulator: undefined, database: '(default)' },
        numbers: {
          at: NOW,
          backlog: {
            count: 61,
            oldest: { delivery: 'post-77c0', type: 'post', since: EVENT_AT - 9 * MINUTE },
          },
          waiting: { count: 1, nextAt: NOW + 20_000, isCut: false },
          scheduled: 4,
          lastHour: { since: 0, deliveries: 0, codes: [], isCut: false },
          lastDay: {
            ...{ since: 0, deliveries: 3, isCut: false },
            codes: [{ code: 'THIRD_PARTY_AUTH_ERROR', count: 7, of: 'addresses' }],
          },
          composing: { count: 0, kinds: [], isCut: false },
          large: [
            {
              ...{ delivery: 'post-77c0', type: 'post', document: 'posts/p9' },
              ...{ since: EVENT_AT - 9 * MINUTE, begun: 90, done: 30, total: 90 },
            },
          ],
          sweep: { overdue: 0 },
        },
      },
      false,
    ),
  ],
  [
    'retry',
    retryText({
      place: 'Project acme-prod on Google Cloud',
      apply: false,
      outcomes: [
        ['like-a1d4f0b2', 1],
        ['like-b7e02c19', 2],
      ].map(([delivery, devices]) => ({
        delivery: String(delivery),
        plan: {
          ...({ kind: 'retry', type: 'like' } as const),
          entries: [{ id: String(delivery), devices: Number(devices), unnamed: 0, hasRest: false }],
        },
      })),
      isCut: false,
      begins: '',
    }),
  ],
]);
