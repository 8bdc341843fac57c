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

/** Above this many doubtful addresses, and over half of the batch, the fault is ours: asking about each would prove nothing. */
const MASS_SUSPECTS = 20;

export interface FcmProviderOptions {
  readonly projectId: string;
  readonly client: {
    readonly capacity: number;
    request(request: Http2Request): Promise<Http2Answer>;
  };
  readonly tokens: Pick<AccessTokens, 'get' | 'replace'>;
  readonly now: () => number;
}

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
    const suspects: { readonly index: number; readonly code: string }[] = [];
    await forEachBounded(addresses.length, this.options.client.capacity, async (index) => {
      const verdict = await this.sendOne(template, addresses[index] as string);
      if (verdict.kind === 'suspect') suspects.push({ index, code: verdict.code });
      else outcomes[index] = verdict.outcome;
    });
    const mass = suspects.length > MASS_SUSPECTS && suspects.length * 2 > addresses.length;
    const probe = compileProbe();
    await forEachBounded(suspects.length, this.options.client.capacity, async (nth) => {
      const { index, code } = suspects[nth] as (typeof suspects)[number];
      outcomes[index] = mass
        ? {
            kind: 'rejected',
            code,
            detail: 'most addresses were answered so: check project and credential',
          }
        : await this.clearDoubt(probe, addresses[index] as string, code);
    });
    return outcomes;
  }

  /** Asks about the address alone. Dead only if FCM refuses it again in the same way and has accepted another from us. */
  private async clearDoubt(probe: FcmTemplate, address: string, code: string): Promise<Outcome> {
    const verdict = await this.sendOne(probe, address);
    const refusedAgain =
      (verdict.kind === 'suspect' && verdict.code === code) ||
      (verdict.kind === 'outcome' && verdict.outcome.kind === 'unregistered');
    if (!refusedAgain)
      return { kind: 'rejected', code, detail: 'the address alone was not refused' };
    if (!this.accepted)
      return { kind: 'rejected', code, detail: 'nothing was accepted from this credential yet' };
    return { kind: 'unregistered', code };
  }

  private async sendOne(
    template: FcmTemplate,
    address: string,
  ): Promise<Exclude<FcmVerdict, { kind: 'credential' }>> {
    const field: FcmTargetField = addressKind(address) === 'fid' ? 'fid' : 'token';
    const body = template.render(field, address);
    let token: string;
    try {
      token = await this.options.tokens.get();
    } catch (error) {
      return credentialUnavailable(error);
    }
    let renewed = false;
    for (let resends = 0; ;) {
      const answer = await this.options.client.request({
        path: this.path,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body,
      });
      if (mayResendNow(answer, resends)) {
        resends += 1;
        continue;
      }
      const verdict = classifyFcm(answer, this.options.now());
      if (verdict.kind === 'credential') {
        if (renewed)
          return { kind: 'outcome', outcome: { kind: 'failed', code: 'UNAUTHENTICATED' } };
        renewed = true;
        try {
          token = await this.options.tokens.replace(token);
        } catch (error) {
          return credentialUnavailable(error);
        }
        continue;
      }
      if (verdict.kind === 'outcome' && verdict.outcome.kind === 'delivered') this.accepted = true;
      return verdict;
    }
  }
}

/** The token endpoint or metadata server did not answer: nothing was sent, so it is tried again later. */
function credentialUnavailable(error: unknown): { kind: 'outcome'; outcome: Outcome } {
  const reason = error instanceof Error ? error.message : String(error);
  return {
    kind: 'outcome',
    outcome: {
      kind: 'retry',
      cause: 'fcm-unavailable',
      code: `NO_ACCESS_TOKEN: ${reason}`.slice(0, 200),
    },
  };
}
