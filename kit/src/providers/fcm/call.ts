/**
 * One call of an FCM API with our access token: resends what was never processed, and renews a token that is refused, once. What is
 * refused again was not processed either, so it is tried again later: the fault may be FCM's own, or be fixed meanwhile.
 */
import type { Http2Answer, Http2Request } from '../http2/answer';
import { mayResendNow } from '../retry-policy';
import { UNSENT, type Outcome } from '../../model/outcome';
import type { AccessTokens } from './access-token';

export interface FcmConnection {
  readonly client: {
    readonly capacity: number;
    request(request: Http2Request): Promise<Http2Answer>;
  };
  readonly tokens: Pick<AccessTokens, 'get' | 'accepted' | 'replace'>;
}

/** Why there is no verdict on the call itself: it never came that far. */
export type CallFailure = {
  readonly kind: 'outcome';
  readonly outcome: Extract<Outcome, { kind: 'failed' | 'retry' | 'unsent' }>;
};

const NOT_BEGUN: CallFailure = { kind: 'outcome', outcome: UNSENT };

/**
 * Never rejects: without a token, or with one that is refused again, the verdict is a {@link CallFailure}.
 *
 * @param requestWith makes the request anew for each try: kept while it is under way, it would outlive garbage collections.
 * @param mayBegin asked before each try; once it says no, the call ends as `unsent`. Default: always yes.
 */
export async function callFcm<Verdict extends { readonly kind: string }>(
  { client, tokens }: FcmConnection,
  requestWith: (token: string) => Http2Request,
  classify: (answer: Http2Answer) => Verdict,
  mayBegin?: () => boolean,
): Promise<Exclude<Verdict, { kind: 'credential' }> | CallFailure> {
  try {
    let token = await tokens.get();
    let renewed = false;
    for (let resends = 0; ;) {
      if (mayBegin?.() === false) return NOT_BEGUN;
      const answer = await client.request(requestWith(token));
      if (mayResendNow(answer, resends)) {
        resends += 1;
        continue;
      }
      const verdict = classify(answer);
      if (verdict.kind !== 'credential') {
        if (answer.kind === 'response' && answer.status === 200) tokens.accepted(token);
        return verdict as Exclude<Verdict, { kind: 'credential' }>;
      }
      const replacement = renewed ? undefined : await tokens.replace(token);
      if (replacement === undefined) return REFUSED;
      token = replacement;
      renewed = true;
    }
  } catch (error) {
    return credentialUnavailable(error);
  }
}

const REFUSED: CallFailure = {
  kind: 'outcome',
  outcome: {
    kind: 'retry',
    cause: 'credential',
    code: 'UNAUTHENTICATED',
    detail: 'FCM does not accept our access token: check the service account of the functions',
  },
};

/** Text that long without a space is a key or a token, or may be one. */
const SECRETIVE = /\S{40,}/g;
const MAX_REASON_LENGTH = 150;

/** The token endpoint or metadata server did not answer: nothing was sent, so it is tried again later. */
function credentialUnavailable(error: unknown): CallFailure {
  const { message = 'unknown error' } = error as Partial<Error>;
  const reason = message.replace(SECRETIVE, '…').replace(/\s+/g, ' ').slice(0, MAX_REASON_LENGTH);
  return {
    kind: 'outcome',
    outcome: { kind: 'retry', cause: 'credential', code: `NO_ACCESS_TOKEN: ${reason}` },
  };
}
