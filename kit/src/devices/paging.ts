/** Works through a whole collection, page by page. */
import { forEachBounded } from '../model/concurrency';

/** One page of what there is. */
export interface Page<Item> {
  readonly items: readonly Item[];
  /** Where the next page begins; undefined where this one is empty. */
  readonly last: string | undefined;
  /** Whether others may come after it. */
  readonly isFull: boolean;
}

export interface Paging<Item> {
  /** Begin after this; `''` for the first. */
  readonly after: string;
  readonly read: (after: string) => Promise<Page<Item>>;
  readonly work: (item: Item) => Promise<void>;
  /** Called after each page: everything up to `after` is done. */
  readonly progress: (after: string) => void;
  /** Asked between pages. */
  readonly shouldStop: () => boolean;
}

/** Worked on at once: quick, and far below what makes Firestore slow down. */
const AT_ONCE = 16;

/** Whether it came to the end. */
export async function throughPages<Item>({
  after: first,
  read,
  work,
  progress,
  shouldStop,
}: Paging<Item>): Promise<boolean> {
  let after = first;
  while (!shouldStop()) {
    const { items, last, isFull } = await read(after);
    await forEachBounded(items.length, AT_ONCE, (index) => work(items[index] as Item));
    after = last ?? after;
    progress(after);
    if (!isFull) return true;
  }
  return false;
}
