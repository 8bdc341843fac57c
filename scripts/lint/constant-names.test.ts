/** Two installations in one project have nothing but this code in common: it may name no function, queue or collection by a constant. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as deployed from '../../kit/src/index.ts';
import * as lib from '../../kit/src/lib.ts';
import { DEFAULT_NAMES } from '../../kit/src/store/collections.ts';

const KIT = join(__dirname, '../../kit/src');
const FILES = globSync('**/*.ts', { cwd: KIT }).filter(
  (file) => !/\.test\.ts$|^testing\//.test(file),
);

/** The code of each file. Comments show what things are called by default. */
const CODE = FILES.map((file) => {
  const text = readFileSync(join(KIT, file), 'utf8');
  return [file, text.replace(/\/\*.*?\*\//gs, '').replace(/^\s*\/\/.*$/gm, '')] as const;
});

/** `file: match` for each text that a pattern finds. */
function found(pattern: RegExp): string[] {
  return CODE.flatMap(([file, code]) => [
    ...new Set([...code.matchAll(pattern)].map(([match]) => `${file}: ${match}`)),
  ]).sort();
}

it('names functions only where that is the name of an export', () => {
  const functions = Object.keys(deployed).filter((name) => !Object.hasOwn(lib, name));
  expect(functions).toContain('deliveryTasks');
  const callables = /^callables\//;
  const names = found(new RegExp(`(?<=['"\`/])(?:${functions.join('|')})(?=['"\`])`, 'g'));
  // A callable says its own name in the log; doctor gives each name the prefix of the installation.
  const others = names.filter((each) => !callables.test(each) && !/^cli\/doctor\//.test(each));
  expect(others).toEqual([
    // The hook of a deploy: the CLI adds the prefix.
    'index.ts: backfillDryRun',
    // What is looked for beside the function that enqueues: see model/function-id.ts.
    'push.ts: deliveryTasks',
    'push.ts: pushTasks',
  ]);
});

it('asks Firestore for no collection and no list of addresses by a constant', () => {
  const { tokensField, ...collections } = DEFAULT_NAMES;
  const named = Object.values(collections).join('|');
  expect(
    found(new RegExp(`\\b(?:collection|collectionGroup|doc)\\(['"\`](?:${named})\\b`, 'g')),
  ).toEqual([]);
  expect(found(new RegExp(`['"\`](?:${named})/`, 'g'))).toEqual([]);
  expect(
    found(new RegExp(`(?:get|where|select|FieldPath)\\(['"\`]${tokensField}['"\`]`, 'g')),
  ).toEqual([]);
});
