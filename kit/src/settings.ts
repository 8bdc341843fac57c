/**
 * Every setting of a deployment, as a param: what `firebase deploy` and `firebase functions:kits:install` ask for, with the words that
 * a person reads then and the values that are allowed.
 *
 * A new setting is one declaration here and a name in {@link SETTINGS}; tests then ask for its value in `functions/.env` and its row in
 * the README. What is derived from settings stands in `config.ts`.
 */
import { defineBoolean, defineInt, defineString, select } from 'firebase-functions/params';
import { COLLECTION_PATH, DATABASE_ID, FIELD_NAME } from './model/collection-path';
import { own } from './model/own';
import { describeAllowed, WHOLE_NUMBER, type Allowed, type TextForm } from './model/settings';
import { DEFAULT_NAMES } from './store/collections';

/** What a person reads who is asked for it. */
interface About<Value> {
  readonly default: Value;
  readonly label: string;
  readonly description: string;
}

export const DEFAULT_LOCALE = 'en';
/** Largest `SHARD_SIZE`: what one ledger entry can name, one by one. */
export const MAX_SHARD_SIZE = 1000;
/** Ten years: for "as long as there is an app". */
const LONG_DAYS = 3650;

/** What APNs takes as a topic; or nothing. */
const BUNDLE_ID: TextForm = {
  form: /^[A-Za-z0-9.-]{0,155}$/,
  words: 'a bundle id, of letters, digits, . and -, or nothing',
};
const EXPERIENCE_ID: TextForm = {
  form: /^(?:@[\w.-]{1,100}\/[\w.-]{1,100})?$/,
  words: '@owner/slug of an Expo project, or nothing',
};

function text(name: string, allowed: TextForm | 'text', about: About<string>) {
  const input =
    allowed === 'text'
      ? {}
      : {
          input: {
            text: { validationRegex: allowed.form, validationErrorMessage: expected(allowed) },
          },
        };
  return Object.assign(defineString(name, { ...about, ...input }), { allowed });
}

function choice<const Choice extends string>(
  name: string,
  oneOf: Choice[],
  about: About<NoInfer<Choice>>,
) {
  const param = defineString(name, { ...about, input: select<string>(oneOf) });
  return Object.assign(param, { allowed: { oneOf } });
}

function numberOf(name: string, oneOf: number[], about: About<number>) {
  return Object.assign(defineInt(name, { ...about, input: select(oneOf) }), { allowed: { oneOf } });
}

function whole(name: string, allowed: { from: number; to: number }, about: About<number>) {
  const input = {
    text: { validationRegex: WHOLE_NUMBER, validationErrorMessage: expected(allowed) },
  };
  return Object.assign(defineInt(name, { ...about, input }), { allowed });
}

function yesOrNo(name: string, about: About<boolean>) {
  return Object.assign(defineBoolean(name, about), { allowed: { oneOf: ['true', 'false'] } });
}

function expected(allowed: Allowed): string {
  return `Expected ${describeAllowed(allowed)}.`;
}

// ---- Where -------------------------------------------------------------------------------------------

export const region = text('REGION', 'text', {
  default: '',
  label: 'Region',
  description:
    'Region of these functions: that of your Firestore database, or the name of its multi-region (nam5, nam7, eur3). Empty: what setGlobalOptions says, which a kit asks for as FUNCTION_DEFAULT_REGION; else us-central1.',
});
export const database = text('DATABASE', DATABASE_ID, {
  default: '(default)',
  label: 'Firestore database',
  description:
    'Id of the Firestore database with your documents: what you write there is noticed, and this backend keeps its own in it.',
});
export const usersCollection = text('USERS_COLLECTION', COLLECTION_PATH, {
  default: DEFAULT_NAMES.users,
  label: 'Collection of users',
  description:
    'Collection with a document for each user, by user id, that holds their device tokens. If yours is public, name another (pushUsers): tokens must be readable by nobody else.',
});
export const tokensField = text('TOKENS_FIELD', FIELD_NAME, {
  default: DEFAULT_NAMES.tokensField,
  label: 'Field of tokens',
  description: 'Field of those documents that holds the list of device tokens, an array of text.',
});
export const devicesCollection = text('DEVICES_COLLECTION', COLLECTION_PATH, {
  default: DEFAULT_NAMES.devices,
  label: 'Collection of devices',
  description:
    'Collection for what this backend knows of each device. One of its own, closed to clients. No other collection may have its last name: indexes and time-to-live policies count for all of a name.',
});
export const deliveriesCollection = text('DELIVERIES_COLLECTION', COLLECTION_PATH, {
  default: DEFAULT_NAMES.deliveries,
  label: 'Collection of deliveries',
  description:
    'Collection for the ledger of deliveries. One of its own, closed to clients. No other collection may have its last name: indexes and time-to-live policies count for all of a name.',
});
export const pushesCollection = text('PUSHES_COLLECTION', COLLECTION_PATH, {
  default: DEFAULT_NAMES.pushes,
  label: 'Collection of the outbox',
  description:
    'Collection whose documents are sent as pushes (the outbox). Only your servers and admins may write it. No other collection may have its last name.',
});

// ---- The functions -----------------------------------------------------------------------------------

// https://firebase.google.com/docs/reference/functions/2nd-gen/node/firebase-functions#memoryoption
export const memoryMiB = numberOf(
  'MEMORY_MIB',
  [128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768],
  {
    default: 512,
    label: 'Memory',
    description: 'Memory of each function instance, in MiB.',
  },
);
// Cloud Run's limits.
export const concurrency = whole(
  'CONCURRENCY',
  { from: 1, to: 1000 },
  {
    default: 80,
    label: 'Events at once',
    description: 'Events that one instance handles at once. They share its warm connections.',
  },
);
export const minInstances = whole(
  'MIN_INSTANCES',
  { from: 0, to: 1000 },
  {
    default: 0,
    label: 'Instances kept warm',
    description: 'Instances of each trigger kept warm. 0 costs nothing; 1 avoids cold starts.',
  },
);
export const maxInstances = whole(
  'MAX_INSTANCES',
  { from: 1, to: 1000 },
  {
    default: 20,
    label: 'Most instances',
    description: 'Most instances of each function.',
  },
);
export const shardSize = whole(
  'SHARD_SIZE',
  { from: 1, to: MAX_SHARD_SIZE },
  {
    default: 500,
    label: 'Recipients per invocation',
    description:
      'Recipients that one invocation sends to. Larger audiences are spread over Cloud Tasks.',
  },
);
// The limits of a queue of Cloud Tasks.
export const tasksPerSecond = whole(
  'TASKS_PER_SECOND',
  { from: 1, to: 500 },
  {
    default: 10,
    label: 'Shards per second',
    description:
      'Shards started per second. SHARD_SIZE x TASKS_PER_SECOND x 60 x devices per user must stay below ' +
      'your FCM quota (600,000 messages a minute by default).',
  },
);
export const tasksAtOnce = whole(
  'TASKS_AT_ONCE',
  { from: 1, to: 5000 },
  {
    default: 20,
    label: 'Shards at once',
    description: 'Shards running at once.',
  },
);
// An event is retried for 24 hours.
export const composeRetryMinutes = whole(
  'COMPOSE_RETRY_MINUTES',
  { from: 0, to: 24 * 60 },
  {
    default: 60,
    label: 'Minutes to retry a failing compose function',
    description:
      'Minutes for which an event whose compose function throws is retried before it is recorded as failed.',
  },
);
// The same 24 hours: an event that comes again after its entry is gone would be sent again.
export const ledgerDays = whole(
  'LEDGER_DAYS',
  { from: 2, to: LONG_DAYS },
  {
    default: 30,
    label: 'Days to keep the ledger',
    description:
      'Days for which the ledger of deliveries is kept, at least 2: Firebase may repeat an event for 24 hours.',
  },
);

export const recordNobodySetting = choice('RECORD_NOBODY', ['none', 'explained', 'all'], {
  default: 'explained',
  label: 'Record events that tell nobody',
  description:
    "Which events that tell nobody the ledger has an entry of, so that `why` finds them: explained are those whose compose function says nobody('why'). Each costs a write.",
});

// ---- What pushes contain -----------------------------------------------------------------------------

export const defaultLocale = text('DEFAULT_LOCALE', 'text', {
  default: DEFAULT_LOCALE,
  label: 'Default language',
  description: 'Language of pushes for users with no locale, or with one that has no messages.',
});
export const defaultTimeZone = text('DEFAULT_TIME_ZONE', 'text', {
  default: 'UTC',
  label: 'Default time zone',
  description:
    'IANA time zone, such as Europe/Berlin, of users with no timeZone: their quiet hours and local times count there.',
});
export const silentChannelId = text('SILENT_CHANNEL_ID', 'text', {
  default: '',
  label: 'Silent Android channel',
  description:
    'Notification channel without a sound that your Android app creates, for users who want a kind without a sound. Empty: Android plays what the channel of the kind plays.',
});
export const siteUrl = text('SITE_URL', 'text', {
  default: '',
  label: 'URL of the web app',
  description:
    'https URL of your web app, optionally with a path. A tap on a web push opens links such as /posts/p1 there. Empty: only links that are https URLs are followed.',
});
export const imageHosts = text('IMAGE_HOSTS', 'text', {
  default: '',
  label: 'Hosts of images',
  description:
    'Hosts that images of pushes may come from: names separated by commas, * for any characters. Empty: any public host.',
});
export const topicsAllowed = text('TOPICS_ALLOWED', 'text', {
  default: '',
  label: 'Topics open to users',
  description:
    'Topics that users may join besides those that the code opens: names separated by commas, * for any characters.',
});

// ---- Who may call ------------------------------------------------------------------------------------

export const enforceAppCheckSetting = yesOrNo('ENFORCE_APP_CHECK', {
  default: false,
  label: 'Require App Check',
  description: 'Whether callables refuse requests without a valid App Check token.',
});
export const consumeAppCheckTokenSetting = yesOrNo('CONSUME_APP_CHECK_TOKEN', {
  default: false,
  label: 'Accept App Check tokens once',
  description:
    'Whether registerToken accepts each App Check token only once. Apps then have to request limited-use tokens.',
});
export const callsPerMinute = whole(
  'CALLS_PER_MINUTE',
  { from: 1, to: 100_000 },
  {
    default: 60,
    label: 'Calls per minute',
    description: 'Calls per minute that one user may make to each callable, on each instance.',
  },
);
export const maxAddressesPerUser = whole(
  'MAX_ADDRESSES_PER_USER',
  { from: 1, to: 100 },
  {
    default: 20,
    label: 'Addresses per user',
    description: 'Most addresses of one user. Beyond that the stalest is removed.',
  },
);
export const maxTakeoversPerDay = whole(
  'MAX_TAKEOVERS_PER_DAY',
  { from: 0, to: 10_000 },
  {
    default: 20,
    label: 'Takeovers per day',
    description: 'Addresses that one user may take over from other users per day.',
  },
);

// ---- How much people may send -------------------------------------------------------------------------

export const senderPerMinute = whole(
  'SENDER_PER_MINUTE',
  { from: 0, to: 1_000_000 },
  {
    default: 1000,
    label: 'People that one user reaches per minute',
    description:
      "People whom the events of one user (a notification's actor) may reach in a minute. What is beyond that is dropped, or waits, as its kind says. 0: no limit.",
  },
);
export const senderPerDay = whole(
  'SENDER_PER_DAY',
  { from: 0, to: 10_000_000 },
  {
    default: 20_000,
    label: 'People that one user reaches per day',
    description: 'The same in 24 hours. 0: no limit.',
  },
);
export const repeatMinutes = whole(
  'REPEAT_MINUTES',
  { from: 0, to: 24 * 60 },
  {
    default: 60,
    label: 'Minutes without a repetition',
    description:
      'Minutes for which one push about the same document is enough, however often it is deleted and created anew. 0: each is told.',
  },
);
export const recipientPerHour = whole(
  'RECIPIENT_PER_HOUR',
  { from: 0, to: 10_000 },
  {
    default: 0,
    label: 'Pushes per person and hour',
    description:
      'Pushes that one person gets in an hour, of all kinds but mandatory ones. Costs a read for each recipient. 0: no limit.',
  },
);

// ---- What goes ---------------------------------------------------------------------------------------

export const staleDeviceDays = whole(
  'STALE_DEVICE_DAYS',
  { from: 0, to: LONG_DAYS },
  {
    default: 60,
    label: 'Days until a device is stale',
    description:
      'Days without a registration after which a device is removed whose app calls registerToken. 0: never.',
  },
);
export const staleArrayDeviceDays = whole(
  'STALE_ARRAY_DEVICE_DAYS',
  { from: 0, to: LONG_DAYS },
  {
    default: 270,
    label: 'Days until a device in an array is stale',
    description:
      'The same for devices whose app writes the tokens array itself, so that its starts are not seen. 0: never.',
  },
);
export const sweepDryRun = yesOrNo('SWEEP_DRY_RUN', {
  default: true,
  label: 'Sweep as a dry run',
  description: 'Whether the sweep of stale devices only counts and logs what it would remove.',
});
export const forgetDeleted = yesOrNo('FORGET_DELETED_ACCOUNTS', {
  default: true,
  label: 'Forget deleted accounts',
  description:
    'Whether the addresses, devices and topics of a deleted account are removed. If not, that is only logged.',
});
export const deleteUserDocuments = yesOrNo('DELETE_USER_DOCUMENTS', {
  default: false,
  label: 'Delete documents of deleted users',
  description:
    'Whether users/{uid} itself is deleted with its account. If not, everything in it but the addresses stays.',
});

// ---- Apple and Expo ----------------------------------------------------------------------------------

export const apnsKeyId = text('APNS_KEY_ID', 'text', {
  default: '',
  label: 'APNs key id',
  description:
    'Id of your APNs key (10 characters), to send straight to Apple. Empty: nothing is sent to native APNs tokens, and no key is asked for.',
});
export const apnsTeamId = text('APNS_TEAM_ID', 'text', {
  default: '',
  label: 'Apple team id',
  description: 'Your Apple team id (10 characters).',
});
export const apnsTopic = text('APNS_TOPIC', BUNDLE_ID, {
  default: '',
  label: 'Bundle id',
  description: 'Bundle id of your app, for devices that were registered without an appId.',
});
export const apnsEnvironment = choice('APNS_ENVIRONMENT', ['production', 'sandbox'], {
  default: 'production',
  label: 'APNs environment',
  description:
    'Environment in which an APNs token is tried first if its own is unknown. production: App Store and TestFlight; sandbox: Xcode.',
});
export const expoExperienceId = text('EXPO_EXPERIENCE_ID', EXPERIENCE_ID, {
  default: '',
  label: 'Expo project',
  description:
    "@owner/slug of your Expo project, to send every push in Expo's formats. Empty: plain formats.",
});

/** The paths of the collections. */
export const COLLECTIONS = [
  usersCollection,
  devicesCollection,
  deliveriesCollection,
  pushesCollection,
] as const;

/** Every setting, in the order in which a person is asked. */
export const SETTINGS = [
  region,
  database,
  usersCollection,
  tokensField,
  devicesCollection,
  deliveriesCollection,
  pushesCollection,
  memoryMiB,
  concurrency,
  minInstances,
  maxInstances,
  shardSize,
  tasksPerSecond,
  tasksAtOnce,
  composeRetryMinutes,
  ledgerDays,
  recordNobodySetting,
  defaultLocale,
  defaultTimeZone,
  silentChannelId,
  siteUrl,
  imageHosts,
  topicsAllowed,
  enforceAppCheckSetting,
  consumeAppCheckTokenSetting,
  callsPerMinute,
  maxAddressesPerUser,
  maxTakeoversPerDay,
  senderPerMinute,
  senderPerDay,
  repeatMinutes,
  recipientPerHour,
  staleDeviceDays,
  staleArrayDeviceDays,
  sweepDryRun,
  forgetDeleted,
  deleteUserDocuments,
  apnsKeyId,
  apnsTeamId,
  apnsTopic,
  apnsEnvironment,
  expoExperienceId,
] as const;

/** What an environment or a `.env` file says of a setting, as text; its default where it says nothing. */
export function valueIn(
  values: Readonly<Record<string, string | undefined>>,
  { name, options }: (typeof SETTINGS)[number],
): string {
  const otherwise = options.default as string | number | boolean;
  return own(values, name) ?? String(otherwise);
}

/** Every setting as functions find it in their environment. */
export function valuesIn(
  values: Readonly<Record<string, string | undefined>>,
): Record<string, string> {
  return Object.fromEntries(SETTINGS.map((setting) => [setting.name, valueIn(values, setting)]));
}
