/** What the guides to deploying and to removing quote from the Firebase CLI is what it says. */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(__dirname, '../..');
const CLI = join(ROOT, 'node_modules/firebase-tools/lib');
/** Lines of its source, in which a sentence that is put together from literals is whole. */
const SAID = globSync(['{deploy,gcp,functions,commands,firestore}/**/*.js'], { cwd: CLI }).flatMap(
  (file) =>
    readFileSync(join(CLI, file), 'utf8')
      .replace(/" \+\s+"|";\s+(?:if \(.*\) \{\s+)?msg \+= `/g, '')
      .split('\n'),
);

/** What stands in quotation marks, headings and code aside; each as its parts, which dots part. */
function quotesIn(guide: string): string[][] {
  const text = readFileSync(join(ROOT, guide), 'utf8')
    .replace(/^```.*?^```/gms, '')
    .replace(/`[^`]*`/g, '')
    .replaceAll(/\s+/g, ' ');
  return [...text.matchAll(/"([^"]+)"/g)]
    .map(([, quote = '']) => quote)
    .filter((quote) => quote.includes(' '))
    .map((quote) => quote.split(' …').map((part) => part.trim()));
}

/** Whether a line has these parts one after the other. */
function has(line: string, parts: readonly string[]): boolean {
  let end = 0;
  return parts.every((part) => {
    const place = line.indexOf(part, end);
    end = place + part.length;
    return place >= 0;
  });
}

describe.each([
  ['docs/deploy.md', 5],
  ['docs/upgrade.md', 1],
])('%s', (guide, count) => {
  const quotes = quotesIn(guide);

  it(`has its quotations: ${count}`, () => {
    expect(quotes).toHaveLength(count);
  });

  it.each(quotes.map((parts) => [parts.join(' … '), parts] as const))(
    'quotes what the CLI says: %s',
    (_quote, parts) => {
      // The CLI's source is no answer that anybody wants to read.
      expect(SAID.some((line) => has(line, parts))).toBe(true);
    },
  );
});
