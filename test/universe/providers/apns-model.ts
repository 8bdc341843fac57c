/**
 * APNs as a world has it, both of its servers: takes what the engine sends, shows it on phones, and answers, in trouble otherwise than
 * what was done.
 *
 * A push is taken, and shown, at the moment that the request is made; only the answer takes time, unless a trouble says `late`.
 */
import type { Http2Answer, Http2Request } from '../../../kit/src/providers/http2/answer.ts';
import { Connection } from '../../../simulator/src/apns/connection.ts';
import { ApnsKeys, type ProviderToken } from '../../../simulator/src/apns/provider-token.ts';
import type { Reason } from '../../../simulator/src/apns/reasons.ts';
import { APNS_ACCEPTED, apnsAnswer, apnsRefusal, condemns, type ApnsSaid } from './apns-answers.ts';
import { readApns, type ApnsRead } from './apns-request.ts';
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
import type { Lie, SchemaFault } from './fcm-model.ts';
import type { ApnsEnvironment, Phone, Phones } from './phones.ts';

export type ApnsTrouble = Trouble<ApnsSaid>;

/** One request to APNs. */
export interface ApnsCall extends ApnsRead {
  /** 1 for the first of this world. */
  readonly nth: number;
  /** True time, ms since 1970. */
  readonly at: number;
  /** The server that was asked. */
  readonly environment: ApnsEnvironment;
  readonly authorization: string;
  /** Whose the token is or was. */
  readonly phone: Phone | undefined;
  /** Whether the token reaches somebody through this server at this moment. */
  readonly isLive: boolean;
}

export interface ApnsModelOptions extends Way {
  readonly phones: Phones;
  /** True time, ms since 1970. */
  readonly now: () => number;
  /** Of the app on all phones. */
  readonly bundleId: string;
  /** What goes wrong with a call; as long as it is asked for nothing, nothing does. */
  readonly trouble?: ((call: ApnsCall) => ApnsTrouble | undefined) | undefined;
  /** A push was taken and shown. */
  readonly onAccepted?: ((call: ApnsCall) => void) | undefined;
  /** Whether live tokens may be said to be dead: trouble that would is left out otherwise. Default: false. */
  readonly mayLie?: boolean | undefined;
  /** Whether provider tokens are read: their age, and how often they change. The engine's must be real ones then. Default: true. */
  readonly readsTokens?: boolean | undefined;
}

export type ApnsServers = Readonly<Record<ApnsEnvironment, { readonly client: Client }>>;

const MAX_TOKEN_AGE_MS = 60 * 60_000;
/** Only what a connection remembers of provider tokens is asked of it here. */
const NO_RULES = {
  initialStreams: 1,
  maxConcurrentStreams: 1000,
  slowDownAfterErrors: false,
  maxErrors: undefined,
  maxBadDeviceTokens: undefined,
};
/** Who asks, and where. */
interface Asked {
  readonly environment: ApnsEnvironment;
  readonly connection: Connection;
}

export class ApnsModel {
  readonly schemaFaults: SchemaFault[] = [];
  /** What trouble said of live tokens: APNs itself tells no lies. */
  readonly lies: Lie[] = [];
  /** Requests so far. */
  calls = 0;
  /** Pushes taken so far. */
  accepted = 0;
  /** Answers come from the world. */
  readonly servers: ApnsServers;
  private readonly options: ApnsModelOptions;
  private readonly keys = new ApnsKeys();
  /** Provider tokens by the header that they came in. */
  private readonly known = new Map<string, ProviderToken>();

  constructor(options: ApnsModelOptions) {
    this.options = options;
    this.servers = this.serversFor(options.later);
  }

  /**
   * An instance's own connections, whose answers come through its `later`: none to a dead one, and late ones to one that was frozen.
   * Apple counts the updates of provider tokens by connection.
   */
  serversFor(answerLater: Later): ApnsServers {
    const server = (environment: ApnsEnvironment): { client: Client } => {
      const asked = { environment, connection: new Connection(NO_RULES) };
      return {
        client: { capacity: 100, request: (request) => this.request(request, asked, answerLater) },
      };
    };
    return { production: server('production'), sandbox: server('sandbox') };
  }

  private request(request: Http2Request, asked: Asked, answerLater: Later): Promise<Http2Answer> {
    if (request.mayBegin?.() === false) return Promise.resolve(NOT_BEGUN);
    const call = this.read(request, asked.environment);
    const { trouble: troubleOf, mayLie } = this.options;
    let trouble = troubleOf?.(call);
    if (mayLie !== true) trouble = withoutLies(trouble, (says) => this.isLie(says, call));
    return carry(this.options, trouble, (plain) => this.act(call, asked, plain), answerLater);
  }

  private read(request: Http2Request, environment: ApnsEnvironment): ApnsCall {
    const { phones, now } = this.options;
    const read = readApns(request);
    const address = phones.address(read.token);
    this.calls += 1;
    return {
      nth: this.calls,
      at: now(),
      environment,
      authorization: request.headers['authorization'] ?? '',
      phone: address?.phone,
      isLive:
        address !== undefined &&
        address.diedAt === undefined &&
        address.phone.environment === environment,
      token: read.token,
      pushType: read.pushType,
      topic: read.topic,
      appId: read.appId,
      isHeard: read.isHeard,
      expiresAt: read.expiresAt,
      fault: read.fault,
      tag: read.tag,
      deliveryId: read.deliveryId,
      title: read.title,
      isSilent: read.isSilent,
    };
  }

  private isLie(says: ApnsSaid, { token, environment }: ApnsCall): boolean {
    const { phones, now } = this.options;
    const address = phones.address(token);
    if (address?.diedAt !== undefined || address?.phone.environment !== environment) return false;
    return condemns(says, address.bornAt, now());
  }

  private act(call: ApnsCall, asked: Asked, trouble: Plain<ApnsSaid> | undefined): Http2Answer {
    if (trouble === undefined) return this.judge(call, asked) ?? this.take(call);
    if (trouble.kind === 'no-response') {
      const { processed, reason } = trouble;
      if (processed === 'unknown' && trouble.isAccepted === true) this.takeIfRight(call, asked);
      return { kind: 'no-response', processed, reason };
    }
    const { says, isAccepted } = trouble;
    if (isAccepted === true) this.takeIfRight(call, asked);
    else this.noteFault(call);
    const now = this.options.now();
    if (this.isLie(says, call)) this.lies.push({ at: now, target: call.token, what: says.what });
    return apnsAnswer(says, now);
  }

  private takeIfRight(call: ApnsCall, asked: Asked): void {
    if (this.judge(call, asked) === undefined) this.take(call);
  }

  /** Why APNs does not take it. */
  private judge(call: ApnsCall, { connection }: Asked): Http2Answer | undefined {
    const refused =
      this.options.readsTokens === false ? undefined : this.admit(call.authorization, connection);
    if (refused !== undefined) return apnsRefusal(refused);
    if (this.noteFault(call)) return apnsRefusal(call.fault as Reason);
    const address = this.options.phones.address(call.token);
    if (address === undefined || address.phone.environment !== call.environment)
      return apnsRefusal('BadDeviceToken');
    if (address.diedAt !== undefined) return apnsRefusal('Unregistered', address.diedAt);
    return call.pushType === 'mdm' || call.appId === this.options.bundleId
      ? undefined
      : apnsRefusal('DeviceTokenNotForTopic');
  }

  /** Why a connection does not take a provider token. Each is read once: nearly all requests have the same. */
  private admit(authorization: string, connection: Connection): Reason | undefined {
    const now = this.options.now();
    let token = this.known.get(authorization);
    if (token === undefined) {
      const judged = this.keys.judge(authorization, now);
      if (typeof judged === 'string') return judged;
      this.known.set(authorization, (token = judged));
    }
    if (now - token.issuedAt * 1000 > MAX_TOKEN_AGE_MS) return 'ExpiredProviderToken';
    return connection.admit(token, now);
  }

  private noteFault({ fault, at }: ApnsCall): boolean {
    if (fault === undefined) return false;
    this.schemaFaults.push({ at, fault });
    return true;
  }

  private take(call: ApnsCall): Http2Answer {
    const { phones, onAccepted } = this.options;
    this.accepted += 1;
    if (call.phone !== undefined) phones.show(call.phone, call.token, call);
    onAccepted?.(call);
    return APNS_ACCEPTED;
  }
}
