/**
 * What a project has to have for this package to work: the one place of this command that knows.
 *
 * Tests hold the functions equal to what `index.ts` exports and the indexes to `firestore.indexes.json`. Roles and APIs are those that
 * the functions themselves declare.
 */
import { FIELD_OVERRIDES } from '../../store/indexes';
import { APP_CHECK_API as APP_CHECK, requirements, type RequiredRole } from '../../requirements';

export type FunctionKind = 'event' | 'queue' | 'schedule' | 'callable';

export interface ExpectedFunction {
  readonly name: string;
  readonly kind: FunctionKind;
}

const named = (kind: FunctionKind, ...names: readonly string[]): ExpectedFunction[] =>
  names.map((name) => ({ name, kind }));

export const FUNCTIONS: readonly ExpectedFunction[] = [
  ...named('event', 'claimTokens', 'forgetDeletedUser', 'sendPush', 'syncDeviceTopics'),
  ...named('queue', 'backfillDryRun', 'deliveryTasks', 'pushTasks'),
  ...named('schedule', 'sweepDeliveries', 'sweepPushes', 'sweepStaleDevices'),
  ...named('callable', 'registerToken', 'unregisterToken', 'unregisterAllTokens'),
  ...named('callable', 'subscribeToTopic', 'unsubscribeFromTopic', 'listTopics', 'deleteAccount'),
  ...named('callable', 'getPreferences', 'setPreferences'),
];

/** The oldest that the package runs on: its `engines`. */
export const OLDEST_NODE = 22;

export interface ExpectedRole extends RequiredRole {
  /** Other roles that contain it. */
  readonly within: readonly string[];
}

const EVERYTHING = ['roles/owner', 'roles/editor'];
/** Of the service account that Firebase itself makes for the Admin SDK. */
const ADMIN_SDK = ['roles/firebase.admin', 'roles/firebase.sdkAdminServiceAgent'];

/** What contains a role that the functions declare. */
const WITHIN: ReadonlyMap<string, readonly string[]> = new Map([
  ['roles/datastore.user', [...EVERYTHING, ...ADMIN_SDK, 'roles/datastore.owner']],
  ['roles/firebasecloudmessaging.admin', [...EVERYTHING, ...ADMIN_SDK]],
  ['roles/firebaseauth.admin', [...EVERYTHING, ...ADMIN_SDK]],
  ['roles/cloudtasks.enqueuer', [...EVERYTHING, 'roles/cloudtasks.admin']],
  ['roles/iam.serviceAccountUser', EVERYTHING],
  // Not in the role of an editor; eventarc.eventReceiver is in no other at all.
  ['roles/run.invoker', ['roles/owner', 'roles/run.admin']],
  [
    'roles/firebaseappcheck.tokenVerifier',
    [...EVERYTHING, 'roles/firebase.admin', 'roles/firebaseappcheck.admin'],
  ],
]);

type Settings = Readonly<Record<string, string>>;

export function expectedRoles(settings: Settings): readonly ExpectedRole[] {
  const { roles } = requirementsWith(settings);
  return roles.map((role) => ({ ...role, within: WITHIN.get(role.role) ?? [] }));
}

/** What the functions call, and what calls them. */
export function apisNeeded(settings: Settings): readonly string[] {
  return [
    ...requirementsWith(settings).apis.map(({ api }) => api),
    'cloudscheduler.googleapis.com',
    'eventarc.googleapis.com',
    'run.googleapis.com',
  ];
}

function requirementsWith(settings: Settings): ReturnType<typeof requirements> {
  return requirements({ consumesAppCheckTokens: settings['CONSUME_APP_CHECK_TOKEN'] === 'true' });
}

export const APP_CHECK_API = APP_CHECK.api;

/** Collections whose documents Firestore deletes once a field's time is over. */
export const TTLS = FIELD_OVERRIDES.filter(({ ttl }) => ttl);
