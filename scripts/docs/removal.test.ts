/** What stays when the functions are deleted: docs/upgrade.md names all of it, for whoever deletes it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { apnsSecretName } from '../../kit/src/cli/doctor/checks/apns.ts';
import { FUNCTIONS } from '../../kit/src/cli/doctor/expected.ts';
import { DEFAULT_NAMES } from '../../kit/src/store/collections.ts';

const HEADING = '\n### What goes with the functions, and what stays\n';
const guide = readFileSync(join(__dirname, '../../docs/upgrade.md'), 'utf8');
const [, after = ''] = guide.split(HEADING);
const [section = ''] = after.split(/\n##/);
/** Words in backticks, also those within a path or a command. */
const named = [...section.matchAll(/`([^`]+)`/g)].flatMap(([, code = '']) => code.split(/[^\w-]+/));

it.each(Object.entries(DEFAULT_NAMES))('names the %s: `%s`', (_what, name) => {
  expect(named).toContain(name);
});

it.each(FUNCTIONS.filter(({ kind }) => kind === 'queue').map(({ name }) => name))(
  'names the queue `%s`, which the CLI disables and does not delete',
  (name) => {
    expect(named).toContain(name);
  },
);

it.each([
  ['a codebase', apnsSecretName({ kind: 'codebase', id: 'push' })],
  ['a kit', apnsSecretName({ kind: 'kit', id: 'push' })],
])('names the secret with the APNs key of %s: `%s`', (_what, name) => {
  expect(named).toContain(name);
});
