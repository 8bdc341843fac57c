/** What the deploy guide and the README quote from the Firebase CLI is what it says. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');
const CLI = join(ROOT, 'node_modules/firebase-tools/lib');
const SAID = globSync(['{deploy,gcp,functions,commands,firestore}/**/*.js'], { cwd: CLI })
  .map((file) => readFileSync(join(CLI, file), 'utf8'))
  .join('\n');

/** The sentences that stand in quotation marks, without what dots leave out. */
function quotesIn(guide: string): string[] {
  const text = readFileSync(join(ROOT, guide), 'utf8')
    .replace(/^```.*?^```/gms, '')
    .replace(/`[^`]*`/g, '')
    .replaceAll(/\s+/g, ' ');
  return [...text.matchAll(/"([^"]*)"/g)]
    .flatMap(([, quote = '']) => quote.split(/…|(?<=[.?]) /))
    .map((part) => part.trim())
    .filter((part) => part.split(' ').length > 3);
}

it.each(quotesIn('docs/deploy.md').map((quote) => [quote]))('the CLI says: %s', (quote) => {
  // The CLI's source is no answer that anybody wants to read.
  expect(SAID.includes(quote)).toBe(true);
});

it('there are quotes to look for', () => {
  expect(quotesIn('docs/deploy.md').length).toBeGreaterThan(4);
});
