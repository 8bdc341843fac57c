/** A fault that is put into the engine on purpose, to see whether a world notices. */
import type { Replacement } from '../soak/replacement.ts';

/** What a fault is about: each is a part of what the engine promises. */
export const AREAS = [
  'claim',
  'lease',
  'record',
  'counts',
  'resend',
  'retry',
  'retry-class',
  'expiry',
  'prune',
  'ownership',
  'takeover',
  'forget',
  'stale',
  'reconcile',
  'fresh',
  'mute',
  'night',
  'collapse',
  'wish',
  'shards',
  'pages',
  'sweep',
  'ids',
  'outbox',
  'operator',
] as const;

export type Area = (typeof AREAS)[number];

export interface Mutant extends Replacement {
  readonly name: string;
  readonly area: Area;
  /** What it breaks, and for whom. */
  readonly breaks: string;
  /** What else is changed, where one change is no fault by itself. */
  readonly also?: readonly Replacement[];
}

/** Everything that a mutant changes. */
export function changesOf({ file, from, to, also = [] }: Mutant): readonly Replacement[] {
  return [{ file, from, to }, ...also];
}
