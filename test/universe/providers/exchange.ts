/**
 * What can happen to one request and its answer, whoever the provider is, and the machinery that has it happen in virtual time.
 */
import type { Http2Answer, Http2Request } from '../../../kit/src/providers/http2/answer.ts';

/** As plain data, so that a plan can keep it. A date is that many seconds ahead of the provider's clock, which is right. */
export type RetryAfter =
  { readonly seconds: number } | { readonly dateInSeconds: number } | { readonly text: string };

/**
 * What goes wrong with one request. `isAccepted`: whether the provider took the push all the same, and the phone shows it; only a push that
 * can be delivered is ever taken.
 */
export type Trouble<Said> =
  | { readonly kind: 'answer'; readonly says: Said; readonly isAccepted?: boolean }
  /** `never`: the connection refused it, nothing happened. */
  | { readonly kind: 'no-response'; readonly processed: 'never'; readonly reason: string }
  | {
      readonly kind: 'no-response';
      readonly processed: 'unknown';
      readonly reason: string;
      readonly isAccepted?: boolean;
    }
  /** Nothing is heard for `ms`, then whatever `then` says, else the truth. Its client gives up before if that is too long. */
  | {
      readonly kind: 'slow';
      readonly ms: number;
      /** When the provider acts: as the request comes, or as the answer goes. */
      readonly acts: 'at-once' | 'late';
      readonly then?: Exclude<Trouble<Said>, { kind: 'slow' }>;
    };

export type Later = (delayMs: number, run: () => void) => void;

/** What the engine's providers send through. */
export interface Client {
  capacity: number;
  request(request: Http2Request): Promise<Http2Answer>;
}

/** How requests travel. */
export interface Way {
  /** Of the world: it happens whatever becomes of an instance. */
  readonly later: Later;
  /** ms from a request to its answer. */
  readonly latency: () => number;
  /** The client gives up on an answer after that long. Default: that of the kit's client, 15 s. */
  readonly timeoutMs?: number | undefined;
}

/** As the kit's client says it of a request whose turn came too late. */
export const NOT_BEGUN: Http2Answer = {
  kind: 'no-response',
  processed: 'never',
  reason: 'not sent in time',
};

const TIMEOUT_MS = 15_000;

/** Without the waits, which {@link carry} has seen to. */
export type Plain<Said> = Exclude<Trouble<Said>, { kind: 'slow' }>;

/**
 * Has the provider act and the answer travel back.
 *
 * @param act what the provider does, under a trouble: it is called exactly once, unless the request is never processed.
 * @param answerLater how the answer reaches whoever asked.
 */
export function carry<Said>(
  { later, latency, timeoutMs = TIMEOUT_MS }: Way,
  trouble: Trouble<Said> | undefined,
  act: (trouble: Plain<Said> | undefined) => Http2Answer,
  answerLater: Later,
): Promise<Http2Answer> {
  const isSlow = trouble?.kind === 'slow';
  const plain = isSlow ? trouble.then : trouble;
  const waitMs = isSlow ? latency() + trouble.ms : latency();
  const isLate = waitMs >= timeoutMs;
  return new Promise((resolve) => {
    if (isLate) {
      const reason = `timeout after ${timeoutMs} ms`;
      answerLater(timeoutMs, () => resolve({ kind: 'no-response', processed: 'unknown', reason }));
    }
    if (isSlow && trouble.acts === 'late') {
      later(waitMs, () => {
        const answer = act(plain);
        if (!isLate) answerLater(0, () => resolve(answer));
      });
      return;
    }
    const answer = act(plain);
    if (!isLate) answerLater(waitMs, () => resolve(answer));
  });
}

/** A trouble without what only a liar would say; what is left of it is true. */
export function withoutLies<Said>(
  trouble: Trouble<Said> | undefined,
  isLie: (says: Said) => boolean,
): Trouble<Said> | undefined {
  if (trouble === undefined) return undefined;
  const last = trouble.kind === 'slow' ? trouble.then : trouble;
  if (last?.kind !== 'answer' || !isLie(last.says)) return trouble;
  return trouble.kind === 'slow' ? { kind: 'slow', ms: trouble.ms, acts: trouble.acts } : undefined;
}

/** The value of a header. `now`: true time, ms since 1970. */
export function retryAfterHeader(retryAfter: RetryAfter, now: number): string {
  if ('seconds' in retryAfter) return String(retryAfter.seconds);
  if ('text' in retryAfter) return retryAfter.text;
  return new Date(now + retryAfter.dateInSeconds * 1000).toUTCString();
}
