/**
 * What this backend knows of its deployment: settings and what follows from them, its own names, and the emulators' addresses.
 *
 * Nothing else reads `process.env`. The values of a deployment stand in the `.env` files beside its code, and are in the environment
 * when `firebase deploy` looks into it; what a person is asked for only then is not, so that no setting's `.value()` is read while
 * code is loaded.
 */
import { defineSecret, expr, type Expression } from 'firebase-functions/params';
import { onTaskDispatched } from 'firebase-functions/tasks';
import type { RecordNobody } from './catalogue/compose';
import type { Limits } from './decision/limits';
import { DAY_MS, MINUTE_MS } from './model/durations';
import { nearestLocale } from './model/nearest-locale';
import { imagePolicy, type ImagePolicy } from './model/notification/image-url';
import { siteUrl as readSiteUrl } from './model/notification/web-link';
import { siblingIds } from './model/function-id';
import { askedRegion } from './model/region';
import { apnsConfig as readApnsConfig, type ApnsConfig } from './providers/apns/from-env';
import { emulatorHost } from './providers/emulator-host';
import { checkSettings } from './check-settings';
import { namesIn, type Names } from './names';
import * as settings from './settings';
import { topicPolicy } from './topics/policy';
import { labelOf, VERSION, VERSION_LABEL } from './version';

const DEFAULT_REGION = 'us-central1';

/**
 * Refuses a default language without messages: people would be shown the keys of texts. An app that has no messages needs none.
 *
 * @param available locales that have messages.
 * @throws naming the setting and what there is.
 */
export function checkDefaultLocale(
  available: readonly string[],
  locale = process.env['DEFAULT_LOCALE'] ?? settings.DEFAULT_LOCALE,
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

checkSettings(process.env);

/**
 * The region in the SDK's global options, by whoever called `setGlobalOptions` before this was loaded. The SDK tells nobody what they
 * are, but it gives them to a function, which need not be exported.
 */
function globalRegion(): string | Expression<string> | undefined {
  const options: unknown = onTaskDispatched({}, () => undefined).__endpoint.region;
  const option: unknown = Array.isArray(options) ? options[0] : options;
  // Where nobody has said any, there may be an object that says so.
  const isParam = typeof option === 'object' && option !== null && 'value' in option;
  return typeof option === 'string' || isParam
    ? (option as string | Expression<string>)
    : undefined;
}

/**
 * Said for every function, unless the global options do: otherwise the CLI would choose a region for each by what it listens to, and
 * nothing would know where the queues are.
 */
const regionOption =
  askedRegion(process.env) ?? (globalRegion() === undefined ? DEFAULT_REGION : undefined);

/** What the CLI tells every function that it deploys of itself: `projects/P/locations/REGION/services/ID`. */
function deployedAs(env: NodeJS.ProcessEnv): { region?: string; id?: string } {
  const { groups = {} } =
    /\/locations\/(?<region>[^/]+)\/services\/(?<id>[^/]+)$/.exec(
      env['EVENTARC_CLOUD_EVENT_SOURCE'] ?? '',
    ) ?? {};
  return groups;
}

/** The region that these functions and their queues are in. */
export function region(): string {
  const known = deployedAs(process.env).region ?? regionOption ?? globalRegion() ?? DEFAULT_REGION;
  return typeof known === 'string' ? known : known.value();
}

/** The ids that a function of this deployment may have, by the name that it is exported by; see {@link siblingIds}. */
export function functionIds(name: string, env: NodeJS.ProcessEnv = process.env): string[] {
  return siblingIds(name, {
    service: deployedAs(env).id ?? env['K_SERVICE'],
    target: env['FUNCTION_TARGET'],
    kitInstance: env['FIREBASE_KIT_INSTANCE_ID'],
  });
}

/** Where this backend keeps things. A deploy gives every setting a value; whoever runs the code otherwise gets the default. */
export function names(): Names {
  return namesIn(process.env);
}

/** The paths of the documents that triggers listen to. */
export const DOCUMENTS = {
  user: expr`${settings.usersCollection}/{uid}`,
  device: expr`${settings.devicesCollection}/{deviceId}`,
  push: expr`${settings.pushesCollection}/{pushId}`,
} as const;

/** Whether this is an instance of a function kit, and not a codebase of a team's own that exports it. */
export const isKit = Boolean(process.env['FIREBASE_KIT_INSTANCE_ID']);

/** Read here and not by the SDK, which warns at each deploy of every callable whose App Check options are params. */
export const enforceAppCheck = process.env['ENFORCE_APP_CHECK'] === 'true';
export const consumeAppCheckToken = process.env['CONSUME_APP_CHECK_TOKEN'] === 'true';

/**
 * The text of Apple's `.p8` file. `firebase deploy` asks for every secret that is declared, so this one is declared only where
 * `APNS_KEY_ID` is set: what stands in `functions/.env` is in the environment already when the code is looked into.
 */
const apnsKey = apnsConfig()?.key === undefined ? undefined : defineSecret('APNS_KEY');

export function ledgerRetentionMs(): number {
  return settings.ledgerDays.value() * DAY_MS;
}

/** What people may have told, and are told. */
export function limits(): Limits {
  return {
    perMinute: settings.senderPerMinute.value(),
    perDay: settings.senderPerDay.value(),
    repeatMs: settings.repeatMinutes.value() * MINUTE_MS,
    recipientPerHour: settings.recipientPerHour.value(),
  };
}

/**
 * Recipients that one call sends to.
 *
 * @throws when `SHARD_SIZE` is not 1 to 1000.
 */
export function recipientsPerShard(size = settings.shardSize.value()): number {
  if (Number.isInteger(size) && size >= 1 && size <= settings.MAX_SHARD_SIZE) return size;
  throw new Error(
    `SHARD_SIZE: expected a whole number from 1 to ${settings.MAX_SHARD_SIZE}, got ${size}.`,
  );
}

/**
 * What links are relative to on the web.
 *
 * @throws when `SITE_URL` is not empty and no https URL.
 */
export function siteUrl(setting = settings.siteUrl.value()): URL | undefined {
  return readSiteUrl(setting);
}

/**
 * Which pictures pushes may have.
 *
 * @throws when `IMAGE_HOSTS` has something that is no host.
 */
export function images(patterns = settings.imageHosts.value()): ImagePolicy {
  return imagePolicy(patterns);
}

export function composeRetryMs(): number {
  return settings.composeRetryMinutes.value() * 60_000;
}

/** Which events that tell nobody the ledger has an entry of. */
export function recordNobody(): RecordNobody {
  // A deploy has refused anything else.
  return settings.recordNobodySetting.value() as RecordNobody;
}

/** Options shared by all functions. */
export const functionOptions = {
  ...(regionOption === undefined ? {} : { region: regionOption }),
  memory: settings.memoryMiB,
  concurrency: settings.concurrency,
  maxInstances: settings.maxInstances,
  // By it doctor knows what is deployed.
  labels: { [VERSION_LABEL]: labelOf(VERSION) },
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
