/** Worlds in which a promise was broken once, so that they are played again with every change. */
import type { Plan } from './world/index.ts';

export type Found =
  /** As it was drawn, or shrunk: it stays the same when plans are drawn otherwise. */
  | { readonly what: string; readonly plan: Plan }
  /** Only for as long as plans are drawn as they are now. */
  | { readonly what: string; readonly seed: number };

export const FOUND: readonly Found[] = [];
