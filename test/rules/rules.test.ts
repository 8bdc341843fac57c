/** Tries every table of attempts against the kit's part of firestore.rules, then asks which conditions were never tried. */
import { closedCollections } from './attempts/closed.ts';
import { pushes } from './attempts/pushes.ts';
import { tokens } from './attempts/tokens.ts';
import { users } from './attempts/users.ts';
import { everyConditionIsTried } from './every-condition.ts';
import { tryAttempts } from './try-attempts.ts';

const environment = tryAttempts([...users, ...tokens, ...pushes, ...closedCollections]);

everyConditionIsTried(environment, ['/users/{uid}', '/pushes/{pushId}']);
