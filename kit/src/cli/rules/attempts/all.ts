/** Every table of attempts, for an installation's names. */
import type { Names } from '../../names';
import type { Attempts } from './attempt';
import { closedAttempts } from './closed';
import { hugeAttempts } from './huge';
import { muteAttempts } from './mutes';
import { preferenceAttempts } from './preferences';
import { pushAttempts } from './pushes';
import { tokenAttempts } from './tokens';
import { userAttempts } from './users';

/** All but what is huge: the emulator's report of what was tried repeats every value. */
export function usualAttempts(names: Names): readonly Attempts[] {
  return [
    userAttempts,
    tokenAttempts,
    preferenceAttempts,
    muteAttempts,
    pushAttempts,
    closedAttempts,
  ].flatMap((table) => table(names));
}

export function allAttempts(names: Names): readonly Attempts[] {
  return [...usualAttempts(names), ...hugeAttempts(names)];
}
