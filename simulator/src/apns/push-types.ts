/**
 * The push types: what each adds to the topic, and how large its payload may be.
 *
 * Source: developer.apple.com/documentation/usernotifications/sending-notification-requests-to-apns.
 */

interface PushType {
  /** What the topic ends in; null: the topic is none of a bundle id. */
  readonly suffix: string | null;
  readonly limitBytes: number;
}

const LIMIT_BYTES = 4096;
const VOIP_LIMIT_BYTES = 5120;

export const pushTypes = {
  alert: { suffix: '', limitBytes: LIMIT_BYTES },
  background: { suffix: '', limitBytes: LIMIT_BYTES },
  voip: { suffix: '.voip', limitBytes: VOIP_LIMIT_BYTES },
  liveactivity: { suffix: '.push-type.liveactivity', limitBytes: LIMIT_BYTES },
  location: { suffix: '.location-query', limitBytes: LIMIT_BYTES },
  complication: { suffix: '.complication', limitBytes: LIMIT_BYTES },
  fileprovider: { suffix: '.pushkit.fileprovider', limitBytes: LIMIT_BYTES },
  mdm: { suffix: null, limitBytes: LIMIT_BYTES },
  pushtotalk: { suffix: '.voip-ptt', limitBytes: LIMIT_BYTES },
  widgets: { suffix: '.push-type.widgets', limitBytes: LIMIT_BYTES },
  controls: { suffix: '.push-type.controls', limitBytes: LIMIT_BYTES },
} as const satisfies Record<string, PushType>;

export type PushTypeName = keyof typeof pushTypes;

const suffixes = Object.values(pushTypes)
  .map(({ suffix }) => suffix)
  .filter((suffix) => suffix !== null && suffix !== '');

/** Whether a topic is one for this push type: with its suffix, and with no other's. */
export function topicFits(topic: string, type: PushTypeName): boolean {
  const { suffix } = pushTypes[type];
  if (suffix === null) return true;
  const found = suffixes.find((each) => topic.endsWith(each)) ?? '';
  return found === suffix && topic.length > suffix.length;
}

/** The bundle id in a topic. */
export function bundleIdOf(topic: string): string {
  const found = suffixes.find((each) => topic.endsWith(each)) ?? '';
  return topic.slice(0, topic.length - found.length);
}
