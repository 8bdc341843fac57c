/** Tries every table of attempts against the kit's part of firestore.rules, then asks which conditions were never tried. */
import { DEFAULT_NAMES } from '../../kit/src/cli/names.ts';
import { usualAttempts } from '../../kit/src/cli/rules/attempts/all.ts';
import { profile } from './attempts/profile.ts';
import { everyConditionIsTried } from './every-condition.ts';
import { tryKitAttempts } from './try-kit-attempts.ts';

const where = tryKitAttempts([...usualAttempts(DEFAULT_NAMES), ...profile]);

everyConditionIsTried(where, ['/users/{uid}', '/pushes/{pushId}']);
