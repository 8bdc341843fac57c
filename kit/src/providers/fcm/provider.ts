/**
 * Sends pushes through FCM v1 over warm HTTP/2 sessions and answers with one outcome per address.
 */
import { addressKind } from '../../model/address';
import { forEachBounded } from '../../model/concurrency';
import type { Content } from '../../model/notification/content';
import type { Http2Answer, Http2Request } from '../http2/answer';
import type { Outcome } from '../../model/outcome';
import type { Broadcaster, BroadcastTarget, Provider, SendOptions } from '../provider';
import { callFcm, type FcmConnection } from './call';
import { classifyFcm, type FcmVerdict } from './classify';
import {
  compileFcm,
  compileProbe,
  FCM_TOPIC_PAYLOAD_LIMIT_BYTES,
  type FcmTargetField,
  type FcmTemplate,
} from './compile';
import { clearDoubt, massSuspicion, type Suspect } from './suspects';

export interface FcmProviderOptions extends FcmConnection {
  readonly projectId: string;
  readonly now: () => number;
  /** What links are relative to on the web. Default: there only absolute links are followed. */
  readonly site?: URL;
}

type Verdict = Exclude<FcmVerdict, { kind: 'credential' }>;

export class FcmProvider implements Provider, Broadcaster {
  private readonly options: FcmProviderOptions;
  private readonly path: string;
  /** Whether FCM has taken a push for some address from this credential: only then may it call an address dead. */
  private accepted = false;
  private token: string | undefined;
  private headers: Http2Request['headers'] = {};

  constructor(options: FcmProviderOptions) {
    this.options = options;
    this.path = `/v1/projects/${encodeURIComponent(options.projectId)}/messages:send`;
  }

  async send(
    content: Content,
    addresses: readonly string[],
    { mayBegin }: SendOptions = {},
  ): Promise<Outcome[]> {
    const { site } = this.options;
    const template = compileFcm(content, this.options.now(), { site });
    const outcomes = new Array<Outcome>(addresses.length);
    const suspects: Suspect[] = [];
    const { client } = this.options;
    const capacity = (): number => client.capacity;
    await forEachBounded(addresses.length, capacity, async (index) => {
      const verdict = await this.sendOne(template, addresses[index] as string, mayBegin);
      if (verdict.kind === 'suspect') suspects.push({ index, code: verdict.code });
      else outcomes[index] = verdict.outcome;
    });
    if (suspects.length === 0) return outcomes;
    if (massSuspicion(suspects.length, addresses.length)) {
      for (const { index, code } of suspects) {
        const detail = 'most addresses got this answer: check project, credential and payload';
        outcomes[index] = { kind: 'rejected', code, detail };
      }
      return outcomes;
    }
    const probe = compileProbe();
    const probed = new Array<Verdict>(suspects.length);
    await forEachBounded(suspects.length, capacity, async (nth) => {
      const { index } = suspects[nth] as Suspect;
      probed[nth] = await this.sendOne(probe, addresses[index] as string, mayBegin);
    });
    // Only now: a probe that was accepted counts for all of them, whichever came first.
    suspects.forEach(({ index, code }, nth) => {
      outcomes[index] = clearDoubt(code, probed[nth] as Verdict, this.accepted);
    });
    return outcomes;
  }

  async broadcast(content: Content, target: BroadcastTarget): Promise<Outcome> {
    const { now, site } = this.options;
    const limitBytes = FCM_TOPIC_PAYLOAD_LIMIT_BYTES;
    const template = compileFcm(content, now(), { limitBytes, site });
    const verdict =
      'topic' in target
        ? await this.post(template, 'topic', target.topic)
        : await this.post(template, 'condition', target.condition);
    if (verdict.kind === 'suspect') return { kind: 'rejected', code: verdict.code };
    const { outcome } = verdict;
    return outcome.kind === 'unregistered' ? { kind: 'rejected', code: outcome.code } : outcome;
  }

  private sendOne(
    template: FcmTemplate,
    address: string,
    mayBegin: SendOptions['mayBegin'],
  ): Promise<Verdict> {
    const field = addressKind(address) === 'fid' ? 'fid' : 'token';
    return this.post(template, field, address, mayBegin);
  }

  private post(
    template: FcmTemplate,
    field: FcmTargetField,
    target: string,
    mayBegin?: SendOptions['mayBegin'],
  ): Promise<Verdict> {
    const requestWith = (token: string): Http2Request => ({
      path: this.path,
      headers: this.headersWith(token),
      body: template.render(field, target),
      mayBegin,
    });
    return callFcm(this.options, requestWith, this.classify, mayBegin);
  }

  /** The same object for all requests with one token. */
  private headersWith(token: string): Http2Request['headers'] {
    if (token !== this.token) {
      this.token = token;
      this.headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
    }
    return this.headers;
  }

  private readonly classify = (answer: Http2Answer): FcmVerdict => {
    const verdict = classifyFcm(answer, this.options.now());
    if (verdict.kind === 'outcome' && verdict.outcome.kind === 'delivered') this.accepted = true;
    return verdict;
  };
}
