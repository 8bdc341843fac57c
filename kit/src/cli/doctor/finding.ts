/**
 * What this command can say: every kind of finding has a name and a level, so that scripts can tell them apart, and a test that each
 * is said by something.
 */
import { enableApi, word } from './commands';
import type { Unread } from './reading';

/** `unknown`: could not be looked at; `note`: works, and is worth knowing; only a `problem` makes the command fail. */
export type Level = 'ok' | 'note' | 'problem' | 'unknown';

export const LEVELS = {
  'project.found': 'ok',
  'project.absent': 'problem',
  'project.inactive': 'problem',
  'project.unread': 'unknown',
  'functions.deployed': 'ok',
  'functions.missing': 'problem',
  'functions.inactive': 'problem',
  'functions.scattered': 'problem',
  'functions.region': 'problem',
  'functions.no-retry': 'problem',
  'functions.runtime': 'problem',
  'functions.other-copy': 'note',
  'functions.partial': 'unknown',
  'functions.unread': 'unknown',
  'version.installed': 'ok',
  'version.not-locked': 'note',
  'version.not-installed': 'note',
  'version.deployed-before': 'note',
  'version.other-deployed': 'note',
  'version.unknown': 'unknown',
  'roles.account': 'ok',
  'roles.account-absent': 'problem',
  'roles.account-disabled': 'problem',
  'roles.account-unread': 'unknown',
  'roles.granted': 'ok',
  'roles.missing': 'problem',
  'roles.conditional': 'unknown',
  'roles.custom': 'unknown',
  'roles.unread': 'unknown',
  'apis.enabled': 'ok',
  'apis.disabled': 'problem',
  'apis.unread': 'unknown',
  'firestore.database': 'ok',
  'firestore.absent': 'problem',
  'firestore.mode': 'problem',
  'firestore.region': 'note',
  'firestore.unread': 'unknown',
  'indexes.ready': 'ok',
  'indexes.missing': 'problem',
  'indexes.building': 'note',
  'indexes.broken': 'problem',
  'indexes.unread': 'unknown',
  'ttl.active': 'ok',
  'ttl.missing': 'problem',
  'ttl.building': 'note',
  'ttl.broken': 'problem',
  'ttl.unread': 'unknown',
  'apns.through-fcm': 'note',
  'apns.key': 'ok',
  'apns.no-key': 'problem',
  'apns.no-version': 'problem',
  'apns.no-topic': 'note',
  'apns.not-deployed': 'problem',
  'apns.unread': 'unknown',
  'app-check.enforced': 'ok',
  'app-check.not-enforced': 'note',
  'app-check.api-disabled': 'problem',
  'app-check.unread': 'unknown',
  'deliveries.moving': 'ok',
  'deliveries.stuck': 'problem',
  'deliveries.failed': 'note',
  'deliveries.unread': 'unknown',
  'pushes.moving': 'ok',
  'pushes.overdue': 'problem',
  'pushes.unread': 'unknown',
  'settings.fine': 'ok',
  'settings.refused': 'problem',
  'settings.misspelt': 'problem',
  'settings.unused': 'note',
  'settings.shared': 'problem',
  'queues.running': 'ok',
  'queues.missing': 'problem',
  'queues.stopped': 'problem',
  'queues.unread': 'unknown',
  'schedules.enabled': 'ok',
  'schedules.missing': 'problem',
  'schedules.stopped': 'problem',
  'schedules.failing': 'problem',
  'schedules.unread': 'unknown',
  'cost.budget': 'note',
  'emulators.functions': 'ok',
  'emulators.missing': 'problem',
  'emulators.unread': 'unknown',
  'simulator.reachable': 'ok',
  'simulator.unreachable': 'problem',
} as const satisfies Readonly<Record<string, Level>>;

export type FindingName = keyof typeof LEVELS;

export interface Finding {
  readonly check: FindingName;
  readonly level: Level;
  readonly text: string;
  /** A command, or what to do where no command does it. */
  readonly fix?: string;
}

export function found(check: FindingName, text: string, fix?: string): Finding {
  return { check, level: LEVELS[check], text, ...(fix === undefined ? {} : { fix }) };
}

/** Names that a person can write after a finding's text: `a, b and c`. */
export function listed(names: readonly string[]): string {
  return names.length < 2
    ? names.join('')
    : `${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''}`;
}

/** Something could not be looked at, and what the operator needs for it. */
export function unread(
  check: FindingName,
  what: string,
  reading: Unread,
  projectId: string,
): Finding {
  switch (reading.kind) {
    case 'refused': {
      const { permission, role } = reading.need;
      return found(
        check,
        `${what}: not looked at, because your account lacks the permission ${permission} (it is in ${role}).`,
        `gcloud projects add-iam-policy-binding ${word(projectId)} --member user:YOUR_ACCOUNT --role ${role} --condition None`,
      );
    }
    case 'disabled':
      return found(
        check,
        `${what}: not looked at, because the API ${reading.api} is not enabled.`,
        enableApi(projectId, reading.api),
      );
    case 'signed-out':
      return found(
        check,
        `${what}: not looked at, because your credentials were not accepted: they may have expired.`,
        'gcloud auth application-default login',
      );
    case 'unreachable':
      return found(check, `${what}: not looked at (${reading.why}).`, 'Try again.');
  }
}
