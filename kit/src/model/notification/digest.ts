/**
 * How several events of one kind become one push: kept with what is to be sent, and never sent itself.
 */
import type { Text } from './written-text';

/** When what was gathered is told. */
export type DigestWindow =
  /** So long after the first. */
  | { readonly minutes: number }
  /** Once nothing came for `quietMinutes`, and `maxMinutes` after the first at the latest. */
  | { readonly quietMinutes: number; readonly maxMinutes: number }
  /** At a time of the person's own day, `HH:MM`. */
  | { readonly at: string };

export interface Digest {
  /** What is gathered together: what is about one target, or all of the kind. Default: `target`, and the kind where there is none. */
  readonly key?: 'target' | 'kind';
  readonly window: DigestWindow;
  /** Whether the first is pushed at once, and only those after it are gathered. Default: true. */
  readonly leadingEdge?: boolean;
  /** Told early once so many are gathered. */
  readonly closesAt?: number;
  readonly title?: Text;
  readonly body?: Text;
}
