/**
 * Sends pushes through FCM v1 over warm HTTP/2 sessions and answers with one outcome per address.
 */
import { addressKind } from '../address';
import { forEachBounded } from '../bounded';
import type { Content } from '../content';
import type { Http2Answer, Http2Request } from '../http2/answer';
import type { Outcome } from '../outcome';
import type { Provider } from '../provider';
import { mayResendNow } from '../retry-policy';
import type { AccessTokens } from './access-token';
import { classifyFcm, type FcmVerdict } from './classify';
import { compileFcm, compileProbe, type FcmTargetField, type FcmTemplate } from './compile';
import { clearDoubt, massSuspicion, type Suspect } from './suspects';

export interface FcmProviderOptions {
  readonly projectId: string;
  readonly client: {
    readonly capacity: number;
    request(request: Http2Request): Promise<Http2Answer>;
  };
  readonly tokens: Pick<AccessTokens, 'get' | 'replace'>;
  readonly now: () => number;
}

type Verdict = Exclude<FcmVerdict, { kind: 'credential' }>;

export class FcmProvider implements Provider {
  private readonly options: FcmProviderOptions;
  private readonly path: string;
  /** Whether FCM has taken a push for some address from this credential: only then may it call an address dead. */
  private accepted = false;

  constructor(options: FcmProviderOptions) {
    this.options = options;
    this.path = `/v1/projects/${encodeURIComponent(options.projectId)}/messages:send`;
  }

  async send(content: Content, addresses: readonly string[]): Promise<Outcome[]> {
    const template = compileFcm(content, this.options.now());
    const outcomes = new Array<Outcome>(addresses.length);
    const suspects: Suspect[] = [];
    await forEachBounded(addresses.length, this.options.client.capacity, async (index) => {
      const verdict = await this.sendOne(template, addresses[index] as string);
      if (verdict.kind === 'suspect') suspects.push({ index, code: verdict.code });
      else outcomes[index] = verdict.outcome;
    });
    if (massSuspicion(suspects.length, addresses.length)) {
      for (const { index, code } of suspects) {
        const detail = 'most addresses were answered so: check project, credential and payload';
        outcomes[index] = { kind: 'rejected', code, detail };
      }
      return outcomes;
    }
    const probe = compileProbe();
    const probed = new Array<Verdict>(suspects.length);
    await forEachBounded(suspects.length, this.options.client.capacity, async (nth) => {
      const { index } = suspects[nth] as Suspect;
      probed[nth] = await this.sendOne(probe, addresses[index] as string);
    });
    // Only now: a probe that was accepted counts for all of them, whichever came first.
    suspects.forEach(({ index, code }, nth) => {
      outcomes[index] = clearDoubt(code, probed[nth] as Verdict, this.accepted);
    });
    return outcomes;
  }

  private async sendOne(template: FcmTemplate, address: string): Promise<Verdict> {
    const field: FcmTargetField = addressKind(address) === 'fid' ? 'fid' : 'token';
    const body = template.render(field, address);
    const { client, tokens, now } = this.options;
    try {
      let token = await tokens.get();
      let renewed = false;
      for (let resends = 0; ;) {
        const answer = await client.request({
          path: this.path,
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
          body,
        });
        if (mayResendNow(answer, resends)) {
          resends += 1;
          continue;
        }
        const verdict = classifyFcm(answer, now());
        if (verdict.kind !== 'credential') {
          if (verdict.kind === 'outcome' && verdict.outcome.kind === 'delivered') {
            this.accepted = true;
          }
          return verdict;
        }
        const replacement = renewed ? token : await tokens.replace(token);
        if (replacement === token) {
          return { kind: 'outcome', outcome: { kind: 'failed', code: 'UNAUTHENTICATED' } };
        }
        token = replacement;
        renewed = true;
      }
    } catch (error) {
      return credentialUnavailable(error);
    }
  }
}

/** Text that long without a space is a key or a token, or may be one. */
const SECRETIVE = /\S{40,}/g;
const MAX_REASON_LENGTH = 150;

/** The token endpoint or metadata server did not answer: nothing was sent, so it is tried again later. */
function credentialUnavailable(error: unknown): Verdict {
  const { message = 'unknown error' } = error as Partial<Error>;
  const reason = message.replace(SECRETIVE, '…').replace(/\s+/g, ' ').slice(0, MAX_REASON_LENGTH);
  return {
    kind: 'outcome',
    outcome: { kind: 'retry', cause: 'fcm-unavailable', code: `NO_ACCESS_TOKEN: ${reason}` },
  };
}
