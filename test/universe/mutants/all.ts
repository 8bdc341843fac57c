/** Every mutant. */
import { LEDGER_MUTANTS } from './ledger.ts';
import type { Mutant } from './mutant.ts';
import { NIGHT_MUTANTS } from './nights.ts';
import { OUTBOX_MUTANTS } from './outbox.ts';
import { PEOPLE_MUTANTS } from './people.ts';
import { PROVIDER_MUTANTS } from './providers.ts';
import { ROUND_MUTANTS } from './rounds.ts';

export const MUTANTS: readonly Mutant[] = [
  ...LEDGER_MUTANTS,
  ...ROUND_MUTANTS,
  ...PEOPLE_MUTANTS,
  ...OUTBOX_MUTANTS,
  ...PROVIDER_MUTANTS,
  ...NIGHT_MUTANTS,
];
