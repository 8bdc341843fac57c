/** What a push provider is to the rest of the simulator; each lives in a folder of its own. */
import type { Device } from './devices.ts';
import type { Answer, Exchange } from './exchange.ts';
import type { Rendered } from './rendered.ts';

/** The providers there are. */
export const providerNames = ['fcm', 'apns'] as const;
export type ProviderName = (typeof providerNames)[number];

/** A request that a provider has understood: what it would answer, and whom it would reach. */
export interface Verdict {
  /** Parsed body where it was JSON, else the text. */
  readonly body: unknown;
  /** The address sent to, `/topics/<name>` for a topic; unset where the request names none. */
  readonly address: string | undefined;
  readonly answer: Answer;
  /** The devices it reaches and how it looks on each; empty where nothing is delivered. */
  readonly deliveries: () => readonly Delivery[];
  /** What else it changes, for instance a subscription; happens when deliveries would. */
  readonly apply?: () => void;
}

/** One message on one device. */
export interface Delivery {
  readonly device: Device;
  readonly rendered: Rendered;
  /** Bundle id that the request names; default: the device's. */
  readonly appId?: string;
}

/** What a fault says of an answer; see `faults.ts`. */
export interface FaultAnswer {
  readonly status?: number | undefined;
  readonly errorCode?: string | undefined;
  readonly retryAfterSeconds?: number | undefined;
  /** Milliseconds since 1970, where the provider's error has such a thing. */
  readonly timestamp?: number | undefined;
}

/** One of a provider's APIs. */
export interface Endpoint {
  /** Whose it is. */
  readonly provider: ProviderName;
  /** Whether a request to this method and path is this API's. */
  claims(method: string, path: string): boolean;
  /** Validates a request and says what it comes to. `at` in milliseconds since 1970. */
  receive(exchange: Exchange, at: number): Verdict;
  /** The answer this API gives to a request where a fault asks for an error. */
  faultAnswer(fault: FaultAnswer, exchange: Exchange, at: number): Answer;
  /** Told what a request is about to be answered with, by itself or by a fault. */
  beforeAnswer?(exchange: Exchange, answer: Answer): void;
}

/** One push provider. */
export interface Provider {
  readonly name: ProviderName;
  /** Names a fault's `errorCode` may have. */
  readonly errorCodes: readonly string[];
  readonly endpoints: readonly Endpoint[];
  /** Forgets what the provider remembers by itself. */
  reset(): void;
}
