/**
 * What is said of deliveries: structured lines whose `event` and field names other programs rely on. docs/signals.md lists them.
 *
 * Within one version of the schema fields are only added. Addresses appear as fingerprints.
 */
import { AsyncResource } from 'node:async_hooks';
import { createHash } from 'node:crypto';
import * as logger from 'firebase-functions/logger';
import type { NotifyDeps } from './catalogue/compose';
import type { EngineLog } from './delivery/deps';
import { rootOf } from './delivery/entry-ids';
import { messageOf, redact, stackOf } from './model/redact';
import { signal, type SignalEvent } from './model/signals';
import type { Gauges } from './outbox/gauges';

/** What a sweep of deliveries found. */
export interface Swept extends Gauges {
  /** Entries without a worker, which it has resumed. */
  readonly overdue: number;
  /** For how long the longest of them had none, ms. */
  readonly overdueMs: number;
}

export interface DeliveryLog {
  readonly engine: EngineLog;
  readonly notify: NotifyDeps['log'];
  gauges(swept: Swept): void;
  /** The backlog could not be counted. */
  gaugesUnread(error: unknown): void;
}

/**
 * Writes outside of any request: inside of one the SDK puts the request's trace in place of the delivery's, and a delivery has many
 * requests (firebase-functions, src/logger/index.ts).
 */
const write = AsyncResource.bind((entry: logger.LogEntry) => {
  logger.write(entry);
});

/** What the process holds now: against `MEMORY_MIB` it shows how near an instance is to its end. */
function memoryMiB(): number {
  return Math.round(process.memoryUsage.rss() / 2 ** 20);
}

/**
 * The trace of a delivery: the same for the event, its tasks, shards and retries, so that one filter shows them all.
 *
 * @see https://cloud.google.com/logging/docs/agent/logging/configuration#special-fields
 */
function traceOf(projectId: string, delivery: string): string {
  const hash = createHash('sha256').update(rootOf(delivery)).digest('hex');
  return `projects/${projectId}/traces/${hash.slice(0, 32)}`;
}

/** @param projectId of the Google Cloud project whose logs these are. */
export function deliveryLog(projectId: string): DeliveryLog {
  const say = (
    severity: logger.LogSeverity,
    message: string,
    event: SignalEvent | undefined,
    delivery: string,
    { document, ...fields }: Readonly<Record<string, unknown>>,
  ): void => {
    write({
      severity,
      message,
      ...(event === undefined ? {} : signal(event)),
      delivery,
      // An app may keep a device in a document that is named by its address.
      ...(typeof document === 'string' ? { document: redact(document) } : {}),
      ...fields,
      'logging.googleapis.com/trace': traceOf(projectId, delivery),
    });
  };
  return {
    engine: {
      finished({ id, isShard, state, counts, ...summary }) {
        const isFailed = state === 'failed';
        say(
          isFailed ? 'ERROR' : 'INFO',
          isFailed ? 'delivery failed' : 'delivery finished',
          isShard ? 'shard' : 'delivery',
          id,
          { state, ...summary, ...counts, memoryMiB: memoryMiB() },
        );
      },
      retryScheduled({ id, type }, addresses, at, code) {
        const fields = { type, addresses, at: new Date(at).toISOString(), code };
        say('WARNING', 'retry scheduled', 'retry', id, fields);
      },
      pruned({ id, type }, addresses, kept) {
        say('INFO', 'dead addresses pruned', 'pruned', id, { type, addresses, kept });
      },
      breakerTripped({ id, type }, dead, sent) {
        const message = 'breaker: too many addresses reported dead at once, none pruned';
        const hint =
          'Check that the project id and the credential belong to the apps that these addresses come from.';
        say('ERROR', message, 'breaker', id, { type, dead, sent, hint });
      },
      pruneFailed({ id, type }, error) {
        const message = 'prune failed; the next push will find the address dead again';
        say('ERROR', message, 'prune_failed', id, { type, error: messageOf(error) });
      },
      rejected({ id, type }, { code, detail }) {
        const message = 'provider rejected the push, or an address it may be wrong about';
        say('WARNING', message, 'rejected', id, { type, code, detail });
      },
      configurationRefused({ id, type }, outcome) {
        const { code } = outcome;
        const detail = 'detail' in outcome ? { detail: outcome.detail } : {};
        const message = 'provider refused our credential or configuration';
        say('ERROR', message, 'refused', id, { type, code, ...detail });
      },
      held(delivery, until) {
        const message = 'delivery is held by another worker, which finishes it';
        const fields = until === undefined ? {} : { until: new Date(until).toISOString() };
        say('DEBUG', message, undefined, delivery, fields);
      },
      recordedPlainly({ id, type }, error) {
        const message = 'only the counts of a delivery could be recorded';
        say('ERROR', message, 'not_recorded', id, { type, error: messageOf(error) });
      },
      notLookedUpAgain(delivery, error) {
        const message = 'recipients could not be read again; they wait for the next round';
        say('WARNING', message, undefined, delivery, { error: messageOf(error) });
      },
      stepNotRecorded({ id, type }, error) {
        const message = 'a step of a delivery could not be recorded; its round ends there';
        say('WARNING', message, 'not_recorded', id, { type, error: messageOf(error) });
      },
      notEnqueued({ id, type }, error) {
        const message = 'a task could not be enqueued; the sweep finds what is left to do';
        say('ERROR', message, 'not_enqueued', id, { type, error: messageOf(error) });
      },
      limitsUnread({ id, type }, error) {
        const message = 'limits could not be read, so that none is applied';
        const hint =
          'If they lack an index: npx @firestore-push/push indexes, and firebase deploy --only firestore:indexes';
        say('ERROR', message, undefined, id, { type, error: messageOf(error), hint });
      },
      waitsForBudget({ id, type }, at) {
        const message = 'delivery waits: whoever caused it has used up what they may send';
        say('INFO', message, undefined, id, { type, at: new Date(at).toISOString() });
      },
      leaseKept(delivery, error) {
        const message = 'lease could not be released; the delivery is resumed when it ends';
        say('WARNING', message, undefined, delivery, { error: messageOf(error) });
      },
    },
    notify: {
      /** It can never become a push, or was tried for too long: recorded and not retried. */
      unusableEvent({ id, type, document }, { error: reason, errorCode }) {
        const message = 'event cannot be turned into a push';
        say('ERROR', message, 'event_unusable', id, { type, document, errorCode, reason });
      },
      composeFailed({ id, type, document }, error) {
        const message = 'compose failed; the event will be retried';
        say('WARNING', message, 'compose_failed', id, { type, document, error: stackOf(error) });
      },
      nothingToTell({ id, type, document }, why) {
        say('DEBUG', 'nobody to notify', 'nobody', id, { type, document, why });
      },
      pictureLeftOut({ id, type, document }, reason) {
        const message = 'push sent without its image';
        say('WARNING', message, undefined, id, { type, document, reason });
      },
      notNoted({ id, type, document }, error) {
        const message = 'it could not be noted why there is no push';
        say('ERROR', message, 'not_recorded', id, { type, document, error: messageOf(error) });
      },
    },
    gaugesUnread(error) {
      logger.error('the backlog could not be counted', {
        error: messageOf(error),
        hint: 'If it lacks an index: npx @firestore-push/push indexes, and firebase deploy --only firestore:indexes',
      });
    },
    gauges({ overdue, ...gauges }) {
      if (overdue > 0) logger.warn('abandoned deliveries resumed', { resumed: overdue });
      logger.info('deliveries under way', {
        ...signal('gauges'),
        overdue,
        ...gauges,
      });
    },
  };
}
