/**
 * What the deployed functions may do in their project, and which Google APIs they call: nothing beyond what is listed here.
 *
 * `firebase deploy` makes a service account for the codebase, gives it these roles, asks for the APIs that are off, and runs the
 * functions as that account instead of the default one, which may do nearly everything.
 */

/** An IAM role, and the call that fails without it. */
export interface RequiredRole {
  readonly role: `roles/${string}.${string}`;
  readonly neededBy: string;
}

/** A Google API, and what calls it. */
export interface RequiredApi {
  readonly api: `${string}.googleapis.com`;
  readonly reason: string;
}

export const ROLES: readonly RequiredRole[] = [
  // Firestore's Commit, BatchGetDocuments, RunQuery and RunAggregationQuery: everything in store/, delivery/, devices/, outbox/.
  { role: 'roles/datastore.user', neededBy: 'reading and writing Firestore' },
  // POST /v1/projects/*/messages:send and .../topicSubscriptions: providers/fcm/provider.ts and topics.ts.
  { role: 'roles/firebasecloudmessaging.admin', neededBy: 'sending through FCM, and its topics' },
  // accounts:lookup and accounts:delete: devices/accounts.ts, for deleteAccount and forgetDeletedUser.
  { role: 'roles/firebaseauth.admin', neededBy: 'looking up and deleting accounts' },
  // CreateTask: store/cloud-tasks.ts.
  { role: 'roles/cloudtasks.enqueuer', neededBy: 'enqueuing shards, retries and scheduled pushes' },
  // CreateTask again: it names the account that Cloud Tasks is to call as, which is this one, and needs iam.serviceAccounts.actAs
  // for that. There is no smaller role, and the CLI gives none for one account only.
  { role: 'roles/iam.serviceAccountUser', neededBy: 'enqueuing tasks that run as this account' },
  // Eventarc, Cloud Tasks and Cloud Scheduler call the functions as this account.
  { role: 'roles/run.invoker', neededBy: 'being called by events, tasks and schedules' },
  // Eventarc delivers events to this account: triggers/.
  {
    role: 'roles/eventarc.eventReceiver',
    neededBy: 'receiving events of Firestore and Authentication',
  },
];

/** Only with `CONSUME_APP_CHECK_TOKEN`: App Check's verifyAppCheckToken, by the SDK, before `registerToken` is called. */
export const APP_CHECK_ROLE: RequiredRole = {
  role: 'roles/firebaseappcheck.tokenVerifier',
  neededBy: 'using up App Check tokens',
};

export const APIS: readonly RequiredApi[] = [
  { api: 'fcm.googleapis.com', reason: 'Sends pushes, and manages topics.' },
  { api: 'firestore.googleapis.com', reason: 'Keeps devices and the ledger of deliveries.' },
  { api: 'cloudtasks.googleapis.com', reason: 'Spreads large audiences, and retries.' },
  { api: 'identitytoolkit.googleapis.com', reason: 'Looks up and deletes accounts.' },
];

/** Only with `CONSUME_APP_CHECK_TOKEN`. */
export const APP_CHECK_API: RequiredApi = {
  api: 'firebaseappcheck.googleapis.com',
  reason: 'Uses up App Check tokens.',
};

/** What a deployment needs with these settings. */
export function requirements({ consumesAppCheckTokens }: { consumesAppCheckTokens: boolean }): {
  readonly roles: readonly RequiredRole[];
  readonly apis: readonly RequiredApi[];
} {
  if (!consumesAppCheckTokens) return { roles: ROLES, apis: APIS };
  return { roles: [...ROLES, APP_CHECK_ROLE], apis: [...APIS, APP_CHECK_API] };
}
