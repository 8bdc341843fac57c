/**
 * What became of a person or a device without regard to a provider's code; pure.
 */
import type { HoldReason, SkipReason } from '../../decision/decide';
import type { KeptReason } from '../../delivery/answers';
import type { Withheld } from '../../delivery/delivery-document';
import { DOCTOR, type Reason } from './entry';

/** Why somebody was not to be notified; what expired while it was held is composed in `reason.ts`. */
type LeftOut = Exclude<SkipReason, `expired:${HoldReason}`> | Withheld;

/** What is said of a person as it stands; `kept:<why>` and those with a code are composed in `reason.ts`. */
export const PERSON_REASONS = {
  delivered: {
    sentence: 'Delivered: the provider accepted the push for at least one device.',
    severity: 'good',
  },
  'delivered:unchecked': {
    sentence: 'Dry run: it would be sent. APNs has no way to check a token without sending.',
    severity: 'good',
  },
  'no-user': {
    sentence: 'There is no user document of this id.',
    remedy:
      'Check that the notification’s "to" has ids of Firebase Authentication, and that USERS_COLLECTION in .env names their documents.',
    severity: 'note',
  },
  'no-address': {
    sentence: 'No device is registered for this person.',
    remedy:
      'Have the app register its token after sign-in, once the person has allowed notifications: docs/tokens.md.',
    severity: 'note',
  },
  'is-actor': {
    sentence: 'Left out on purpose: it was their own doing ("actor").',
    severity: 'note',
  },
  muted: {
    sentence:
      'Left out on purpose: they have switched this kind off in notificationSettings of their user document.',
    severity: 'note',
  },
  'muted-target': {
    sentence:
      'Left out on purpose: they have muted what it is about ("mute" of their user document).',
    severity: 'note',
  },
  blocked: {
    sentence:
      'Left out on purpose: they have blocked whoever did it ("blocked" of their user document).',
    severity: 'note',
  },
  'always-quiet': {
    sentence:
      'Left out on purpose: the quiet hours of their user document leave no time of the week.',
    severity: 'note',
  },
  repeated: {
    sentence:
      'Left out on purpose: they were told of the same a short while ago (REPEAT_MINUTES in .env).',
    severity: 'note',
  },
  'over-budget': {
    sentence:
      'Left out on purpose: whoever did it had used up what one person may send (SENDER_PER_MINUTE and SENDER_PER_DAY in .env).',
    severity: 'note',
  },
  capped: {
    sentence:
      'Left out on purpose: they had been told as often in an hour as one person is to be (RECIPIENT_PER_HOUR in .env).',
    severity: 'note',
  },
  withdrawn: {
    sentence: 'Left out on purpose: what it tells of was deleted before it was sent.',
    severity: 'note',
  },
  collapsed: {
    sentence:
      'Left out on purpose: while their quiet hours held it, something newer about the same came, and that was told.',
    severity: 'note',
  },
  digested: {
    sentence: 'One push tells it with others of its kind. Which one is not known any more.',
    severity: 'note',
  },
  'digest-empty': {
    sentence:
      'Nothing was left to tell: what was gathered was taken back, is by people whom they have blocked, or was told with what came after it.',
    severity: 'note',
  },
  'invalid-id': {
    sentence: 'Named as a recipient, but no user can have this id.',
    remedy:
      'Check what "to" of the notification is made of: an id has no "/" and at most 1,500 bytes.',
    severity: 'problem',
  },
  'address-removed': {
    sentence:
      'The device was signed out, changed hands, or its person switched this kind off before its turn came.',
    severity: 'note',
  },
  pruned: {
    sentence:
      'Every device was gone (app uninstalled, token expired), and its address was removed.',
    severity: 'note',
  },
  expired: {
    sentence: 'The time to live of the push was over before the device could be reached.',
    remedy: 'If it has to arrive later, too, give the notification a longer timeToLive.',
    severity: 'problem',
  },
} as const satisfies Record<LeftOut, Reason> & Record<string, Reason>;

/** Why a device that the provider called gone keeps its place. */
export const KEPT_REASONS = {
  breaker: {
    sentence:
      'The provider called this device gone, but so many at once that none of them was removed.',
    remedy: `Check that the functions run in the Firebase project of the app (${DOCTOR} names theirs), and with the APNs key of its team.`,
    severity: 'problem',
  },
  're-registered': {
    sentence:
      'The provider called this device gone, but the app has registered it again meanwhile: it stays.',
    severity: 'note',
  },
  error: {
    sentence:
      'The device is gone, but could not be removed from Firestore: the next push finds it gone again.',
    severity: 'note',
  },
  'dry-run': {
    sentence: 'The device is gone. A dry run removes nothing.',
    severity: 'note',
  },
} as const satisfies Record<KeptReason, Reason>;
