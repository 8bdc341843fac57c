/**
 * For tests: everything that can be wrong with the project, its functions, their versions and roles, with what is said about it.
 */
import {
  ACCOUNT,
  HEALTHY,
  HEALTHY_FUNCTIONS,
  HEALTHY_SETTINGS,
  policyWith,
  policyWithout,
  REFUSED,
  SILENT,
  withApi,
  withCloud,
  withFunction,
  withSettings,
} from './doctor-facts';
import type { FindingName } from '../cli/doctor/finding';
import type { Facts } from '../cli/doctor/facts';
import { ABSENT, known } from '../cli/doctor/reading';

/** What is wrong → what is said: its name, words of it, and of its fix. */
export type Illness = readonly [facts: Facts, check: FindingName, text: string, fix: string];

const sendPush = HEALTHY_FUNCTIONS.find(({ id }) => id === 'kit-push-sendPush')!;

const packaged = (change: Facts['package']): Facts => ({ ...HEALTHY, package: change });

export const ILLNESSES_OF_FUNCTIONS: readonly Illness[] = [
  [withCloud({ project: ABSENT }), 'project.absent', 'no project acme', 'gcloud projects list'],
  [
    withCloud({ project: known({ state: 'DELETE_REQUESTED' }) }),
    ...(['project.inactive', 'DELETE_REQUESTED', 'gcloud projects undelete acme'] as const),
  ],
  [
    withCloud({ project: REFUSED }),
    ...(['project.unread', 'a.b.get', 'projects add-iam-policy-binding acme'] as const),
  ],
  [
    withApi('fcm.googleapis.com', known(false)),
    ...(['apis.disabled', 'fcm.googleapis.com', 'services enable fcm.googleapis.com'] as const),
  ],
  [withApi('run.googleapis.com', SILENT), 'apis.unread', 'run.googleapis.com', 'Try again.'],
  [
    withFunction('sendPush', 'missing'),
    'functions.missing',
    'Not deployed: kit-push-sendPush',
    'firebase deploy --only functions:push --project acme',
  ],
  [
    withCloud({ functions: known({ functions: [], unreachable: [] }), accounts: new Map() }),
    ...(['functions.missing', 'None of the 19', 'firebase deploy --only functions:push'] as const),
  ],
  [
    withCloud({ functions: known({ functions: [], unreachable: ['europe-west9'] }) }),
    ...(['functions.partial', 'europe-west9 did not answer', 'Try again.'] as const),
  ],
  [
    withFunction('sendPush', { state: 'FAILED' }),
    ...(['functions.inactive', 'kit-push-sendPush is FAILED', 'firebase deploy'] as const),
  ],
  [
    withFunction('sendPush', { region: 'us-central1' }),
    'functions.scattered',
    'us-central1 (kit-push-sendPush)',
    'firebase functions:delete kit-push-sendPush --region us-central1 --project acme',
  ],
  [
    withSettings({ ...HEALTHY_SETTINGS, REGION: 'us-east1' }),
    ...(['functions.region', 'REGION means us-east1', 'firebase deploy'] as const),
  ],
  [
    withFunction('sendPush', { retries: false }),
    ...(['functions.no-retry', 'kit-push-sendPush', 'firebase deploy'] as const),
  ],
  [
    withFunction('sendPush', { runtime: 'nodejs20' }),
    ...(['functions.runtime', 'kit-push-sendPush runs on nodejs20', 'firebase deploy'] as const),
  ],
  [
    withCloud({
      functions: known({
        functions: [
          ...HEALTHY_FUNCTIONS,
          { ...sendPush, id: 'kit-old-sendPush', version: '0-1-0' },
        ],
        unreachable: [],
      }),
    }),
    ...(['functions.other-copy', 'kit-old-sendPush', 'functions:delete kit-old-sendPush'] as const),
  ],
  [
    withCloud({ functions: REFUSED }),
    ...(['functions.unread', 'Functions', '--role roles/a.viewer'] as const),
  ],
  [
    packaged({ installed: '0.1.0', locked: '0.2.0' }),
    ...(['version.not-locked', '0.1.0', 'npm ci --prefix'] as const),
  ],
  [packaged({ locked: '0.2.0' }), 'version.not-installed', '0.2.0', 'npm ci --prefix'],
  [
    withFunction('sendPush', { version: '0-0-9' }),
    ...(['version.other-deployed', 'functions of 0.0.9 are deployed', 'firebase deploy'] as const),
  ],
  [packaged({}), 'version.unknown', 'package-lock.json', 'npm install --prefix'],
  [
    packaged({ installed: '0.1.0', locked: '0.1.0', lockedAt: HEALTHY.now }),
    ...(['version.deployed-before', '2026-11-28 12:00', 'firebase deploy'] as const),
  ],
  [
    withCloud({ accounts: new Map([[ACCOUNT, ABSENT]]) }),
    ...(['roles.account-absent', ACCOUNT, 'firebase deploy'] as const),
  ],
  [
    withCloud({ accounts: new Map([[ACCOUNT, known({ disabled: true })]]) }),
    ...(['roles.account-disabled', ACCOUNT, 'service-accounts enable'] as const),
  ],
  [
    withCloud({ accounts: new Map([[ACCOUNT, { kind: 'signed-out' }]]) }),
    ...(['roles.account-unread', 'credentials', 'gcloud auth application-default login'] as const),
  ],
  [
    withCloud({ policy: policyWithout('roles/cloudtasks.enqueuer') }),
    'roles.missing',
    'lacks roles/cloudtasks.enqueuer',
    `--member serviceAccount:${ACCOUNT} --role roles/cloudtasks.enqueuer`,
  ],
  [
    withCloud({ policy: policyWith('roles/datastore.user', true) }),
    ...(['roles.conditional', 'roles/datastore.user', '--role roles/datastore.user'] as const),
  ],
  [
    withCloud({ policy: policyWith('projects/acme/roles/mine') }),
    ...(['roles.custom', 'projects/acme/roles/mine', '--role roles/datastore.user'] as const),
  ],
  [withCloud({ policy: SILENT }), 'roles.unread', 'no answer within 10 s', 'Try again.'],
];
