/** How a notification looks on an Apple device, whichever way it came. Pure. */
import type { Rendered } from './rendered.ts';

type Struct = Readonly<Record<string, unknown>>;

/** What decides about the look beside `aps`. */
export interface AppleContent {
  readonly aps: Struct;
  /** Shown where `aps` says nothing of its own: FCM's `notification`. */
  readonly fallback?: { readonly title?: string; readonly body?: string } | undefined;
  /** What an extension of the app would load. */
  readonly image?: string | undefined;
  readonly data: Struct;
  readonly collapseId?: string | undefined;
  readonly priority?: string | undefined;
  readonly timeToLiveSeconds?: number | undefined;
  /** Whether a person sees it; default: if there is an alert. */
  readonly isVisible?: boolean;
}

/** A rendering some of whose fields may be unset. */
export type Draft = {
  readonly [Key in keyof Rendered]: Rendered[Key] | undefined;
} & Pick<Rendered, 'kind' | 'data'>;

/** Renders `aps` and what goes with it. */
export function renderApple(content: AppleContent): Draft {
  const { aps, fallback, image, data, collapseId, priority, timeToLiveSeconds } = content;
  const alert = isStruct(aps['alert']) ? aps['alert'] : undefined;
  const alertText = text(aps['alert']);
  const isNotification = content.isVisible ?? ('alert' in aps || fallback !== undefined);
  return {
    kind: isNotification ? 'notification' : 'data',
    title:
      text(alert?.['title']) ??
      localised(text(alert?.['title-loc-key']), alert?.['title-loc-args']) ??
      (alertText === undefined ? fallback?.title : undefined),
    subtitle:
      text(alert?.['subtitle']) ??
      localised(text(alert?.['subtitle-loc-key']), alert?.['subtitle-loc-args']),
    body:
      alertText ??
      text(alert?.['body']) ??
      localised(text(alert?.['loc-key']), alert?.['loc-args']) ??
      fallback?.body,
    // Without mutable-content no extension of the app runs, and only that can load an image.
    image: aps['mutable-content'] === 1 ? image : undefined,
    badge: typeof aps['badge'] === 'number' ? aps['badge'] : undefined,
    sound: isStruct(aps['sound']) ? text(aps['sound']['name']) : text(aps['sound']),
    data,
    collapseId,
    threadId: text(aps['thread-id']),
    category: text(aps['category']),
    priority,
    timeToLiveSeconds,
    replaces: isNotification ? collapseId : undefined,
  };
}

/** A string the app would look up, shown by its key: `NEW_LIKE(Ada)`. */
export function localised(key: string | undefined, args: unknown): string | undefined {
  if (key === undefined) return undefined;
  return Array.isArray(args) && args.length > 0 ? `${key}(${args.join(', ')})` : key;
}

/** Empty texts are as good as none to a device. */
export function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function isStruct(value: unknown): value is Struct {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A draft without its unset fields. */
export function defined(draft: Draft): Rendered {
  const entries = Object.entries(draft).filter(([, value]) => value !== undefined && value !== '');
  return Object.fromEntries(entries) as unknown as Rendered;
}
