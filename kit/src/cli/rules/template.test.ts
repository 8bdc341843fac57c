/** The printed rules and this repository's own cannot drift apart. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_NAMES } from '../names';
import { rulesBlock } from './template';

const REPOSITORY = readFileSync(join(__dirname, '../../../../firestore.rules'), 'utf8');

/** What the sample has within the kit's sections, and what a team begins with in its place. */
const PROFILE =
  /(function profileFields\(\) \{\n)[^}]*(\n {6}\}\n\n).*?( {6}function isProfile\(set, after\) \{\n)[^}]*(\n {6}\}\n)/s;
const WEB_URL = /\n {4}\/\/ Against `data:`[^\n]*\n {4}function isWebUrl.*?\n {4}\}\n/s;

function kitsPart(): string {
  const [, part = ''] =
    /(\n {4}\/\/ ---- Words used by every section.*?)\n {4}\/\/ ==== The app's own/s.exec(
      REPOSITORY,
    ) ?? [];
  return part;
}

/** Without what is the sample's: its fields, and the word that only they use. */
function withoutSample(rules: string): string {
  return rules.replace(PROFILE, '$1…$2$3…$4').replace(WEB_URL, '');
}

it("prints the kit's part of firestore.rules: edit kit/src/cli/rules/template.ts too", () => {
  expect(kitsPart()).toMatch(PROFILE);
  const printed = rulesBlock(DEFAULT_NAMES);
  expect(printed).toMatch(PROFILE);
  expect(printed.slice(printed.indexOf('\n    // ---- '))).toContain('function isProfile');
  expect(withoutSample(printed.slice(printed.indexOf('\n    // ---- ')))).toBe(
    withoutSample(kitsPart()),
  );
});

it('has the names of an installation, and no others', () => {
  const printed = rulesBlock({
    ...{ users: 'apps/shop/people', devices: 'pushDevices', deliveries: 'push-deliveries' },
    ...{ pushes: 'outbox', tokensField: 'fcmTokens', database: 'shop' },
  });
  expect(printed).toContain('match /apps/shop/people/{uid} {');
  expect(printed).toContain('match /outbox/{pushId} {');
  expect(printed).toContain(
    "tokensMayBecome(after.fcmTokens, listOrEmpty(before.get('fcmTokens', [])))",
  );
  expect(printed).toMatch(/no rule: pushDevices and push-deliveries /);
  expect(printed).not.toMatch(/\busers\/|\bpushes\/|'tokens'|\bdevices\b,|shop'/);
});
