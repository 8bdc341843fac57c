/** Sets how many streams a client may have open, however often that changes. */
import type { Http2Session } from 'node:http2';

/** Node ends a session that has ten SETTINGS frames unanswered. */
const MAX_UNANSWERED = 8;

interface Limit {
  unanswered: number;
  /** What is yet to be sent: the newest only, the rest is overtaken. */
  next: number | undefined;
}

const limits = new WeakMap<Http2Session, Limit>();

/** Changes SETTINGS_MAX_CONCURRENT_STREAMS of a session, at once where that is possible. */
export function limitStreams(session: Http2Session, maxConcurrentStreams: number): void {
  const limit = limits.get(session) ?? { unanswered: 0, next: undefined };
  limits.set(session, limit);
  if (limit.unanswered >= MAX_UNANSWERED) {
    limit.next = maxConcurrentStreams;
    return;
  }
  limit.unanswered += 1;
  limit.next = undefined;
  session.settings({ maxConcurrentStreams }, () => {
    limit.unanswered -= 1;
    if (limit.next !== undefined && !session.destroyed) limitStreams(session, limit.next);
  });
}
