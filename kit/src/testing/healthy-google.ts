/**
 * For tests: the answers of Google about a project in which everything is right, as they are documented.
 */
import { apisNeeded, expectedRoles, FUNCTIONS } from '../cli/doctor/expected';
import { COMPOSITE_INDEXES, indexFieldEntry } from '../store/indexes';
import { pages, type Answering } from './fake-google';

export const PROJECT = 'acme-prod';
export const PREFIX = 'kit-push-';
export const REGION = 'europe-west1';
export const ROBOT = `firebase-fn-1@${PROJECT}.iam.gserviceaccount.com`;

const project = `projects/${PROJECT}`;
const database = `${project}/databases/(default)`;
const location = `${project}/locations/${REGION}`;

/** What the API says of each function. */
export const deployedFunctions = () =>
  FUNCTIONS.map(({ name, kind }) => ({
    name: `${location}/functions/${PREFIX}${name}`,
    environment: 'GEN_2',
    state: 'ACTIVE',
    updateTime: '2099-01-01T00:00:00.123456789Z',
    buildConfig: { runtime: 'nodejs24', entryPoint: name },
    serviceConfig: {
      serviceAccountEmail: ROBOT,
      secretEnvironmentVariables: [
        { key: 'APNS_KEY', projectId: PROJECT, secret: `${PREFIX}APNS_KEY`, version: '1' },
      ],
    },
    ...(kind === 'event' ? { eventTrigger: { retryPolicy: 'RETRY_POLICY_RETRY' } } : {}),
  }));

const indexes = COMPOSITE_INDEXES.map(({ collection, fields }, nth) => ({
  name: `${database}/collectionGroups/${collection}/indexes/i${nth}`,
  queryScope: 'COLLECTION',
  fields: [...fields, { field: '__name__', by: 'ASCENDING' } as const].map(indexFieldEntry),
  state: 'READY',
}));

/** A team's own, of other kinds. */
const OTHER_INDEX = {
  name: `${database}/collectionGroups/posts/indexes/own`,
  queryScope: 'COLLECTION_GROUP',
  fields: [
    { fieldPath: 'tags', arrayConfig: 'CONTAINS' },
    { fieldPath: 'v', vectorConfig: { dimension: 3, flat: {} } },
  ],
  state: 'READY',
};

const ttl = (collection: string) => ({
  name: `${database}/collectionGroups/${collection}/fields/expiresAt`,
  ttlConfig: { state: 'ACTIVE' },
  indexConfig: {},
});

/** Lists are of two pages each. */
export function healthyAnswers(): Map<string, Answering> {
  const functions = deployedFunctions();
  const rules = expectedRoles({}).map(({ role }) => ({
    role,
    members: ['user:ola@example.com', `serviceAccount:${ROBOT}`],
  }));
  const fixed: [string, unknown][] = [
    [`cloudresourcemanager GET /v1/${project}`, { projectId: PROJECT, lifecycleState: 'ACTIVE' }],
    [`cloudresourcemanager POST /v1/${project}:getIamPolicy`, { version: 3, bindings: rules }],
    [`iam GET /v1/${project}/serviceAccounts/${ROBOT}`, { email: ROBOT }],
    [`firestore GET /v1/${database}`, { locationId: 'eur3', type: 'FIRESTORE_NATIVE' }],
    [`firestore POST /v1/${database}/documents:runQuery`, [{ readTime: '2026-11-28T00:00:00Z' }]],
    ...apisNeeded({ CONSUME_APP_CHECK_TOKEN: 'true' }).map((api): [string, unknown] => [
      `serviceusage GET /v1/${project}/services/${api}`,
      { state: 'ENABLED' },
    ]),
    ...FUNCTIONS.filter(({ kind }) => kind === 'queue').map(({ name }): [string, unknown] => [
      `cloudtasks GET /v2/${location}/queues/${PREFIX}${name}`,
      { state: 'RUNNING' },
    ]),
    ...FUNCTIONS.filter(({ kind }) => kind === 'schedule').map(({ name }): [string, unknown] => [
      `cloudscheduler GET /v1/${location}/jobs/firebase-schedule-${PREFIX}${name}-${REGION}`,
      { state: 'ENABLED', status: {} },
    ]),
  ];
  const lists: [string, Answering][] = [
    [
      `cloudfunctions GET /v2/${project}/locations/-/functions`,
      pages('functions', [functions.slice(0, 7), functions.slice(7)]),
    ],
    [
      `firestore GET /v1/${database}/collectionGroups/-/indexes`,
      pages('indexes', [[OTHER_INDEX, ...indexes.slice(0, 1)], indexes.slice(1)]),
    ],
    [
      `firestore GET /v1/${database}/collectionGroups/-/fields`,
      pages('fields', [[ttl('deliveries'), ttl('digestItems')], [ttl('pushes')]]),
    ],
    [
      `secretmanager GET /v1/${project}/secrets/${PREFIX}APNS_KEY/versions`,
      pages('versions', [[{ state: 'DESTROYED' }], [{ state: 'ENABLED' }]]),
    ],
  ];
  return new Map([...fixed.map(([key, body]): [string, Answering] => [key, { body }]), ...lists]);
}
