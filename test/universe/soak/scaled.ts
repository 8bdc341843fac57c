/** Sizes of the kit that small worlds would never reach, made small: then their limits bind in nearly every world. */
import type { Replacement } from './replacement.ts';

export interface Scaled extends Replacement {
  readonly why: string;
}

export const SCALED: readonly Scaled[] = [];
