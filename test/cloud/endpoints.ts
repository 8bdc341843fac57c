/** What a deployed function asks of the platform: the parts of its manifest that the imitations act on. */
export interface Endpoint {
  readonly timeoutSeconds?: number;
  readonly eventTrigger?: {
    readonly eventType: string;
    readonly retry: boolean;
    readonly eventFilterPathPatterns?: { readonly document?: string };
  };
  readonly taskQueueTrigger?: {
    readonly retryConfig: {
      readonly maxAttempts?: number;
      readonly minBackoffSeconds?: number;
      readonly maxBackoffSeconds?: number;
      readonly maxDoublings?: number;
    };
    readonly rateLimits: {
      readonly maxDispatchesPerSecond?: number;
      readonly maxConcurrentDispatches?: number;
    };
  };
  readonly scheduleTrigger?: { readonly schedule: string };
}

export type Endpoints = Readonly<Record<string, Endpoint>>;

/** The wait before the next try after `failures`, ms: doubled each time, up to a limit. */
export function backOff(failures: number, minMs: number, maxMs: number): number {
  return Math.min(minMs * 2 ** (failures - 1), maxMs);
}
