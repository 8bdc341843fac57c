/**
 * Finds what a code means among all tables of this folder, or says honestly that it is not known; pure.
 */
import { own } from '../../model/own';
import { APNS_CODES } from './apns-codes';
import { connectionEntry } from './connection-codes';
import { quoted, type CodeEntry } from './entry';
import { FCM_CODES, GOOGLE_CODES, gonePassedOn, httpStatusEntry } from './fcm-codes';
import { noAccessToken, OWN_CODES } from './own-codes';

const TABLES: readonly Readonly<Record<string, CodeEntry>>[] = [
  OWN_CODES,
  FCM_CODES,
  GOOGLE_CODES,
  APNS_CODES,
];

/** What a code of an address means; undefined where no table has it. */
export function findCode(code: string): CodeEntry | undefined {
  const table = TABLES.find((each) => Object.hasOwn(each, code));
  if (table !== undefined) return own(table, code);
  return (
    noAccessToken(code) ?? httpStatusEntry(code) ?? connectionEntry(code) ?? gonePassedOn(code)
  );
}

/** What can be said of a code that no table has: as much as a number in it tells of HTTP. */
export function unknownCode(code: string): CodeEntry {
  const [, status = ''] = /(?<!\d)([45]\d\d)(?!\d)/.exec(code) ?? [];
  return {
    sentence: `The code "${quoted(code)}" is not known here${classOf(status)}.`,
    remedy:
      'Look it up in the documentation of FCM or APNs, and report it with the line of the log, so that it is explained here.',
    severity: 'problem',
  };
}

function classOf(status: string): string {
  if (status === '') return '';
  return status.startsWith('4')
    ? `; HTTP ${status} says that the request was refused`
    : `; HTTP ${status} says that the provider had an error`;
}
