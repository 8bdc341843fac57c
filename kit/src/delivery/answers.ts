/**
 * What the providers answered for each device, and when rounds were made, as the ledger keeps it; pure.
 */
import type { AddressKind } from '../model/address';

/** What became of one device last. Addresses are named by fingerprint. */
export interface Answer {
  readonly uid: string;
  readonly device: string;
  /** What its address is; absent for a topic or condition. */
  readonly kind?: AddressKind;
  /** `gone`: the device was its person's no more when its turn came. */
  readonly outcome: 'delivered' | 'unregistered' | 'rejected' | 'failed' | 'expired' | 'gone';
  readonly code?: string;
  readonly detail?: string;
  /** Of an unregistered one: whether it was pruned, or why it was kept. */
  readonly prune?: 'pruned' | 'breaker' | 're-registered' | 'error' | 'dry-run';
  /** ms since 1970. */
  readonly at: number;
  /** How often it was tried; absent: once. */
  readonly tries?: number;
}

/** A round that left something to do. */
export interface RoundNote {
  /** When it ended, ms since 1970. */
  readonly at: number;
  /** Addresses to be tried again, and the code of the first of them. */
  readonly waiting: number;
  readonly code?: string;
  /** When the next round may begin, ms since 1970. */
  readonly dueAt: number;
}
