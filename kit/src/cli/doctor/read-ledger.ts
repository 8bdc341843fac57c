/**
 * Reads what is stuck or failed: three queries of ids, each of a bounded number of documents, by indexes that the package has anyway.
 */
import { DAY_MS, HOUR_MS } from '../../model/durations';
import { parentPath } from '../../model/collection-path';
import { collectionGroup, type Names } from '../names';
import { MOST_DOCUMENTS, type LedgerFacts } from './facts';
import type { ReadingPost } from './google';
import type { Need, Reading } from './reading';
import { SHAPES, shaped } from './shapes';

const NEED: Need = { permission: 'datastore.entities.list', role: 'roles/datastore.viewer' };

export interface Ledger {
  readonly ask: (path: ReadingPost, body: object, need: Need) => Promise<Reading<unknown>>;
  /** `projects/…/databases/…`. */
  readonly database: string;
  readonly names: Pick<Names, 'deliveries' | 'pushes'>;
  readonly now: number;
}

export async function readLedger({ ask, database, names, now }: Ledger): Promise<LedgerFacts> {
  const idsOf = async (collection: string, filters: readonly object[]) => {
    const body = {
      structuredQuery: {
        select: { fields: [{ fieldPath: '__name__' }] },
        from: [{ collectionId: collectionGroup(collection) }],
        where: { compositeFilter: { op: 'AND', filters } },
        limit: MOST_DOCUMENTS,
      },
    };
    // A collection below a document is asked for below it.
    const parent = parentPath(collection);
    const path = `/v1/${database}/documents${parent && '/'}${parent}:runQuery` as const;
    return shaped(SHAPES.documents, 'firestore', await ask(path, body, NEED));
  };
  const at = (ms: number) => ({ timestampValue: new Date(ms).toISOString() });
  const { deliveries, pushes } = names;
  const [stuck, failed, overdue] = await Promise.all([
    idsOf(deliveries, [
      filter('state', 'EQUAL', { stringValue: 'sending' }),
      filter('leaseUntil', 'LESS_THAN', at(now - HOUR_MS)),
    ]),
    // A lease ends when its delivery does.
    idsOf(deliveries, [
      filter('state', 'EQUAL', { stringValue: 'failed' }),
      filter('leaseUntil', 'GREATER_THAN', at(now - DAY_MS)),
    ]),
    idsOf(pushes, [filter('nextAt', 'LESS_THAN', at(now - HOUR_MS))]),
  ]);
  return { stuck, failed, overdue };
}

function filter(fieldPath: string, op: string, value: object): object {
  return { fieldFilter: { field: { fieldPath }, op, value } };
}
