/** Tells of a push of the outbox that has no delivery: it waits for its time, was cancelled, or its fields are wrong; pure. */
import type { PushState } from '../../outbox/push-document';
import { deliveryOf } from '../../outbox/plan';
import { pushReason } from '../reasons/reason';
import { iso } from '../words';
import type { DocumentFacts } from './record';
import type { Story, StoryState } from './story';
import { sentence } from './words';

const STATES: Readonly<Record<PushState, StoryState>> = {
  pending: 'under-way',
  scheduled: 'under-way',
  sending: 'under-way',
  sent: 'told',
  partial: 'partly',
  failed: 'failed',
  cancelled: 'nobody',
};

/** @param now ms since 1970. */
export function tellPush({ path, createdAt, push }: DocumentFacts, now: number): Story | undefined {
  if (push === undefined) return undefined;
  const { state, error, errors = [], dueAt } = push;
  const { sentence: words, remedy, severity } = pushReason(state);
  const at = iso(createdAt ?? now);
  const more = [...(error === undefined ? [] : [error]), ...errors].map(sentence);
  const withRemedy = remedy === undefined ? {} : { remedy };
  return {
    delivery: deliveryOf(path.slice(path.lastIndexOf('/') + 1)),
    type: 'push',
    document: path,
    at,
    state: STATES[state],
    answer: [`The push is "${state}".`, words, ...more].join(' '),
    ...withRemedy,
    lines: [
      { at, what: 'event', severity: 'note', text: `${path} was written.` },
      {
        ...(state === 'scheduled' && dueAt !== undefined ? { at: iso(dueAt) } : {}),
        what: STATES[state] === 'under-way' ? 'next' : 'end',
        severity,
        text: words,
        ...withRemedy,
      },
    ],
  };
}
