/** Reads this project's outcomes as the comparison's answers. */

import type { Outcome } from '../../kit/src/model/outcome.ts';
import type { Answer } from './peer.ts';

export function answerOf(outcome: Outcome): Answer {
  if (outcome.kind === 'delivered' || outcome.kind === 'unregistered') return outcome.kind;
  if (outcome.kind === 'unsent') return 'failed: unsent';
  return `failed: ${outcome.kind} ${outcome.code}`;
}
