/**
 * Reads a project: all at once where nothing depends on another answer, each fact by itself.
 */
import { apnsSecretName } from './checks/apns';
import { jobName } from './checks/schedules';
import { deployedOf, regionOfFunctions } from './checks/functions';
import { apisNeeded, APP_CHECK_API, FUNCTIONS } from './expected';
import type { CloudFacts, DeployedFunctions, Facts } from './facts';
import { listOf, type Google } from './google';
import type { Api } from './origins';
import { mapReading, type Need, type Reading } from './reading';
import { readLedger } from './read-ledger';
import { SHAPES, shaped } from './shapes';
import { own } from '../../model/own';

const need = (permission: string, role: string): Need => ({ permission, role });

const NEEDS = {
  project: need('resourcemanager.projects.get', 'roles/browser'),
  functions: need('cloudfunctions.functions.list', 'roles/cloudfunctions.viewer'),
  policy: need('resourcemanager.projects.getIamPolicy', 'roles/iam.securityReviewer'),
  account: need('iam.serviceAccounts.get', 'roles/iam.serviceAccountViewer'),
  api: need('serviceusage.services.get', 'roles/serviceusage.serviceUsageViewer'),
  database: need('datastore.databases.getMetadata', 'roles/datastore.viewer'),
  indexes: need('datastore.indexes.list', 'roles/datastore.viewer'),
  secret: need('secretmanager.versions.list', 'roles/secretmanager.viewer'),
  queue: need('cloudtasks.queues.get', 'roles/cloudtasks.viewer'),
  schedule: need('cloudscheduler.jobs.get', 'roles/cloudscheduler.viewer'),
} as const;

export type LocalFacts = Omit<Facts, 'world'>;

export async function readCloud(google: Google, local: LocalFacts): Promise<CloudFacts> {
  const { installation, projectId, now, settings } = local;
  const project = `projects/${encodeURIComponent(projectId)}`;
  const database = `${project}/databases/${encodeURIComponent(installation.names.database)}`;
  // Where they are says where queues and schedules are, and as whom they run.
  const functions = readFunctions(google, project);
  const [read, onFunctions] = await Promise.all([
    Promise.all([
      one(google, 'cloudresourcemanager', `/v1/${project}`, 'project'),
      readPolicy(google, project),
      readApis(google, project, settings.values),
      one(google, 'firestore', `/v1/${database}`, 'database'),
      readIndexes(google, database),
      readTtls(google, database),
      readApnsSecret(google, project, local),
      readLedger({
        ask: (path, body, itsNeed) => google.ask('firestore', path, body, itsNeed),
        database,
        names: installation.names,
        now,
      }),
    ]),
    functions.then((found) => readBehind(google, project, local, found)),
  ]);
  const [itself, policy, apis, itsDatabase, indexes, ttls, secret, ledger] = read;
  return {
    kind: 'cloud',
    project: itself,
    functions: await functions,
    policy,
    apis,
    database: itsDatabase,
    indexes,
    ttls,
    ...(secret === undefined ? {} : { apnsSecret: secret }),
    ledger,
    ...onFunctions,
  };
}

/** What is found only once it is known where the functions are, and as whom they run. */
async function readBehind(
  google: Google,
  project: string,
  local: LocalFacts,
  functions: Reading<DeployedFunctions>,
): Promise<Pick<CloudFacts, 'accounts' | 'queues' | 'schedules'>> {
  const { prefix } = local.installation;
  const ours = deployedOf(local, { functions });
  const region = regionOfFunctions(local, { functions });
  const emails = [...new Set(ours.map(({ account }) => account))].filter((email) => email !== '');
  const location = `${project}/locations/${encodeURIComponent(region ?? '')}`;
  const named = (kind: 'queue' | 'schedule') =>
    region === undefined ? [] : FUNCTIONS.filter((each) => each.kind === kind);
  const [accounts, queues, schedules] = await Promise.all([
    byName(emails, (email) =>
      one(google, 'iam', `/v1/${project}/serviceAccounts/${encodeURIComponent(email)}`, 'account'),
    ),
    byName(
      named('queue').map(({ name }) => name),
      (name) => one(google, 'cloudtasks', `/v2/${location}/queues/${prefix}${name}`, 'queue'),
    ),
    byName(
      named('schedule').map(({ name }) => name),
      (name) => {
        const job = jobName(`${prefix}${name}`, region ?? '');
        return one(google, 'cloudscheduler', `/v1/${location}/jobs/${job}`, 'schedule');
      },
    ),
  ]);
  return { accounts, queues, schedules };
}

async function readFunctions(google: Google, project: string): Promise<Reading<DeployedFunctions>> {
  const silent = new Set<string>();
  // The regions that did not answer stand beside each page.
  const watching: Google = {
    ...google,
    get: async (api, path, itsNeed) => {
      const reading = await google.get(api, path, itsNeed);
      const names = reading.kind === 'known' ? own(reading.value, 'unreachable') : undefined;
      if (Array.isArray(names)) for (const name of names as unknown[]) silent.add(String(name));
      return reading;
    },
  };
  const path = `/v2/${project}/locations/-/functions?filter=${encodeURIComponent('environment="GEN_2"')}`;
  const list = await listOf(watching, 'cloudfunctions', path, 'functions', NEEDS.functions);
  return mapReading(shaped(SHAPES.functions, 'cloudfunctions', list), (functions) => ({
    functions,
    unreachable: [...silent],
  }));
}

async function readPolicy(google: Google, project: string) {
  // Version 3: otherwise bindings with conditions are not shown.
  const body = { options: { requestedPolicyVersion: 3 } };
  const reading = await google.ask(
    'cloudresourcemanager',
    `/v1/${project}:getIamPolicy`,
    body,
    NEEDS.policy,
  );
  return shaped(SHAPES.policy, 'cloudresourcemanager', reading);
}

function readApis(google: Google, project: string, settings: Readonly<Record<string, string>>) {
  const names = new Set(apisNeeded(settings));
  // Apps get their tokens from it, whether or not the functions call it.
  if (settings['ENFORCE_APP_CHECK'] === 'true') names.add(APP_CHECK_API);
  return byName([...names], (name) =>
    one(google, 'serviceusage', `/v1/${project}/services/${name}`, 'api'),
  );
}

async function readIndexes(google: Google, database: string) {
  const path = `/v1/${database}/collectionGroups/-/indexes`;
  const list = await listOf(google, 'firestore', path, 'indexes', NEEDS.indexes);
  return shaped(SHAPES.indexes, 'firestore', list);
}

async function readTtls(google: Google, database: string) {
  const filter = encodeURIComponent('indexConfig.usesAncestorConfig=false OR ttlConfig:*');
  const path = `/v1/${database}/collectionGroups/-/fields?filter=${filter}`;
  const list = await listOf(google, 'firestore', path, 'fields', NEEDS.indexes);
  return shaped(SHAPES.ttls, 'firestore', list);
}

async function readApnsSecret(google: Google, project: string, local: LocalFacts) {
  if (!local.settings.values['APNS_KEY_ID']) return undefined;
  const name = encodeURIComponent(apnsSecretName(local.installation));
  const path = `/v1/${project}/secrets/${name}/versions`;
  const list = await listOf(google, 'secretmanager', path, 'versions', NEEDS.secret);
  return shaped(SHAPES.secretVersions, 'secretmanager', list);
}

type Single = 'project' | 'account' | 'api' | 'database' | 'queue' | 'schedule';

async function one<Name extends Single>(google: Google, api: Api, path: string, name: Name) {
  const reading = await google.get(api, path, NEEDS[name]);
  type Fact = ReturnType<(typeof SHAPES)[Name]['parse']>;
  const shape = SHAPES[name] as unknown as Parameters<typeof shaped<Fact>>[0];
  return shaped(shape, api, reading);
}

async function byName<Value>(
  names: readonly string[],
  read: (name: string) => Promise<Value>,
): Promise<ReadonlyMap<string, Value>> {
  const values = await Promise.all(names.map(read));
  return new Map(names.map((name, index) => [name, values[index] as Value]));
}
