/**
 * For tests: everything that can be wrong with what the functions use: Firestore, keys, queues, settings; and emulators, with what is said about it.
 */
import {
  besides,
  changed,
  HEALTHY,
  HEALTHY_CLOUD,
  HEALTHY_INSTALLATION,
  HEALTHY_SETTINGS,
  inEmulators,
  installedAs,
  REFUSED,
  SILENT,
  withApi,
  withCloud,
  withFunction,
  withSettings,
} from './doctor-facts';
import type { CloudFacts, Facts } from '../cli/doctor/facts';
import { ABSENT, known, mapReading, type Reading } from '../cli/doctor/reading';
import type { Illness } from './doctor-illnesses';

const settings = (change: Partial<Facts['settings']>): Facts => ({
  ...HEALTHY,
  settings: { ...HEALTHY.settings, ...change },
});
const ledger = (change: Partial<CloudFacts['ledger']>): Facts =>
  withCloud({ ledger: { ...HEALTHY_CLOUD.ledger, ...change } });
/** The first of a list in another state, or missing. */
const first = <Value extends { readonly state: string }>(
  list: Reading<readonly Value[]>,
  state: string | undefined,
) =>
  mapReading(list, ([one, ...rest]) =>
    state === undefined ? rest : [{ ...one!, state }, ...rest],
  );
const index = (state: string | undefined) => first(HEALTHY_CLOUD.indexes, state);
const ttl = (state: string | undefined) => first(HEALTHY_CLOUD.ttls, state);
const setWithout = (name: keyof typeof HEALTHY_SETTINGS) => {
  const { [name]: _, ...rest } = HEALTHY_SETTINGS;
  return withSettings(rest);
};

export const ILLNESSES_BEHIND_FUNCTIONS: readonly Illness[] = [
  [
    withCloud({ database: ABSENT }),
    'firestore.absent',
    'no Firestore database (default)',
    "gcloud firestore databases create --database '(default)' --location europe-west1",
  ],
  [
    withCloud({ database: known({ location: 'eur3', type: 'DATASTORE_MODE' }) }),
    ...(['firestore.mode', 'Datastore mode', '--type firestore-native'] as const),
  ],
  [
    withCloud({ database: known({ location: 'nam5', type: 'FIRESTORE_NATIVE' }) }),
    ...(['firestore.region', 'nam5', 'REGION=nam5'] as const),
  ],
  [
    withCloud({ database: { kind: 'disabled', api: 'firestore.googleapis.com' } }),
    ...(['firestore.unread', 'not enabled', 'services enable firestore.googleapis.com'] as const),
  ],
  [
    withCloud({ indexes: index(undefined) }),
    'indexes.missing',
    'deliveries(state, leaseUntil)',
    'npx @firestore-push/push indexes && firebase deploy --only firestore:indexes --project acme',
  ],
  [withCloud({ indexes: index('CREATING') }), 'indexes.building', 'deliveries(state', 'Wait'],
  [
    withCloud({ indexes: index('NEEDS_REPAIR') }),
    ...(['indexes.broken', 'NEEDS_REPAIR', '/firestore/indexes'] as const),
  ],
  [withCloud({ indexes: REFUSED }), 'indexes.unread', 'Indexes', 'roles/a.viewer'],
  [
    withCloud({ ttls: ttl(undefined) }),
    ...(['ttl.missing', 'deliveries.expiresAt', 'push indexes && firebase deploy'] as const),
  ],
  [withCloud({ ttls: ttl('CREATING') }), 'ttl.building', 'deliveries.expiresAt', 'Wait'],
  [withCloud({ ttls: ttl('NEEDS_REPAIR') }), 'ttl.broken', 'NEEDS_REPAIR', 'firebase deploy'],
  [withCloud({ ttls: SILENT }), 'ttl.unread', 'Time-to-live', 'Try again.'],
  [
    setWithout('APNS_KEY_ID'),
    ...(['apns.through-fcm', 'APNS_KEY_ID is not set', '/settings/cloudmessaging'] as const),
  ],
  [setWithout('APNS_TOPIC'), 'apns.no-topic', 'APNS_TOPIC', 'Set APNS_TOPIC'],
  [
    withCloud({ apnsSecret: ABSENT }),
    'apns.no-key',
    'no secret kit-push-APNS_KEY',
    'firebase functions:secrets:set kit-push-APNS_KEY --data-file AuthKey_ABC123DEFG.p8 --project acme',
  ],
  [
    withCloud({ apnsSecret: known(0) }),
    ...(['apns.no-version', 'no enabled version', 'functions:secrets:set'] as const),
  ],
  [
    withFunction('sendPush', { secrets: [] }),
    ...(['apns.not-deployed', 'kit-push-sendPush', 'firebase deploy'] as const),
  ],
  [withCloud({ apnsSecret: REFUSED }), 'apns.unread', 'kit-push-APNS_KEY', 'roles/a.viewer'],
  [
    setWithout('ENFORCE_APP_CHECK'),
    ...(['app-check.not-enforced', 'ENFORCE_APP_CHECK', 'ENFORCE_APP_CHECK=true'] as const),
  ],
  [
    withApi('firebaseappcheck.googleapis.com', known(false)),
    ...(['app-check.api-disabled', 'ENFORCE_APP_CHECK', 'services enable firebaseapp'] as const),
  ],
  [
    withApi('firebaseappcheck.googleapis.com', SILENT),
    'app-check.unread',
    'App Check',
    'Try again.',
  ],
  [
    ledger({ stuck: known(['a', 'b', 'c', 'd']) }),
    'deliveries.stuck',
    '4 in deliveries',
    'firebase functions:log --only kit-push-sweepDeliveries --project acme',
  ],
  [
    ledger({ failed: known(Array.from({ length: 100 }, (_, nth) => `e${nth}`)) }),
    ...(['deliveries.failed', '100 or more in deliveries failed', 'deliveries/e0'] as const),
  ],
  [ledger({ stuck: REFUSED, failed: REFUSED }), 'deliveries.unread', 'Deliveries', 'a.viewer'],
  [
    ledger({ overdue: known(['p1']) }),
    ...(['pushes.overdue', '1 in pushes overdue for over an hour: p1', 'kit-push-sweepP'] as const),
  ],
  [ledger({ overdue: SILENT }), 'pushes.unread', 'Pushes', 'Try again.'],
  [
    settings({ refused: ['LEDGER_DAYS: expected a whole number from 2 to 3650, got "1".'] }),
    ...(['settings.refused', 'LEDGER_DAYS', 'deploy again'] as const),
  ],
  [
    withSettings({ ...HEALTHY_SETTINGS, LEDGER_DAY: '9' }),
    ...(['settings.misspelt', 'LEDGER_DAYS is', 'Rename LEDGER_DAY to LEDGER_DAYS'] as const),
  ],
  [
    withSettings({ ...HEALTHY_SETTINGS, STRIPE_KEY: '9' }),
    ...(['settings.unused', 'STRIPE_KEY', 'Remove STRIPE_KEY'] as const),
  ],
  [
    installedAs({ others: besides(HEALTHY_INSTALLATION.names) }),
    ...([
      'settings.shared',
      'push and second both use deliveries',
      'Name other collections',
    ] as const),
  ],
  [
    withCloud({ queues: changed(HEALTHY_CLOUD.queues, 'pushTasks', ABSENT) }),
    ...(['queues.missing', 'kit-push-pushTasks in europe-west1', 'firebase deploy'] as const),
  ],
  [
    withCloud({ queues: changed(HEALTHY_CLOUD.queues, 'pushTasks', known({ state: 'PAUSED' })) }),
    'queues.stopped',
    'PAUSED',
    'gcloud tasks queues resume kit-push-pushTasks --location europe-west1 --project acme',
  ],
  [
    withCloud({ queues: changed(HEALTHY_CLOUD.queues, 'pushTasks', REFUSED) }),
    ...(['queues.unread', 'kit-push-pushTasks', 'roles/a.viewer'] as const),
  ],
  [
    withCloud({ schedules: changed(HEALTHY_CLOUD.schedules, 'sweepPushes', ABSENT) }),
    ...(['schedules.missing', 'kit-push-sweepPushes', 'firebase deploy'] as const),
  ],
  [
    withCloud({
      schedules: changed(
        HEALTHY_CLOUD.schedules,
        'sweepPushes',
        known({ state: 'PAUSED', lastCode: 0 }),
      ),
    }),
    'schedules.stopped',
    'PAUSED',
    'gcloud scheduler jobs resume firebase-schedule-kit-push-sweepPushes-europe-west1',
  ],
  [
    withCloud({
      schedules: changed(
        HEALTHY_CLOUD.schedules,
        'sweepPushes',
        known({ state: 'ENABLED', lastCode: 7 }),
      ),
    }),
    ...(['schedules.failing', 'code 7', 'functions:log --only kit-push-sweepPushes'] as const),
  ],
  [
    withCloud({ schedules: changed(HEALTHY_CLOUD.schedules, 'sweepPushes', SILENT) }),
    ...(['schedules.unread', 'kit-push-sweepPushes', 'Try again.'] as const),
  ],
  [HEALTHY, 'cost.budget', 'budget', 'console.cloud.google.com/billing'],
  [
    inEmulators({ functions: known(['kit-push-sendPush']) }),
    ...(['emulators.missing', 'kit-push-pushTasks', 'log of the emulators'] as const),
  ],
  [
    inEmulators({ functions: SILENT }),
    ...(['emulators.unread', 'no answer', 'emulators:start'] as const),
  ],
  [
    inEmulators({ simulator: { address: '127.0.0.1:9110', reading: SILENT } }),
    ...(['simulator.unreachable', 'FCM_EMULATOR_HOST', 'FCM_EMULATOR_HOST'] as const),
  ],
];
