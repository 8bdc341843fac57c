/** The message that docs/digests.md offers for a digest reads well, whatever is known of the people. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { actorsOf, digestArgs } from '../../kit/src/decision/digest/texts.ts';
import { Localiser } from '../../kit/src/delivery/localise.ts';

const guide = readFileSync(join(__dirname, '../../docs/digests.md'), 'utf8');
const [, json = '{}'] = /^```json\n(.*?)^```/ms.exec(guide) ?? [];
const localiser = new Localiser({
  messages: { en: JSON.parse(json) as Record<string, string> },
  defaultLocale: 'en',
  warn: ({ what }) => {
    throw new Error(what);
  },
});

it.each([
  [['Ann'], 'Ann liked your post'],
  [['Ann', 'Bo'], 'Ann and Bo liked your post'],
  [['Ann', 'Bo', 'Cy'], 'Ann, Bo and 1 other liked your post'],
  [['Ann', 'Bo', '', '', 'Cy', 'Di', 'Flo'], 'Ann, Bo and 5 others liked your post'],
  [['', 'Ann'], 'Ann and 1 other liked your post'],
  [['', 'Ann', ''], 'Ann and 2 others liked your post'],
  [[''], 'Somebody liked your post'],
  [['', '', ''], '3 people liked your post'],
])('of people called %j it says: %s', async (names, said) => {
  const items = names.map((name, nth) => {
    return { id: `${nth}`, actor: `uid${nth}`, ...(name === '' ? {} : { name }) };
  });
  const args = digestArgs(actorsOf(items));
  expect(await localiser.text({ key: 'like.digest', args }, 'en')).toBe(said);
});
