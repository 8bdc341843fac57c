/** Tries to store too much, in a project apart: the coverage report repeats every value it has seen. */
import { tryAttempts } from '../../rules/try-attempts.ts';
import { huge } from './attempts/huge.ts';

tryAttempts(huge);
