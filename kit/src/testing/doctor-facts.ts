/**
 * For tests: the facts of a project in which everything is right, for a test to change one of.
 */
import { apisNeeded, expectedRoles, FUNCTIONS } from '../cli/doctor/expected';
import { DEFAULT_NAMES } from '../cli/names';
import { COMPOSITE_INDEXES } from '../store/indexes';
import {
  indexedAs,
  type Binding,
  type CloudFacts,
  type DeployedFunction,
  type EmulatorFacts,
  type Facts,
  type InstallationFacts,
} from '../cli/doctor/facts';
import { known, mapReading, unreachable, type Reading } from '../cli/doctor/reading';

export const NOW = Date.UTC(2026, 10, 28, 12);
export const ACCOUNT = 'firebase-fn-1@acme.iam.gserviceaccount.com';

export const HEALTHY_INSTALLATION: InstallationFacts = {
  id: 'push',
  kind: 'kit',
  prefix: 'kit-push-',
  source: 'function-kits/push/source',
  names: DEFAULT_NAMES,
  others: [],
};

export const HEALTHY_FUNCTIONS: readonly DeployedFunction[] = FUNCTIONS.map(({ name, kind }) => ({
  id: `kit-push-${name}`,
  region: 'europe-west1',
  state: 'ACTIVE',
  runtime: 'nodejs24',
  account: ACCOUNT,
  updatedAt: NOW - 1000,
  ...(kind === 'event' ? { retries: true } : {}),
  secrets: ['APNS_KEY'],
}));

const ofKind = (kind: 'queue' | 'schedule') =>
  FUNCTIONS.filter((each) => each.kind === kind).map(({ name }) => name);

const NOTHING = known([]);

/** With which nothing more can be needed. */
const NEEDING_ALL = { CONSUME_APP_CHECK_TOKEN: 'true' };

export const HEALTHY_CLOUD: CloudFacts = {
  kind: 'cloud',
  project: known({ state: 'ACTIVE' }),
  functions: known({ functions: HEALTHY_FUNCTIONS, unreachable: [] }),
  policy: known(
    expectedRoles(NEEDING_ALL).map(({ role }) => ({
      role,
      members: [`serviceAccount:${ACCOUNT}`],
      isConditional: false,
    })),
  ),
  accounts: new Map([[ACCOUNT, known({ disabled: false })]]),
  apis: new Map(apisNeeded(NEEDING_ALL).map((api) => [api, known(true)])),
  database: known({ location: 'eur3', type: 'FIRESTORE_NATIVE' }),
  indexes: known(
    COMPOSITE_INDEXES.map(({ collection, fields }) => ({
      collection,
      scope: 'COLLECTION',
      fields: fields.map(indexedAs),
      state: 'READY',
    })),
  ),
  ttls: known(
    ['deliveries', 'digestItems', 'pushes'].map((collection) => ({
      collection,
      field: 'expiresAt',
      state: 'ACTIVE',
    })),
  ),
  apnsSecret: known(1),
  ledger: { stuck: NOTHING, failed: NOTHING, overdue: NOTHING },
  queues: new Map(ofKind('queue').map((name) => [name, known({ state: 'RUNNING' })])),
  schedules: new Map(
    ofKind('schedule').map((name) => [name, known({ state: 'ENABLED', lastCode: 0 })]),
  ),
};

const HEALTHY_EMULATORS: EmulatorFacts = {
  kind: 'emulators',
  functions: known(FUNCTIONS.map(({ name }) => `kit-push-${name}`)),
  ledger: { stuck: NOTHING, failed: NOTHING, overdue: NOTHING },
  simulator: { address: '127.0.0.1:9110', reading: known(true) },
};

export const HEALTHY_SETTINGS = {
  REGION: 'eur3',
  ENFORCE_APP_CHECK: 'true',
  APNS_KEY_ID: 'ABC123DEFG',
  APNS_TEAM_ID: 'DEF123GHIJ',
  APNS_TOPIC: 'com.example.app',
} as const;

export const HEALTHY: Facts & { readonly world: CloudFacts } = {
  projectId: 'acme',
  now: NOW,
  installation: HEALTHY_INSTALLATION,
  settings: {
    values: HEALTHY_SETTINGS,
    names: [...Object.keys(HEALTHY_SETTINGS), 'LEDGER_DAYS', 'CONSUME_APP_CHECK_TOKEN'],
    refused: [],
  },
  package: { installed: '0.1.0', locked: '0.1.0', lockedAt: NOW - 5000 },
  world: HEALTHY_CLOUD,
};

/** The same with other settings. */
export function withSettings(values: Readonly<Record<string, string>>): Facts {
  return { ...HEALTHY, settings: { ...HEALTHY.settings, values } };
}

/** Readings of what may not be looked at, and of what does not answer. */
export const REFUSED = {
  kind: 'refused',
  need: { permission: 'a.b.get', role: 'roles/a.viewer' },
} as const;
export const SILENT = unreachable('no answer within 10 s');

/** The same in another world. */
export function withCloud(change: Partial<CloudFacts>): Facts {
  return { ...HEALTHY, world: { ...HEALTHY_CLOUD, ...change } };
}

/** The same with another answer about one API. */
export function withApi(name: string, reading: Reading<boolean>): Facts {
  return withCloud({ apis: changed(HEALTHY_CLOUD.apis, name, reading) });
}

/** A map with one value replaced. */
export function changed<Value>(map: ReadonlyMap<string, Value>, name: string, value: Value) {
  return new Map([...map, [name, value]]);
}

/** The same with one function changed, or without it. */
export function withFunction(name: string, change: Partial<DeployedFunction> | 'missing'): Facts {
  const functions = HEALTHY_FUNCTIONS.flatMap((each) => {
    if (each.id !== `kit-push-${name}`) return [each];
    return change === 'missing' ? [] : [{ ...each, ...change }];
  });
  return withCloud({ functions: known({ functions, unreachable: [] }) });
}

/** The same as an installation of another kind. */
export function installedAs(change: Partial<InstallationFacts>): Facts {
  return { ...HEALTHY, installation: { ...HEALTHY_INSTALLATION, ...change } };
}

/** Another installation of the same `firebase.json`, the only one. */
export function besides(names: InstallationFacts['names']): InstallationFacts['others'] {
  return [{ id: 'second', prefix: 'kit-second-', names }];
}

export function inEmulators(change: Partial<EmulatorFacts> = {}): Facts {
  return { ...HEALTHY, world: { ...HEALTHY_EMULATORS, ...change } };
}

export function policyWithout(role: string): Reading<readonly Binding[]> {
  return mapReading(HEALTHY_CLOUD.policy, (all) => all.filter((binding) => binding.role !== role));
}

/** With a role in the place of that for Firestore. */
export function policyWith(role: string, isConditional = false): Reading<readonly Binding[]> {
  const binding = { role, members: [`serviceAccount:${ACCOUNT}`], isConditional };
  return mapReading(policyWithout('roles/datastore.user'), (all) => [...all, binding]);
}
