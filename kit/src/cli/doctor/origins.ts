/**
 * Where Google's APIs are: at Google, or where the environment says, by the names that `firebase-tools` has for them. Whoever deploys
 * to a stand-in of Google points this command to it as well.
 */
import { own } from '../../model/own';
import { UsageError } from '../command';

/** The API → the variable of `firebase-tools` (its `lib/api.js`) that moves it. */
export const VARIABLES = {
  cloudfunctions: 'FIREBASE_FUNCTIONS_V2_URL',
  cloudresourcemanager: 'FIREBASE_RESOURCEMANAGER_URL',
  serviceusage: 'FIREBASE_SERVICE_USAGE_URL',
  firestore: 'FIRESTORE_URL',
  secretmanager: 'CLOUD_SECRET_MANAGER_URL',
  iam: 'FIREBASE_IAM_URL',
  // As it is written there.
  cloudtasks: 'FIREBASE_CLOUD_TAKS_URL',
  cloudscheduler: 'FIREBASE_CLOUDSCHEDULER_URL',
} as const;

export type Api = keyof typeof VARIABLES;

export const APIS = Object.keys(VARIABLES) as Api[];

export type Origins = Readonly<Record<Api, string>>;

/** @throws {UsageError} for an address that an access token must not be sent to. */
export function originsOf(env: Readonly<Record<string, string | undefined>>): Origins {
  const entries = APIS.map((api) => {
    const variable = VARIABLES[api];
    const moved = own(env, variable);
    return [api, moved ? checkedOrigin(variable, moved) : `https://${api}.googleapis.com`] as const;
  });
  return Object.fromEntries(entries) as Origins;
}

const THIS_MACHINE = /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;

function checkedOrigin(variable: string, value: string): string {
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (url?.protocol === 'https:' || (url?.protocol === 'http:' && THIS_MACHINE.test(url.hostname)))
    return value.replace(/\/+$/, '');
  throw new UsageError(
    `${variable}: expected an https URL, or http on this machine, got "${value}".`,
  );
}
