/**
 * Apple's push types: the topic, priorities and payload size that belong to each.
 *
 * @see https://developer.apple.com/documentation/usernotifications/sending-notification-requests-to-apns
 */

interface PushType {
  /** What follows the bundle id in the topic; null: the topic is none of the app's, it has to be given. */
  readonly topicSuffix: string | null;
  /** `apns-priority` of a push that is urgent, and of one that is not. */
  readonly priority: { readonly high: '10' | '5'; readonly normal: '5' };
  readonly limitBytes: number;
  /** Seconds during which it is worth delivering, where the notification does not say. */
  readonly timeToLiveSeconds: number;
}

const LIMIT_BYTES = 4096;
/** Also the most that any payload holds. */
export const VOIP_LIMIT_BYTES = 5120;
const EITHER = { high: '10', normal: '5' } as const;
/** As long as FCM keeps a message. */
const WEEKS_4 = 2_419_200;
/**
 * Now or never. Apple: "0 or only a few seconds", so that a call that nobody can answer any more does not ring ("Responding to VoIP
 * notifications from PushKit", "Creating a Push to Talk app").
 */
const NOW_OR_NEVER = 0;
/** Apple: a Live Activity is active for eight hours at most. */
const HOURS_8 = 28_800;
/** Apple: 10 is an error for a push that only wakes the app. */
const ALWAYS_5 = { high: '5', normal: '5' } as const;

export const PUSH_TYPES = {
  /** Shown, heard or on the icon. */
  alert: { topicSuffix: '', priority: EITHER, limitBytes: LIMIT_BYTES, timeToLiveSeconds: WEEKS_4 },
  /** Wakes the app, unseen. */
  background: {
    topicSuffix: '',
    priority: ALWAYS_5,
    limitBytes: LIMIT_BYTES,
    timeToLiveSeconds: WEEKS_4,
  },
  /** An incoming call; the token is PushKit's. */
  voip: {
    topicSuffix: '.voip',
    priority: EITHER,
    limitBytes: VOIP_LIMIT_BYTES,
    timeToLiveSeconds: NOW_OR_NEVER,
  },
  /** Starts, updates or ends a Live Activity; the token is the activity's. Needs `timestamp`, `event`, `content-state` in `aps`. */
  liveactivity: {
    topicSuffix: '.push-type.liveactivity',
    priority: EITHER,
    limitBytes: LIMIT_BYTES,
    timeToLiveSeconds: HOURS_8,
  },
  /** Asks for the device's location. */
  location: {
    topicSuffix: '.location-query',
    priority: EITHER,
    limitBytes: LIMIT_BYTES,
    timeToLiveSeconds: WEEKS_4,
  },
  /** Updates a watchOS complication. */
  complication: {
    topicSuffix: '.complication',
    priority: EITHER,
    limitBytes: LIMIT_BYTES,
    timeToLiveSeconds: WEEKS_4,
  },
  /** Tells a file provider extension of changes. */
  fileprovider: {
    topicSuffix: '.pushkit.fileprovider',
    priority: EITHER,
    limitBytes: LIMIT_BYTES,
    timeToLiveSeconds: WEEKS_4,
  },
  /** Tells a managed device to contact its server; the topic is the UID of the MDM push certificate. */
  mdm: { topicSuffix: null, priority: EITHER, limitBytes: LIMIT_BYTES, timeToLiveSeconds: WEEKS_4 },
  /** Starts a Push to Talk session. */
  pushtotalk: {
    topicSuffix: '.voip-ptt',
    priority: EITHER,
    limitBytes: LIMIT_BYTES,
    timeToLiveSeconds: NOW_OR_NEVER,
  },
  /** Reloads widgets. */
  widgets: {
    topicSuffix: '.push-type.widgets',
    priority: EITHER,
    limitBytes: LIMIT_BYTES,
    timeToLiveSeconds: WEEKS_4,
  },
  /** Reloads controls. */
  controls: {
    topicSuffix: '.push-type.controls',
    priority: EITHER,
    limitBytes: LIMIT_BYTES,
    timeToLiveSeconds: WEEKS_4,
  },
} as const satisfies Record<string, PushType>;

export type ApnsPushType = keyof typeof PUSH_TYPES;

/** Types that a notification has to ask for; `alert` and `background` follow from its style. */
export type ApnsSpecialPushType =
  | 'voip'
  | 'liveactivity'
  | 'location'
  | 'complication'
  | 'fileprovider'
  | 'mdm'
  | 'pushtotalk'
  | 'widgets'
  | 'controls';

export const SPECIAL_PUSH_TYPES = (Object.keys(PUSH_TYPES) as ApnsPushType[]).filter(
  (type): type is ApnsSpecialPushType => type !== 'alert' && type !== 'background',
);

/** The topic of a push type for an app; undefined where the bundle id does not give it. */
export function topicFor(type: ApnsPushType, bundleId: string | undefined): string | undefined {
  const { topicSuffix } = PUSH_TYPES[type];
  if (topicSuffix === null || bundleId === undefined) return undefined;
  return bundleId.endsWith(topicSuffix) ? bundleId : bundleId + topicSuffix;
}
