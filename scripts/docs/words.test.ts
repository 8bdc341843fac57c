/** Words that were replaced by the field's terms do not come back, neither in code nor in what people read. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');

/** What is written instead of each. */
const INSTEAD: readonly (readonly [old: RegExp, better: string])[] = [
  [/\bcoverageOf\b/, 'planCoverage, openCoverage'],
  [/\b(settleTokens|SettleTokens)\b/, 'reconcile'],
  [/\bcallerOf\b/, 'admitCaller'],
  [/\bisVoid\b/, 'isStale'],
  [/\bwordsOf\b/, 'messageOf'],
  [/\bLostHoldError\b/, 'LeaseLostError'],
  [/\bHeldByAnotherError\b/, 'LeaseHeldError'],
  [/\bClearing\b/, 'AddressRemoval'],
  [/\bCircumstances\b/, 'PlanInput'],
  [/\bPASSING\b/, 'TRANSIENT'],
  [/right phones/, 'the right devices are notified'],
  [/did she not get/, "Why didn't a user get a push?"],
  [/\b(bytes|ids|tokens) that are none\b|\bids are none\b/, '… that are not valid'],
  [/some of them others/, 'not all A–Z or 0–9'],
  [/Mend the|looked at again/, 'Fix …, it is reprocessed'],
  [/what is sent is sent/, 'already sent'],
  [/Nothing answers/, 'No route for GET /x'],
  [
    /\b(people|person|recipients?|users?|owner|nobody|who|everybody) (is|are|was|were) told\b/,
    'notified',
  ],
  [/\b(by|real) chance\b|\bchance\b.*\brandom\b/, 'random'],
];

const FILES = globSync(
  [
    '*.md',
    'docs/**/*.md',
    '{kit,functions,simulator,monitoring}/*.md',
    '{kit,functions,simulator,scripts}/{src/,}**/*.{ts,mts}',
    'examples/**/*.{js,ts,tsx}',
    'functions/.env',
    'firestore.rules',
  ],
  { cwd: ROOT, exclude: ['**/node_modules/**', '**/lib/**', '**/*.test.ts'] },
);

test.each(INSTEAD)('nothing says %s, but %s', (old) => {
  expect(FILES.length).toBeGreaterThan(200);
  const found = FILES.flatMap((file) =>
    readFileSync(join(ROOT, file), 'utf8')
      .split('\n')
      .flatMap((line, index) => (old.test(line) ? [`${file}:${index + 1}: ${line.trim()}`] : [])),
  );
  expect(found).toEqual([]);
});
