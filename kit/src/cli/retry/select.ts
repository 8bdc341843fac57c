/** Finds deliveries of which something failed, by kind and time: by the ledger's one index, and of each entry two fields. */
import { rootOf } from '../../delivery/entry-ids';
import { groupKeys } from '../../delivery/find-by';
import { entriesBy } from '../../delivery/ledger-search';
import type { Collections } from '../../store/collections';
import { MAX_ENTRIES, type Selection } from './options';

export interface Selected {
  /** Ids of deliveries, the oldest first. */
  readonly deliveries: readonly string[];
  /** Whether there may be more than were looked at. */
  readonly isCut: boolean;
}

export async function select(
  { deliveries: entries }: Pick<Collections, 'deliveries'>,
  selection: Selection,
): Promise<Selected> {
  if ('delivery' in selection) return { deliveries: [rootOf(selection.delivery)], isCut: false };
  const { kind, ...window } = selection;
  const found = await entriesBy(entries, groupKeys('trouble'), window)
    .select('type')
    .limit(MAX_ENTRIES)
    .get();
  const ids = found.docs
    .filter((entry) => kind === undefined || entry.get('type') === kind)
    .map((entry) => rootOf(entry.id));
  return { deliveries: [...new Set(ids)], isCut: found.size === MAX_ENTRIES };
}
