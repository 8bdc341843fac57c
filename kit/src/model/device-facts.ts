/**
 * What an app tells of a device besides its address; pure. All of it is optional, so none of it is worth a refusal: an odd fact is
 * left out, and named in the answer, so that whoever wrote the app notices.
 */
import { normaliseLocale } from './locale';
import { own } from './own';

export interface DeviceFacts {
  readonly platform?: 'android' | 'ios' | 'web';
  /** Bundle id or package. */
  readonly appId?: string;
  readonly appVersion?: string;
  /** BCP 47. */
  readonly locale?: string;
  /** IANA, e.g. `Europe/Vienna`. */
  readonly timeZone?: string;
  /** Apple's. */
  readonly environment?: 'production' | 'sandbox';
  /** Expo's, `@owner/slug`. */
  readonly experienceId?: string;
}

export interface ReadFacts {
  readonly facts: DeviceFacts;
  /** Names of facts that were left out; `unknown fields` for whatever this version does not know. */
  readonly ignored: readonly string[];
}

const MAX_NAME_LENGTH = 200;
const MAX_VERSION_LENGTH = 100;
const MAX_TIME_ZONE_LENGTH = 64;
/** The same that firestore.rules take in `users/{uid}`, where it is copied to. */
const TIME_ZONE = /^[A-Za-z][A-Za-z0-9_+-]*(?:\/[A-Za-z0-9_+-]+)*$/;

type Reader<T> = (value: unknown) => T | undefined;

const READERS: { readonly [Fact in keyof Required<DeviceFacts>]: Reader<DeviceFacts[Fact]> } = {
  platform: (value) => oneOf(value, { android: 'android', ios: 'ios', web: 'web' }),
  appId: nameOf,
  appVersion: versionOf,
  locale: normaliseLocale,
  timeZone: timeZoneOf,
  // The entitlement `aps-environment` calls it development.
  environment: (value) =>
    oneOf(value, { production: 'production', sandbox: 'sandbox', development: 'sandbox' }),
  experienceId: nameOf,
};

const isFact = (name: string): name is keyof DeviceFacts => Object.hasOwn(READERS, name);

/** Reads the facts of a registration; `null` counts as not told. */
export function readFacts(told: Readonly<Record<string, unknown>>): ReadFacts {
  const facts: [string, unknown][] = [];
  const ignored = new Set<string>();
  for (const [name, value] of Object.entries(told)) {
    if (value === null || value === undefined) continue;
    const fact = isFact(name) ? READERS[name](value) : undefined;
    if (fact !== undefined) facts.push([name, fact]);
    else ignored.add(isFact(name) ? name : 'unknown fields');
  }
  return { facts: Object.fromEntries(facts), ignored: [...ignored] };
}

function oneOf<T extends string>(value: unknown, words: Readonly<Record<string, T>>) {
  const word = typeof value === 'string' ? value.trim().toLowerCase() : '';
  return own(words, word);
}

function nameOf(value: unknown): string | undefined {
  const name = typeof value === 'string' ? value.trim() : '';
  return name.length <= MAX_NAME_LENGTH && /^[!-~]+$/.test(name) ? name : undefined;
}

/** Whatever a team calls its versions, on one line: `1.2.3 (45)`, or a build number. */
function versionOf(value: unknown): string | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  const version = String(value)
    .slice(0, MAX_VERSION_LENGTH)
    .toWellFormed()
    .replace(/[\p{C}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim();
  return version === '' ? undefined : version;
}

/** The name of a time zone, as far as its form tells. */
export function timeZoneOf(value: unknown): string | undefined {
  const zone = typeof value === 'string' ? value.trim() : '';
  return zone.length <= MAX_TIME_ZONE_LENGTH && TIME_ZONE.test(zone) ? zone : undefined;
}
