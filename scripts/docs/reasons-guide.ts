/** The guide to reasons and codes, whose tables are written from those of the command line. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type * as ApnsCodes from '../../kit/src/cli/reasons/apns-codes.ts';
import type * as Codes from '../../kit/src/cli/reasons/codes.ts';
import type * as ConnectionCodes from '../../kit/src/cli/reasons/connection-codes.ts';
import type * as Deliveries from '../../kit/src/cli/reasons/deliveries.ts';
import type * as Entry from '../../kit/src/cli/reasons/entry.ts';
import type * as FcmCodes from '../../kit/src/cli/reasons/fcm-codes.ts';
import type * as OwnCodes from '../../kit/src/cli/reasons/own-codes.ts';
import type * as Persons from '../../kit/src/cli/reasons/persons.ts';
import type * as Pushes from '../../kit/src/cli/reasons/pushes.ts';
import type * as Reasons from '../../kit/src/cli/reasons/reason.ts';
import { tableOf, withTable } from './field-table.ts';

/** Below the repository's root. */
export const GUIDE = 'docs/reasons.md';

/** The modules of `kit/src/cli/reasons`, by their files' names: built for `npm run docs`, which cannot load their sources. */
export interface ReasonModules {
  readonly 'apns-codes': typeof ApnsCodes;
  readonly codes: typeof Codes;
  readonly 'connection-codes': typeof ConnectionCodes;
  readonly deliveries: typeof Deliveries;
  readonly entry: typeof Entry;
  readonly 'fcm-codes': typeof FcmCodes;
  readonly 'own-codes': typeof OwnCodes;
  readonly persons: typeof Persons;
  readonly pushes: typeof Pushes;
  readonly reason: typeof Reasons;
}

export type Load = <Name extends keyof ReasonModules>(name: Name) => ReasonModules[Name];

/** A code as the guide shows it, and what it means. */
export type Row = readonly [code: string, reason: Entry.Reason];

/** Details that change what a code means, with FCM's code before them. */
const DETAILS: readonly (readonly [code: string, detail: string])[] = [
  ['INVALID_ARGUMENT', 'message.data[0].value'],
  ['INVALID_ARGUMENT', 'the address alone was not refused'],
  ['INVALID_ARGUMENT', 'most addresses got this answer: …'],
  ['THIRD_PARTY_AUTH_ERROR', 'InvalidProviderToken'],
  ['THIRD_PARTY_AUTH_ERROR', 'BadEnvironmentKeyInToken'],
];

/** Codes of which a part differs from case to case: how they are shown, and an instance, of which that part is left out. */
const FAMILIES: Readonly<
  Record<'fcm' | 'own' | 'connection', readonly (readonly [string, string, string])[]>
> = {
  fcm: [
    ['APNS_…', 'APNS_Gone', 'Gone'],
    ['HTTP_…', 'HTTP_599', '599'],
    ['HTTP_…_UNREADABLE', 'HTTP_599_UNREADABLE', '599'],
  ],
  own: [['NO_ACCESS_TOKEN: …', 'NO_ACCESS_TOKEN', '']],
  connection: [
    ['ENOTFOUND, EAI_AGAIN, …', 'ENOTFOUND', ' (ENOTFOUND)'],
    ['ECONNREFUSED, ECONNRESET, …', 'ECONNREFUSED', ' (ECONNREFUSED)'],
    ['CERT_HAS_EXPIRED, ERR_TLS_CERT_…, …', 'CERT_HAS_EXPIRED', ' (CERT_HAS_EXPIRED)'],
    ['ERR_…', 'ERR_HTTP2_ERROR', ' (ERR_HTTP2_ERROR)'],
  ],
};

/** Every reason and code, by the names of the tables in the guide. */
export function reasonTables(load: Load): Readonly<Record<string, readonly Row[]>> {
  const { findCode, unknownCode } = load('codes');
  const { inGeneral } = load('entry');
  const { FCM_CODES, GOOGLE_CODES } = load('fcm-codes');
  const { HTTP2_CODES, CONNECTION_PATTERNS } = load('connection-codes');
  const { PERSON_REASONS, KEPT_REASONS } = load('persons');
  const { answerReason } = load('reason');
  const general = (table: Readonly<Record<string, Entry.CodeEntry>>): Row[] =>
    Object.entries(table).map(([code, entry]) => [code, inGeneral(entry)]);
  const families = (name: keyof typeof FAMILIES): Row[] =>
    FAMILIES[name].map(([shown, code, part]) => {
      const reason = inGeneral(findCode(code) ?? unknownCode(code));
      const place = part.startsWith(' ') ? '' : '…';
      const sentence = part === '' ? reason.sentence : reason.sentence.replaceAll(part, place);
      return [shown, { ...reason, sentence }];
    });
  return {
    'reasons of people': [
      ...Object.entries(PERSON_REASONS),
      ...Object.entries(KEPT_REASONS).map(([why, reason]) => [`kept:${why}`, reason] as const),
    ],
    'codes of the functions': [...general(load('own-codes').OWN_CODES), ...families('own')],
    'codes of FCM': [
      ...general(FCM_CODES),
      ...DETAILS.map(
        ([code, detail]) =>
          [`${code} (${detail})`, answerReason({ outcome: 'rejected', code, detail })] as const,
      ),
      ...general(GOOGLE_CODES),
      ...families('fcm'),
    ],
    'codes of APNs': general(load('apns-codes').APNS_CODES),
    'codes of connections': [
      ...general(HTTP2_CODES),
      ...CONNECTION_PATTERNS.map(([code, , entry]) => [code, inGeneral(entry)] as const),
      ...families('connection'),
    ],
    'codes of deliveries': Object.entries(load('deliveries').DELIVERY_REASONS),
    'states of pushes': Object.entries(load('pushes').PUSH_REASONS),
  };
}

/** The guide as it should be: with the tables that follow from the code. */
export function writtenGuide(root: string, load: Load): string {
  return Object.entries(reasonTables(load)).reduce(
    (guide, [name, rows]) => withTable(guide, name, rowsOf(rows)),
    readFileSync(join(root, GUIDE), 'utf8'),
  );
}

function rowsOf(rows: readonly Row[]): string {
  return tableOf([
    ['code', 'what it means', 'what to do'],
    ...rows.map(([code, { sentence, remedy }]) => [
      code
        .split(', ')
        .map((each) => (each === '…' ? each : `\`${each}\``))
        .join(', '),
      inMarkdown(sentence),
      remedy === undefined ? '' : inMarkdown(remedy),
    ]),
  ]);
}

/** Commands and settings as code, and guides, which are in one folder, as links. */
function inMarkdown(text: string): string {
  return text
    .replaceAll(/npx @firestore-push\/push(?: \w+)?/g, '`$&`')
    .replaceAll(/\b[A-Z]+(?:_[A-Z]+)+\b/g, '`$&`')
    .replaceAll(/docs\/([\w-]+\.md)/g, '[$1]($1)');
}
