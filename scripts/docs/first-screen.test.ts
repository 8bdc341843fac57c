/** What a reader of the README sees before they scroll. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const README = readFileSync(join(__dirname, '../../README.md'), 'utf8');
const [opening = ''] = README.split('\n## ');

it.each([
  'npm ci && npm run demo',
  'firebase functions:kits:install --package @firestore-push/push',
  '](docs/adopt.md)',
])('has both ways to begin: %s', (words) => {
  expect(opening.split('\n').length).toBeLessThan(40);
  expect(opening).toContain(words);
});
