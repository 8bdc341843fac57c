/**
 * Topic subscriptions of one device, by FCM v1's own API; the older one of the Instance ID service ends in 2027.
 *
 * @see https://firebase.google.com/docs/reference/fcm/fcmtopics/rest/v1/projects.registrations.topicSubscriptions
 */
import * as z from 'zod';
import { once } from '../../model/once';
import type { Http2Answer, Http2Request } from '../http2/answer';
import type { Outcome } from '../../model/outcome';
import { callFcm, type FcmConnection } from './call';
import { classifyFcm } from './classify';

/** What FCM said, reduced to what we do about it. */
export type TopicOutcome =
  /** It is so now, or was so before. */
  | { readonly kind: 'done' }
  /** The device's registration is definitely gone. */
  | { readonly kind: 'dead'; readonly code: string }
  /** Neither a retry nor a prune would be right. */
  | { readonly kind: 'refused'; readonly code: string }
  /** Try again later: FCM's trouble, its quota, or our credential, which somebody may fix. */
  | { readonly kind: 'later'; readonly code: string };

type Verdict =
  { readonly kind: 'topic'; readonly outcome: TopicOutcome } | { readonly kind: 'credential' };

export class FcmTopics {
  private readonly connection: FcmConnection;
  private readonly projectId: string;
  private readonly now: () => number;

  constructor(connection: FcmConnection, projectId: string, now: () => number) {
    this.connection = connection;
    this.projectId = projectId;
    this.now = now;
  }

  /** Subscribes a device to a topic, or unsubscribes it. Idempotent; never rejects. */
  async set(address: string, topic: string, subscribed: boolean): Promise<TopicOutcome> {
    const registration = `/v1/projects/${encodeURIComponent(this.projectId)}/registrations/${encodeURIComponent(address)}`;
    const name = encodeURIComponent(topic);
    const requestWith = (token: string): Http2Request => {
      const authorization = `Bearer ${token}`;
      return subscribed
        ? {
            path: `${registration}/topicSubscriptions?topic_name=${name}`,
            headers: { authorization, 'content-type': 'application/json' },
            body: '{}',
          }
        : {
            method: 'DELETE',
            path: `${registration}/topicSubscriptions/${name}?allow_missing=true`,
            headers: { authorization },
            body: '',
          };
    };
    const verdict = await callFcm(this.connection, requestWith, (answer) => this.read(answer));
    return verdict.kind === 'topic' ? verdict.outcome : topicOutcome(verdict.outcome);
  }

  private read(answer: Http2Answer): Verdict {
    if (answer.kind === 'response') {
      if (saysDone(answer)) return { kind: 'topic', outcome: { kind: 'done' } };
    }
    const verdict = classifyFcm(answer, this.now());
    if (verdict.kind === 'credential') return verdict;
    if (verdict.kind === 'suspect') return refused(verdict.code);
    return { kind: 'topic', outcome: topicOutcome(verdict.outcome) };
  }
}

function topicOutcome(outcome: Outcome): TopicOutcome {
  switch (outcome.kind) {
    case 'unregistered':
      return { kind: 'dead', code: outcome.code };
    case 'retry':
    case 'failed':
      return { kind: 'later', code: outcome.code };
    case 'unsent':
      return { kind: 'later', code: 'UNSENT' };
    case 'rejected':
      return { kind: 'refused', code: outcome.code };
    case 'delivered':
      return { kind: 'done' };
  }
}

function refused(code: string): Verdict {
  return { kind: 'topic', outcome: { kind: 'refused', code } };
}

const resource = once(() => z.looseObject({ error: z.undefined().optional() }));
const conflict = once(() => z.object({ error: z.object({ status: z.string() }) }));

/** A whole JSON object, as FCM gives: neither a proxy's page nor what is left of a cut answer. */
function saysDone({ status, body }: Extract<Http2Answer, { kind: 'response' }>): boolean {
  if (status === 200) return resource().safeParse(parseJson(body)).success;
  // Of a subscription that is there already FCM says 409, but of one that is being changed by another, too.
  const refusal = status === 409 ? conflict().safeParse(parseJson(body)).data : undefined;
  return refusal !== undefined && refusal.error.status !== 'ABORTED';
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
