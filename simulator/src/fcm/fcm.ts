/** FCM: messages, topic subscriptions and the Instance ID API, behind one gate. */
import type { Provider } from '../provider.ts';
import type { SimulatorState } from '../state.ts';
import { namedErrors } from './errors.ts';
import { Gate, type GateOptions } from './gate.ts';
import { createInstanceIdEndpoint } from './instance-id.ts';
import { createSendEndpoint } from './send.ts';
import { createTopicEndpoint } from './topic-subscriptions.ts';
import type { SizeLimits } from './validate.ts';

/** How strict this FCM is. */
export interface FcmOptions extends GateOptions {
  readonly limits: SizeLimits;
}

/** FCM, with the one thing a test may do to it. */
export interface FcmProvider extends Provider {
  /** Expires one access token, or every one seen so far; answers how many. */
  expireAccessTokens(token?: string): number;
}

/** Makes an FCM over the simulator's state. */
export function createFcm(state: SimulatorState, options: FcmOptions): FcmProvider {
  const gate = new Gate(state, options);
  return {
    name: 'fcm',
    errorCodes: Object.keys(namedErrors),
    endpoints: [
      createSendEndpoint(state, gate, options.limits),
      createTopicEndpoint(state, gate),
      createInstanceIdEndpoint(state, gate),
    ],
    reset: () => gate.accessTokens.clear(),
    expireAccessTokens: (token) => gate.accessTokens.expire(token),
  };
}
