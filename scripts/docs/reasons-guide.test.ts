/** The guide to reasons and codes says what the command line says. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as apnsCodes from '../../kit/src/cli/reasons/apns-codes.ts';
import * as codes from '../../kit/src/cli/reasons/codes.ts';
import * as connectionCodes from '../../kit/src/cli/reasons/connection-codes.ts';
import * as deliveries from '../../kit/src/cli/reasons/deliveries.ts';
import * as entry from '../../kit/src/cli/reasons/entry.ts';
import * as fcmCodes from '../../kit/src/cli/reasons/fcm-codes.ts';
import * as ownCodes from '../../kit/src/cli/reasons/own-codes.ts';
import * as persons from '../../kit/src/cli/reasons/persons.ts';
import * as pushes from '../../kit/src/cli/reasons/pushes.ts';
import * as reason from '../../kit/src/cli/reasons/reason.ts';
import { ERROR_CODES } from '../../kit/src/delivery/error-code.ts';
import { APNS_REASONS } from '../../kit/src/providers/apns/reasons.ts';
import {
  GUIDE,
  reasonTables,
  writtenGuide,
  type Load,
  type ReasonModules,
} from './reasons-guide.ts';

const ROOT = join(__dirname, '../..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const modules: ReasonModules = {
  'apns-codes': apnsCodes,
  codes,
  'connection-codes': connectionCodes,
  deliveries,
  entry,
  'fcm-codes': fcmCodes,
  'own-codes': ownCodes,
  persons,
  pushes,
  reason,
};
const load: Load = (name) => modules[name];

it('the guide to reasons has every reason and code as the code says it; if not, run `npm run docs`', () => {
  expect({ [`${GUIDE}, after npm run docs`]: read(GUIDE) }).toEqual({
    [`${GUIDE}, after npm run docs`]: writtenGuide(ROOT, load),
  });
});

it('lists each code once in its table, and none by the words for what is unknown', () => {
  for (const [name, rows] of Object.entries(reasonTables(load))) {
    const listed = rows.map(([code]) => code);
    expect({ name, listed: [...new Set(listed)] }).toEqual({ name, listed });
    expect(rows.filter(([, { sentence }]) => /not known here/.test(sentence))).toEqual([]);
  }
});

it.each([...ERROR_CODES, ...Object.keys(APNS_REASONS), 'UNREGISTERED', 'UNSENT', 'REFUSED_STREAM'])(
  'lists %s',
  (code) => {
    expect(read(GUIDE)).toContain(`| \`${code}\` `);
  },
);

it('is linked from the README', () => {
  expect(read('README.md')).toContain(`](${GUIDE})`);
});
