/** Tries to store too much, in a project apart: the coverage report repeats every value it has seen. */
import { DEFAULT_NAMES } from '../../kit/src/cli/names.ts';
import { hugeAttempts } from '../../kit/src/cli/rules/attempts/huge.ts';
import { hugeProfile } from './attempts/profile.ts';
import { tryKitAttempts } from './try-kit-attempts.ts';

tryKitAttempts([...hugeAttempts(DEFAULT_NAMES), ...hugeProfile]);
