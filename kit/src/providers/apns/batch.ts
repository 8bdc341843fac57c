/**
 * One push on its way to many addresses: tries each until there is an outcome, or the doubt whether it is any device's.
 */
import { fingerprint } from '../../model/address';
import type { Content } from '../../model/notification/content';
import { PayloadTooLargeError } from '../fit';
import type { Http2Answer, Http2Request } from '../http2/answer';
import { UNSENT, type Outcome } from '../../model/outcome';
import type { SendOptions } from '../provider';
import { mayResendNow } from '../retry-policy';
import { classifyApns, type ApnsVerdict } from './classify';
import { apnsIds, compileApns, type ApnsTemplate } from './compile';
import type { ApnsEnvironment, ApnsDeviceFacts, DeviceFactsSource } from './device-facts';
import type { ProviderTokens } from './provider-token';

/** New connections that one push is worth when APNs ends them, before it waits like any other. */
const MAX_RECONNECTS = 1;

/** Apple: not to be indexed again and again ("Sending notification requests to APNs"). `:path` and `authorization` Node never indexes. */
const UNINDEXED = ['apns-id'];

/** One of Apple's two servers. */
export interface ApnsServer {
  readonly client: {
    readonly capacity: number;
    request(request: Http2Request): Promise<Http2Answer>;
  };
  /** `:authority` to send where the connection's own address does not say which server is meant. */
  readonly authority?: string;
}

export interface ApnsSettings {
  readonly servers: Readonly<Record<ApnsEnvironment, ApnsServer>>;
  readonly tokens: Pick<ProviderTokens, 'get' | 'expired' | 'tooManyUpdates'>;
  readonly devices: DeviceFactsSource;
  /** Where an address is tried first of which nothing is known. */
  readonly environment: ApnsEnvironment;
  /** Bundle id of devices of which none is known. */
  readonly bundleId?: string;
  /** Expo's `@owner/slug` of devices of which none is known; absent: Expo's format is only for those that have one. */
  readonly experienceId?: string;
  readonly now: () => number;
  readonly log: {
    /** The address was accepted elsewhere than where it was tried first. */
    environmentLearned(fingerprint: string, environment: ApnsEnvironment): void;
    environmentNotKept(fingerprint: string, error: unknown): void;
    deviceFactsUnreadable(addresses: number, error: unknown): void;
  };
}

/** `suspect`: neither server knows the address. */
export type Sent = Outcome | 'suspect';

type Attempt =
  | { readonly kind: 'outcome'; readonly outcome: Outcome }
  /** Nothing more is sent to this server in this batch. */
  | { readonly kind: 'halted'; readonly outcome: Outcome }
  | { readonly kind: 'wrong-environment'; readonly code: string };

type Variant = ApnsTemplate | Outcome;

/** The push for one address. */
interface Push {
  readonly template: ApnsTemplate;
  readonly topic: string;
  readonly address: string;
  readonly facts: ApnsDeviceFacts;
}

/** The provider token that each server has accepted last: if it is refused then, that is Apple's trouble of the moment. */
export type ProvenTokens = Partial<Record<ApnsEnvironment, string | undefined>>;

export class ApnsBatch {
  private readonly settings: ApnsSettings;
  private readonly proven: ProvenTokens;
  private readonly content: Content;
  private readonly mayBegin: SendOptions['mayBegin'];
  private readonly now: number;
  private readonly idOf: (address: string) => string;
  private readonly variants = new Map<string | undefined, Variant>();
  private readonly halted = new Map<ApnsEnvironment, Outcome>();

  /**
   * @param proven shared by the batches of a provider.
   * @throws {PayloadTooLargeError} when the push fits nobody.
   */
  constructor(
    settings: ApnsSettings,
    proven: ProvenTokens,
    content: Content,
    { mayBegin }: SendOptions = {},
  ) {
    this.settings = settings;
    this.proven = proven;
    this.content = content;
    this.mayBegin = mayBegin;
    this.now = settings.now();
    this.idOf = apnsIds(content.deliveryId);
    this.variants.set(undefined, compileApns(content, this.now));
  }

  /** Sends to one address: where it belongs as far as is known, and on `BadDeviceToken` to the other server, once. */
  async send(address: string, facts: ApnsDeviceFacts): Promise<Sent> {
    const template = this.variantFor(facts);
    if (!('topic' in template)) return template;
    const topic = template.topic(facts.appId ?? this.settings.bundleId);
    if (topic === undefined) return NO_TOPIC;
    const push: Push = { template, topic, address, facts };
    const home = facts.environment ?? this.settings.environment;
    const halted = this.halted.get(home);
    if (halted !== undefined) return halted;
    if (this.mayBegin?.() === false) return UNSENT;

    const token = this.settings.tokens.get();
    const answer = await this.request(home, push, token);
    const verdict = this.classify(answer, facts);
    if (isAccepted(answer)) this.proven[home] = token;
    // Nearly always that is all; the rest is a function of its own, so that it costs nothing then.
    if (verdict.kind === 'outcome' && !mayResendNow(answer, 0)) return verdict.outcome;
    const first = await this.attempt(home, push, { token, answer });
    return first.kind === 'wrong-environment'
      ? this.sendAway(home, push, first.code)
      : first.outcome;
  }

  /** To the other server, after `home` said that it does not know the address. */
  private async sendAway(home: ApnsEnvironment, push: Push, code: string): Promise<Sent> {
    const away = home === 'production' ? 'sandbox' : 'production';
    const second = await this.attempt(away, push);
    if (second.kind === 'wrong-environment') return 'suspect';
    if (second.kind === 'halted' && second.outcome.kind === 'failed') {
      // With a key of one environment the other cannot be asked: that proves nothing of the address.
      const detail = `not valid in ${home}; ${away} could not be tried: ${second.outcome.code}`;
      return { kind: 'rejected', code, detail };
    }
    if (second.outcome.kind === 'delivered') await this.learn(push.address, away);
    return second.outcome;
  }

  /** The push as this device wants it: in Expo's format if the notification, else the device, else the project says so. */
  private variantFor(facts: ApnsDeviceFacts): Variant {
    const experienceId =
      this.content.expo === undefined
        ? (facts.experienceId ?? this.settings.experienceId)
        : undefined;
    let variant = this.variants.get(experienceId);
    if (variant === undefined) {
      variant = this.inExperience(experienceId as string);
      this.variants.set(experienceId, variant);
    }
    return variant;
  }

  private inExperience(experienceId: string): Variant {
    try {
      return compileApns({ ...this.content, expo: { experienceId } }, this.now);
    } catch (error) {
      // Others may have their push by now: only those who want this format go without.
      if (!(error instanceof PayloadTooLargeError)) throw error;
      return { kind: 'rejected', code: 'PayloadTooLarge', detail: error.message };
    }
  }

  /** One server's last word; `begun`: what it said already. */
  private async attempt(
    environment: ApnsEnvironment,
    push: Push,
    begun?: { readonly token: string; readonly answer: Http2Answer },
  ): Promise<Attempt> {
    const { tokens } = this.settings;
    let renewed = false;
    let doubted = false;
    let reconnects = 0;
    let said = begun;
    for (let resends = 0; ;) {
      const halted = this.halted.get(environment);
      if (said === undefined) {
        if (halted !== undefined) return { kind: 'halted', outcome: halted };
        if (this.mayBegin?.() === false) return NOT_BEGUN;
      }
      const token: string = said?.token ?? tokens.get();
      const answer: Http2Answer = said?.answer ?? (await this.request(environment, push, token));
      said = undefined;
      if (mayResendNow(answer, resends)) {
        resends += 1;
        continue;
      }
      if (isAccepted(answer)) this.proven[environment] = token;
      const verdict = this.classify(answer, push.facts);
      const isProven = this.proven[environment] === token;
      switch (verdict.kind) {
        case 'outcome':
        case 'wrong-environment':
          return verdict;
        case 'token-too-new':
          if (isProven) return { kind: 'outcome', outcome: verdict.outcome };
          tokens.tooManyUpdates(token);
          return this.halt(environment, verdict.outcome);
        case 'credential':
        case 'token-expired': {
          if (isProven && !doubted) {
            doubted = true;
            continue;
          }
          // Whatever it was, it is refused now: the next to hear so takes that for all.
          if (isProven) this.proven[environment] = undefined;
          if (verdict.kind === 'credential') {
            return isProven
              ? notNow(verdict.outcome.code)
              : this.halt(environment, verdict.outcome);
          }
          if (renewed) return this.halt(environment, clockIsWrong(verdict.code));
          const waitMs = tokens.expired(token);
          if (waitMs > 0) {
            return isProven
              ? notNow(verdict.code)
              : this.halt(environment, tokenNotYet(verdict.code, waitMs));
          }
          renewed = true;
          continue;
        }
        case 'resend':
          if (reconnects === MAX_RECONNECTS) return { kind: 'outcome', outcome: verdict.outcome };
          reconnects += 1;
      }
    }
  }

  private request(
    environment: ApnsEnvironment,
    { template, topic, address }: Push,
    token: string,
  ): Promise<Http2Answer> {
    const { client, authority } = this.settings.servers[environment];
    return client.request({
      path: `/3/device/${address}`,
      ...(authority === undefined ? {} : { authority }),
      headers: {
        ...template.headers,
        'apns-topic': topic,
        'apns-id': this.idOf(address),
        authorization: `bearer ${token}`,
      },
      unindexed: UNINDEXED,
      body: template.body,
      mayBegin: this.mayBegin,
    });
  }

  private classify(answer: Http2Answer, { refreshedAt }: ApnsDeviceFacts): ApnsVerdict {
    return classifyApns(answer, { now: this.settings.now(), refreshedAt });
  }

  /** What one address was told of our credential goes for all. */
  private halt(environment: ApnsEnvironment, outcome: Outcome): Attempt {
    this.halted.set(environment, outcome);
    return { kind: 'halted', outcome };
  }

  private async learn(address: string, environment: ApnsEnvironment): Promise<void> {
    const { devices, log } = this.settings;
    const name = fingerprint(address);
    log.environmentLearned(name, environment);
    try {
      await devices.rememberEnvironment(address, environment);
    } catch (error) {
      // The push is delivered; the next one finds the way again, by asking twice.
      log.environmentNotKept(name, error);
    }
  }
}

const NOT_BEGUN: Attempt = { kind: 'outcome', outcome: UNSENT };

const NO_TOPIC: Outcome = {
  kind: 'failed',
  code: 'APNS_NO_TOPIC',
  detail: 'set APNS_TOPIC to the bundle id, or pass it to registerToken as appId',
};

function isAccepted(answer: Http2Answer): boolean {
  return answer.kind === 'response' && answer.status === 200;
}

/** Of a token that was accepted a moment ago: this push was not processed, the others may be. */
function notNow(code: string): Attempt {
  return { kind: 'outcome', outcome: { kind: 'retry', cause: 'credential', code } };
}

function clockIsWrong(code: string): Outcome {
  return {
    kind: 'retry',
    cause: 'credential',
    code,
    detail: 'a token signed just now is refused, too: check the clock',
  };
}

function tokenNotYet(code: string, retryAfterMs: number): Outcome {
  return { kind: 'retry', cause: 'apns-quota', code, retryAfterMs };
}
