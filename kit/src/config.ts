/**
 * Every setting of the backend: deploy-time params, limits derived from them, and the emulators' addresses.
 *
 * A new setting is a param here and a line in {@link SETTINGS}; tests then ask for its value in `functions/.env` and its row in the
 * README. Nothing else reads `process.env`. The values of a deployment stand in `functions/.env` (see there), so that
 * `firebase deploy` asks nothing.
 */
import {
  defineBoolean,
  defineInt,
  defineSecret,
  defineString,
  select,
} from 'firebase-functions/params';
import { nearestLocale } from './model/nearest-locale';
import { imagePolicy, type ImagePolicy } from './model/notification/image-url';
import { siteUrl as readSiteUrl } from './model/notification/web-link';
import { appleId } from './providers/apns/key';
import { apnsConfig as readApnsConfig, type ApnsConfig } from './providers/apns/from-env';
import { functionRegion } from './model/region';
import { settingProblems, type Allowed } from './model/settings';
import { topicPolicy } from './topics/policy';
import { emulatorHost } from './providers/emulator-host';

const DEFAULT_REGION = 'us-central1';
const DEFAULT_LOCALE = 'en';
/** Largest `SHARD_SIZE`: what one ledger entry can name, one by one. */
const MAX_SHARD_SIZE = 1000;

const regionParam = defineString('REGION', {
  default: DEFAULT_REGION,
  description:
    'Region of all functions: that of your Firestore database, or the name of its multi-region (nam5, nam7, eur3).',
});
export const memoryMiB = defineInt('MEMORY_MIB', {
  default: 512,
  description: 'Memory of each function instance, in MiB.',
});
export const concurrency = defineInt('CONCURRENCY', {
  default: 80,
  description: 'Events that one instance handles at once. They share its warm connections.',
});
export const minInstances = defineInt('MIN_INSTANCES', {
  default: 0,
  description: 'Instances of each trigger kept warm. 0 costs nothing; 1 avoids cold starts.',
});
export const maxInstances = defineInt('MAX_INSTANCES', {
  default: 20,
  description: 'Most instances of each function.',
});
const enforceAppCheckParam = defineBoolean('ENFORCE_APP_CHECK', {
  default: false,
  description: 'Whether callables refuse requests without a valid App Check token.',
});
export const shardSize = defineInt('SHARD_SIZE', {
  default: 500,
  description:
    'Recipients that one invocation sends to. Larger audiences are spread over Cloud Tasks.',
});
export const tasksPerSecond = defineInt('TASKS_PER_SECOND', {
  default: 10,
  description:
    'Shards started per second. SHARD_SIZE x TASKS_PER_SECOND x 60 x devices per user must stay below ' +
    'your FCM quota (600,000 messages a minute by default).',
});
export const tasksAtOnce = defineInt('TASKS_AT_ONCE', {
  default: 20,
  description: 'Shards running at once.',
});
export const composeRetryMinutes = defineInt('COMPOSE_RETRY_MINUTES', {
  default: 60,
  description:
    'Minutes for which an event whose compose function throws is retried before it is recorded as failed.',
});
export const defaultLocale = defineString('DEFAULT_LOCALE', {
  default: DEFAULT_LOCALE,
  description: 'Language of pushes for users with no locale, or with one that has no messages.',
});
export const siteUrlSetting = defineString('SITE_URL', {
  default: '',
  description:
    'https URL of your web app, optionally with a path. A tap on a web push opens links such as /posts/p1 there. Empty: only links that are https URLs are followed.',
});
export const imageHosts = defineString('IMAGE_HOSTS', {
  default: '',
  description:
    'Hosts that images of pushes may come from: names separated by commas, * for any characters. Empty: any public host.',
});
export const topicsAllowed = defineString('TOPICS_ALLOWED', {
  default: '',
  description:
    'Topics that users may join besides those that the code opens: names separated by commas, * for any characters.',
});
export const ledgerDays = defineInt('LEDGER_DAYS', {
  default: 30,
  description:
    'Days for which the ledger of deliveries is kept, at least 2: Firebase may repeat an event for 24 hours.',
});

const consumeAppCheckTokenParam = defineBoolean('CONSUME_APP_CHECK_TOKEN', {
  default: false,
  description:
    'Whether registerToken accepts each App Check token only once. Apps then have to request limited-use tokens.',
});
export const callsPerMinute = defineInt('CALLS_PER_MINUTE', {
  default: 60,
  description: 'Calls per minute that one user may make to each callable, on each instance.',
});
export const maxAddressesPerUser = defineInt('MAX_ADDRESSES_PER_USER', {
  default: 20,
  description: 'Most addresses of one user. Beyond that the stalest is removed.',
});
export const maxTakeoversPerDay = defineInt('MAX_TAKEOVERS_PER_DAY', {
  default: 20,
  description: 'Addresses that one user may take over from other users per day.',
});
export const staleDeviceDays = defineInt('STALE_DEVICE_DAYS', {
  default: 60,
  description:
    'Days without a registration after which a device is removed whose app calls registerToken. 0: never.',
});
export const staleArrayDeviceDays = defineInt('STALE_ARRAY_DEVICE_DAYS', {
  default: 270,
  description:
    'The same for devices whose app writes the tokens array itself, so that its starts are not seen. 0: never.',
});
export const sweepDryRun = defineBoolean('SWEEP_DRY_RUN', {
  default: false,
  description: 'Whether the sweep of stale devices only counts and logs what it would remove.',
});
export const forgetDeleted = defineBoolean('FORGET_DELETED_ACCOUNTS', {
  default: true,
  description:
    'Whether the addresses, devices and topics of a deleted account are removed. If not, that is only logged.',
});
export const deleteUserDocuments = defineBoolean('DELETE_USER_DOCUMENTS', {
  default: false,
  description:
    'Whether users/{uid} itself is deleted with its account. If not, everything in it but the addresses stays.',
});
export const apnsKeyId = defineString('APNS_KEY_ID', {
  default: '',
  description:
    'Id of your APNs key (10 characters), to send straight to Apple. Empty: nothing is sent to native APNs tokens, and no key is asked for.',
});
export const apnsTeamId = defineString('APNS_TEAM_ID', {
  default: '',
  description: 'Your Apple team id (10 characters).',
});
export const apnsTopic = defineString('APNS_TOPIC', {
  default: '',
  description: 'Bundle id of your app, for devices that were registered without an appId.',
});
export const apnsEnvironment = defineString('APNS_ENVIRONMENT', {
  default: 'production',
  input: select(['production', 'sandbox']),
  description:
    'Environment in which an APNs token is tried first if its own is unknown. production: App Store and TestFlight; sandbox: Xcode.',
});
export const expoExperienceId = defineString('EXPO_EXPERIENCE_ID', {
  default: '',
  description:
    "@owner/slug of your Expo project, to send every push in Expo's formats. Empty: plain formats.",
});

/** Ten years: for "as long as there is an app". */
const LONG_DAYS = 3650;
const BOOLEAN: Allowed = { oneOf: ['true', 'false'] };

/** Text that is checked by whatever reads it: see {@link checkSettings}. */
const TEXT = 'text';

/** Every setting with the values that it may have. */
export const SETTINGS = [
  [regionParam, TEXT],
  // https://firebase.google.com/docs/reference/functions/2nd-gen/node/firebase-functions#memoryoption
  [memoryMiB, { oneOf: [128, 256, 512, 1024, 2048, 4096, 8192, 16384, 32768] }],
  // Cloud Run's limits.
  [concurrency, { from: 1, to: 1000 }],
  [minInstances, { from: 0, to: 1000 }],
  [maxInstances, { from: 1, to: 1000 }],
  [enforceAppCheckParam, BOOLEAN],
  [shardSize, { from: 1, to: MAX_SHARD_SIZE }],
  // The limits of a queue of Cloud Tasks.
  [tasksPerSecond, { from: 1, to: 500 }],
  [tasksAtOnce, { from: 1, to: 5000 }],
  // An event is retried for 24 hours.
  [composeRetryMinutes, { from: 0, to: 24 * 60 }],
  [defaultLocale, TEXT],
  [siteUrlSetting, TEXT],
  [imageHosts, TEXT],
  [topicsAllowed, TEXT],
  // The same 24 hours: an event that comes again after its entry is gone would be sent again.
  [ledgerDays, { from: 2, to: LONG_DAYS }],
  [consumeAppCheckTokenParam, BOOLEAN],
  [callsPerMinute, { from: 1, to: 100_000 }],
  [maxAddressesPerUser, { from: 1, to: 100 }],
  [maxTakeoversPerDay, { from: 0, to: 10_000 }],
  [staleDeviceDays, { from: 0, to: LONG_DAYS }],
  [staleArrayDeviceDays, { from: 0, to: LONG_DAYS }],
  [sweepDryRun, BOOLEAN],
  [forgetDeleted, BOOLEAN],
  [deleteUserDocuments, BOOLEAN],
  [apnsKeyId, TEXT],
  [apnsTeamId, TEXT],
  [apnsTopic, TEXT],
  [apnsEnvironment, TEXT],
  [expoExperienceId, TEXT],
] as const satisfies readonly (readonly [{ readonly name: string }, Allowed | typeof TEXT])[];

/** What each setting that is not text may be, by its name. */
const ALLOWED: ReadonlyMap<string, Allowed> = new Map(
  SETTINGS.flatMap(([{ name }, allowed]) => (allowed === TEXT ? [] : [[name, allowed] as const])),
);

/**
 * Refuses settings that cannot work. What stands in `functions/.env` is in the environment when code is looked into, so that
 * `firebase deploy` ends with this message before it changes anything.
 *
 * @throws naming every setting that is wrong.
 */
export function checkSettings(env: NodeJS.ProcessEnv = process.env): void {
  const problems = settingProblems(ALLOWED, env);
  if (problems.length > 0) throw new Error(`Wrong settings:\n${problems.join('\n')}`);
  siteUrl(env['SITE_URL'] ?? '');
  images(env['IMAGE_HOSTS'] ?? '');
  topicPolicyOf([], env['TOPICS_ALLOWED']);
  checkApple(env);
}

/**
 * Refuses a default language without messages: people would be shown the keys of texts. An app that has no messages needs none.
 *
 * @param available locales that have messages.
 * @throws naming the setting and what there is.
 */
export function checkDefaultLocale(
  available: readonly string[],
  locale = process.env['DEFAULT_LOCALE'] ?? DEFAULT_LOCALE,
): void {
  if (available.length === 0 || available.includes(nearestLocale(available, locale)(locale)))
    return;
  throw new Error(
    `DEFAULT_LOCALE: expected a language that has messages (${available.join(', ')}), got "${locale}".`,
  );
}

/**
 * Which topics any user may join.
 *
 * @param declared names that are open whatever `TOPICS_ALLOWED` says.
 * @throws when one of them, or the setting, can be no topic.
 */
export function topicPolicyOf(
  declared: readonly string[],
  allowed = process.env['TOPICS_ALLOWED'] ?? '',
): (topic: string) => boolean {
  return topicPolicy(allowed, declared);
}

/** A wrong id would fail every push, FCM's as well. The key itself is a secret, which is not there yet. */
function checkApple(env: NodeJS.ProcessEnv): void {
  const apns = apnsConfig(env);
  if (apns?.key === undefined) return;
  appleId('APNS_KEY_ID', apns.keyId);
  appleId('APNS_TEAM_ID', apns.teamId);
}
checkSettings();

/**
 * The region that all functions and their queues are in. Not a param in itself: params are resolved after the code was looked
 * into, and cannot say that a database in `nam5` wants functions in `us-central1`.
 */
export const region = functionRegion(process.env['REGION'] ?? DEFAULT_REGION);

/** Read here and not by the SDK, which warns at each deploy of every callable whose App Check options are params. */
export const enforceAppCheck = process.env['ENFORCE_APP_CHECK'] === 'true';
export const consumeAppCheckToken = process.env['CONSUME_APP_CHECK_TOKEN'] === 'true';

/**
 * The text of Apple's `.p8` file. `firebase deploy` asks for every secret that is declared, so this one is declared only where
 * `APNS_KEY_ID` is set: what stands in `functions/.env` is in the environment already when the code is looked into.
 */
const apnsKey = apnsConfig()?.key === undefined ? undefined : defineSecret('APNS_KEY');

/** Longest run of a sweep, in seconds: what it does not get done is left for the next. */
export const SWEEP_SECONDS = 540;
const DAY_MS = 24 * 60 * 60 * 1000;

export function ledgerRetentionMs(): number {
  return ledgerDays.value() * DAY_MS;
}

/**
 * Recipients that one call sends to.
 *
 * @throws when `SHARD_SIZE` is not 1 to 1000.
 */
export function recipientsPerShard(size = shardSize.value()): number {
  if (Number.isInteger(size) && size >= 1 && size <= MAX_SHARD_SIZE) return size;
  throw new Error(`SHARD_SIZE: expected a whole number from 1 to ${MAX_SHARD_SIZE}, got ${size}.`);
}

/**
 * What links are relative to on the web.
 *
 * @throws when `SITE_URL` is not empty and no https URL.
 */
export function siteUrl(setting = siteUrlSetting.value()): URL | undefined {
  return readSiteUrl(setting);
}

/**
 * Which pictures pushes may have.
 *
 * @throws when `IMAGE_HOSTS` has something that is no host.
 */
export function images(patterns = imageHosts.value()): ImagePolicy {
  return imagePolicy(patterns);
}

export function composeRetryMs(): number {
  return composeRetryMinutes.value() * 60_000;
}

/** Options shared by all functions. */
export const functionOptions = {
  region,
  memory: memoryMiB,
  concurrency,
  maxInstances,
  // For all, because every instance puts the same backend together.
  ...(apnsKey === undefined ? {} : { secrets: [apnsKey] }),
};

/** Where FCM is: Google, or the simulator under the Functions emulator, from where nothing real can be reached. */
export interface FcmEndpoint {
  readonly origin: string;
  /** True for a simulator, which takes any access token. */
  readonly emulated: boolean;
}

const FCM_ORIGIN = 'https://fcm.googleapis.com';
const DEFAULT_FCM_EMULATOR_HOST = '127.0.0.1:9110';

/**
 * The FCM endpoint that `env` asks for: `FCM_EMULATOR_HOST` (`host:port`), the simulator's default port under the Functions
 * emulator, else Google.
 *
 * @throws when `FCM_EMULATOR_HOST` is not `host:port`.
 */
export function fcmEndpoint(env: NodeJS.ProcessEnv = process.env): FcmEndpoint {
  const host = emulatorHost(env, 'FCM_EMULATOR_HOST', DEFAULT_FCM_EMULATOR_HOST);
  if (host === undefined) return { origin: FCM_ORIGIN, emulated: false };
  return { origin: `http://${host}`, emulated: true };
}

/** How to send straight to Apple; undefined where `APNS_KEY_ID` is not set. Throws as {@link readApnsConfig} does. */
export function apnsConfig(env: NodeJS.ProcessEnv = process.env): ApnsConfig | undefined {
  return readApnsConfig(env);
}

/** The Expo project whose formats are the default, if any. */
export function defaultExperienceId(env: NodeJS.ProcessEnv = process.env): string | undefined {
  return env['EXPO_EXPERIENCE_ID'] || undefined;
}

/**
 * The project that functions run in.
 *
 * @throws when the environment names none, which no Cloud Functions environment does.
 */
export function projectId(env: NodeJS.ProcessEnv = process.env): string {
  const id = env['GCLOUD_PROJECT'] ?? env['GOOGLE_CLOUD_PROJECT'];
  if (id === undefined || id === '') {
    throw new Error('GCLOUD_PROJECT: expected the project id in the environment, got nothing.');
  }
  return id;
}
