/** Tries to store too much, in a project apart: the coverage report repeats every value it has seen. */
import { huge } from './attempts/huge.ts';
import { tryAttempts } from './try-attempts.ts';

tryAttempts(huge);
