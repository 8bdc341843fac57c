/**
 * FCM as a world has it: takes what the engine sends, shows it on phones, and answers, in trouble otherwise than what was done.
 *
 * A push is taken, and shown, at the moment that the request is made; only the answer takes time, unless a trouble says `late`.
 */
import type { Http2Answer, Http2Request } from '../../../kit/src/providers/http2/answer.ts';
import {
  carry,
  NOT_BEGUN,
  type Client,
  type Later,
  type Plain,
  type Trouble,
  type Way,
  withoutLies,
} from './exchange.ts';
import { condemns, fcmAccepted, fcmAnswer, fcmMalformed, type FcmSaid } from './fcm-answers.ts';
import { readFcm, type FcmRead } from './fcm-request.ts';
import { APNS_MARK, type Phone, type Phones } from './phones.ts';

export type FcmTrouble = Trouble<FcmSaid>;

/** One request to FCM. */
export interface FcmCall extends FcmRead {
  /** 1 for the first of this world. */
  readonly nth: number;
  /** True time, ms since 1970. */
  readonly at: number;
  readonly authorization: string;
  /** Whose the target is or was. */
  readonly phone: Phone | undefined;
  /** Whether the target reaches somebody at this moment; of topics and conditions always. */
  readonly isLive: boolean;
}

export interface FcmModelOptions extends Way {
  readonly phones: Phones;
  /** True time, ms since 1970. */
  readonly now: () => number;
  /** What goes wrong with a call; as long as it is asked for nothing, nothing does. */
  readonly trouble?: ((call: FcmCall) => FcmTrouble | undefined) | undefined;
  /** A push was taken: shown, or on its way to a topic. Not for dry runs. */
  readonly onAccepted?: ((call: FcmCall) => void) | undefined;
  /** Whether live targets may be said to be dead: trouble that would is left out otherwise. Default: false. */
  readonly mayLie?: boolean | undefined;
  /** Whether an access token is good. Default: any. */
  readonly isAuthorised?: ((authorization: string) => boolean) | undefined;
}

/** A message that Google would refuse for good, and why: the engine should never have sent it. */
export interface SchemaFault {
  readonly at: number;
  readonly fault: string;
}

/** A target that was said to be dead, or confirmed in doubt, although it is live. */
export interface Lie {
  readonly at: number;
  readonly target: string;
  readonly what: string;
}

export class FcmModel {
  readonly schemaFaults: SchemaFault[] = [];
  /** Pushes to topics and conditions that were taken. */
  readonly broadcasts: FcmCall[] = [];
  /** What trouble said of live targets: FCM itself tells no lies. */
  readonly lies: Lie[] = [];
  /** Requests so far. */
  calls = 0;
  /** Pushes taken so far, dry runs not counted. */
  accepted = 0;
  /** Answers come from the world. */
  readonly client: Client;
  private readonly options: FcmModelOptions;

  constructor(options: FcmModelOptions) {
    this.options = options;
    this.client = this.clientFor(options.later);
  }

  /** A client whose answers come through an instance's own `later`: none to a dead one, and late ones to one that was frozen. */
  clientFor(answerLater: Later): Client {
    return { capacity: 100, request: (request) => this.request(request, answerLater) };
  }

  private request(request: Http2Request, answerLater: Later): Promise<Http2Answer> {
    if (request.mayBegin?.() === false) return Promise.resolve(NOT_BEGUN);
    const call = this.read(request);
    const { trouble: troubleOf, mayLie } = this.options;
    let trouble = troubleOf?.(call);
    if (mayLie !== true) trouble = withoutLies(trouble, (says) => this.isLie(says, call));
    return carry(this.options, trouble, (plain) => this.act(request, call, plain), answerLater);
  }

  private read({ body, headers }: Http2Request): FcmCall {
    const { phones, now } = this.options;
    const read = readFcm(body);
    const { targetKind, target } = read;
    const isForOne = targetKind === 'token' || targetKind === 'fid';
    const address = isForOne ? phones.address(target) : undefined;
    this.calls += 1;
    return {
      nth: this.calls,
      at: now(),
      authorization: headers['authorization'] ?? '',
      phone: address?.phone,
      isLive: isForOne ? address !== undefined && address.diedAt === undefined : true,
      targetKind,
      target,
      isDryRun: read.isDryRun,
      isHeard: read.isHeard,
      ttlMs: read.ttlMs,
      fault: read.fault,
      tag: read.tag,
      deliveryId: read.deliveryId,
      title: read.title,
      isSilent: read.isSilent,
    };
  }

  private act(
    request: Http2Request,
    call: FcmCall,
    trouble: Plain<FcmSaid> | undefined,
  ): Http2Answer {
    if (trouble === undefined) return this.judge(request, call) ?? this.take(call);
    if (trouble.kind === 'no-response') {
      const { processed, reason } = trouble;
      if (processed === 'unknown' && trouble.isAccepted === true) this.takeIfRight(request, call);
      return { kind: 'no-response', processed, reason };
    }
    const { says, isAccepted } = trouble;
    const { now } = this.options;
    if (isAccepted === true) this.takeIfRight(request, call);
    else this.noteFault(request, call);
    if (this.isLie(says, call)) {
      this.lies.push({ at: now(), target: call.target, what: says.what });
    }
    return fcmAnswer(says, now());
  }

  private isLie(says: FcmSaid, { target, isDryRun }: FcmCall): boolean {
    return condemns(says, isDryRun) && this.options.phones.isLive(target);
  }

  private takeIfRight(request: Http2Request, call: FcmCall): void {
    if (this.judge(request, call) === undefined) this.take(call);
  }

  /** Why FCM does not take it. */
  private judge(request: Http2Request, call: FcmCall): Http2Answer | undefined {
    const { phones, now, isAuthorised } = this.options;
    if (isAuthorised?.(call.authorization) === false)
      return fcmAnswer({ what: 'ACCESS_TOKEN_EXPIRED' }, now());
    if (this.noteFault(request, call)) return fcmMalformed(call.fault ?? 'no such message');
    const { targetKind, target } = call;
    if (targetKind === 'topic' || targetKind === 'condition') return undefined;
    const address = phones.address(target);
    if (address === undefined) {
      return fcmAnswer({ what: target.includes(':') ? 'UNREGISTERED' : 'INVALID_ARGUMENT' }, now());
    }
    return address.diedAt === undefined ? undefined : fcmAnswer({ what: 'UNREGISTERED' }, now());
  }

  private noteFault(request: Http2Request, call: FcmCall): boolean {
    const fault = call.fault ?? routeFault(request, call);
    if (fault === undefined) return false;
    this.schemaFaults.push({ at: this.options.now(), fault });
    return true;
  }

  private take(call: FcmCall): Http2Answer {
    const { phones, onAccepted } = this.options;
    const { targetKind, target, phone, isDryRun } = call;
    if (isDryRun) return fcmAccepted('universe', 'fake_message_id');
    this.accepted += 1;
    if (phone !== undefined) phones.show(phone, target, call);
    else if (targetKind === 'topic' || targetKind === 'condition') this.broadcasts.push(call);
    onAccepted?.(call);
    return fcmAccepted('universe', `0:${call.nth}%31bd1c9631bd1c96`);
  }
}

/** Sent to the wrong place: no message of FCM's at all. */
function routeFault(
  { path, method }: Http2Request,
  { target, targetKind }: FcmCall,
): string | undefined {
  if (!path.startsWith('/v1/projects/') || !path.endsWith('/messages:send')) return 'no such path';
  if (method !== undefined && method !== 'POST') return `method ${method}`;
  return targetKind === 'token' && target.startsWith(APNS_MARK) ? 'a token of APNs' : undefined;
}
