/** What a push looks like on a device; made by each provider's `render.ts`. */

/** What a provider makes of a message for one device, before it has an id and a time. */
export interface Rendered {
  /** `notification`: the person sees it. `data`: only the app does. */
  readonly kind: 'notification' | 'data';
  readonly title?: string;
  readonly subtitle?: string;
  readonly body?: string;
  /** Image address, as sent. */
  readonly image?: string;
  readonly icon?: string;
  /** The number on the app's icon from now on. */
  readonly badge?: number;
  readonly sound?: string;
  /** What a tap opens. */
  readonly link?: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** Android's and the web's replacement key. */
  readonly tag?: string;
  /** `apns-collapse-id`, or Android's `collapse_key`. */
  readonly collapseId?: string;
  readonly channelId?: string;
  readonly threadId?: string;
  readonly category?: string;
  readonly priority?: string;
  /** Seconds the provider would have kept it for a device that is off. */
  readonly timeToLiveSeconds?: number;
  /** What makes it replace an older item of the same device; unset: it stacks. */
  readonly replaces?: string;
}
