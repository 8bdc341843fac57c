/**
 * What a project has to have for this package to work: the one place of this command that knows.
 *
 * Tests hold the functions equal to what `index.ts` exports and the indexes to `firestore.indexes.json`. Roles and APIs are those that
 * the functions themselves declare (`requiresRole`, `requiresAPI`) once they do; a test holds them equal then.
 */

export type FunctionKind = 'event' | 'queue' | 'schedule' | 'callable';

export interface ExpectedFunction {
  readonly name: string;
  readonly kind: FunctionKind;
}

const named = (kind: FunctionKind, ...names: readonly string[]): ExpectedFunction[] =>
  names.map((name) => ({ name, kind }));

export const FUNCTIONS: readonly ExpectedFunction[] = [
  ...named('event', 'claimTokens', 'forgetDeletedUser', 'sendPush', 'syncDeviceTopics'),
  ...named('queue', 'deliveryTasks', 'pushTasks'),
  ...named('schedule', 'sweepDeliveries', 'sweepPushes', 'sweepStaleDevices'),
  ...named('callable', 'registerToken', 'unregisterToken', 'unregisterAllTokens'),
  ...named('callable', 'subscribeToTopic', 'unsubscribeFromTopic', 'listTopics', 'deleteAccount'),
];

/** The oldest that the package runs on: its `engines`. */
export const OLDEST_NODE = 22;

export interface ExpectedRole {
  readonly role: string;
  /** What does not work without it. */
  readonly for: string;
  /** Roles that contain it. */
  readonly within: readonly string[];
}

/** Basic roles, old and new. */
const EVERYTHING = ['roles/owner', 'roles/editor', 'roles/admin', 'roles/writer'];
/** Of the service account that Firebase itself makes for the Admin SDK. */
const ADMIN_SDK = ['roles/firebase.admin', 'roles/firebase.sdkAdminServiceAgent'];

const ROLES: readonly ExpectedRole[] = [
  {
    role: 'roles/datastore.user',
    for: 'reading and writing Firestore',
    within: [...EVERYTHING, ...ADMIN_SDK, 'roles/datastore.owner'],
  },
  {
    role: 'roles/firebasecloudmessaging.admin',
    for: 'sending through FCM',
    within: [...EVERYTHING, ...ADMIN_SDK],
  },
  {
    role: 'roles/firebaseauth.admin',
    for: 'deleting accounts',
    within: [...EVERYTHING, ...ADMIN_SDK],
  },
  {
    role: 'roles/cloudtasks.enqueuer',
    for: 'retries, large audiences and scheduled pushes',
    within: [...EVERYTHING, 'roles/cloudtasks.admin'],
  },
  {
    role: 'roles/iam.serviceAccountUser',
    for: 'tasks that call the functions',
    within: EVERYTHING,
  },
  // The basic roles are not relied on for these two: Firebase itself grants them beside the role of an editor.
  {
    role: 'roles/eventarc.eventReceiver',
    for: 'receiving events',
    within: ['roles/eventarc.admin'],
  },
  {
    role: 'roles/run.invoker',
    for: 'being called by events, tasks and schedules',
    within: ['roles/run.admin'],
  },
];

/** With `CONSUME_APP_CHECK_TOKEN` only. */
const TOKEN_VERIFIER: ExpectedRole = {
  role: 'roles/firebaseappcheck.tokenVerifier',
  for: 'accepting each App Check token only once',
  within: [...EVERYTHING, 'roles/firebase.admin', 'roles/firebaseappcheck.admin'],
};

export function expectedRoles(settings: Readonly<Record<string, string>>): readonly ExpectedRole[] {
  return settings['CONSUME_APP_CHECK_TOKEN'] === 'true' ? [...ROLES, TOKEN_VERIFIER] : ROLES;
}

/** Topics are set by FCM's own API: the one of the Instance ID service is not needed. */
export const APIS_NEEDED: readonly string[] = [
  'fcm.googleapis.com',
  'firestore.googleapis.com',
  'cloudtasks.googleapis.com',
  'cloudscheduler.googleapis.com',
  'eventarc.googleapis.com',
  'run.googleapis.com',
  'identitytoolkit.googleapis.com',
];

export const APP_CHECK_API = 'firebaseappcheck.googleapis.com';

export interface ExpectedIndex {
  readonly collection: Collection;
  /** All ascending. */
  readonly fields: readonly string[];
}

export type Collection = 'deliveries' | 'devices' | 'pushes';

export const INDEXES: readonly ExpectedIndex[] = [
  { collection: 'deliveries', fields: ['state', 'leaseUntil'] },
  { collection: 'deliveries', fields: ['parent', 'state'] },
  { collection: 'devices', fields: ['refreshedBy', 'refreshedAt'] },
];

/** Collections whose documents Firestore deletes once their `expiresAt` is over. */
export const TTL_COLLECTIONS: readonly Collection[] = ['deliveries', 'pushes'];
export const TTL_FIELD = 'expiresAt';
