/** The message that docs/digests.md offers for a digest reads well, whatever is known of the people. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { actorsOf, digestArgs } from '../../kit/src/decision/digest/texts.ts';
import { Localiser } from '../../kit/src/delivery/localise.ts';

const guide = readFileSync(join(__dirname, '../../docs/digests.md'), 'utf8');
const [, json = '{}'] = /^```json\n(.*?)^```/ms.exec(guide) ?? [];
const messages = JSON.parse(json) as Record<string, string>;
const [[key, message]] = Object.entries(messages) as [[string, string]];
const localiser = new Localiser({
  messages: { en: messages },
  defaultLocale: 'en',
  warn: ({ what }) => {
    throw new Error(what);
  },
});
/** What they did. */
const DONE = message.slice(message.lastIndexOf('}') + 1);

it.each([
  [['Ann'], 'Ann'],
  [['Ann', 'Bo'], 'Ann and Bo'],
  [['Ann', 'Bo', 'Cy'], 'Ann, Bo and 1 other'],
  [['Ann', 'Bo', '', '', 'Cy', 'Di', 'Flo'], 'Ann, Bo and 5 others'],
  [['', 'Ann'], 'Ann and 1 other'],
  [['', 'Ann', ''], 'Ann and 2 others'],
  [[''], 'Somebody'],
  [['', '', ''], '3 people'],
])('of people called %j it says: %s …', async (names, said) => {
  const items = names.map((name, nth) => {
    return { id: `${nth}`, actor: `uid${nth}`, ...(name === '' ? {} : { name }) };
  });
  const args = digestArgs(actorsOf(items));
  expect(await localiser.text({ key, args }, 'en')).toBe(said + DONE);
});
