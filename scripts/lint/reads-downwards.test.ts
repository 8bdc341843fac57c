/** A push's way from the trigger to the wire, as the README's map tells it, is read from file to file without going back up. */
import { globSync } from 'node:fs';
import { join, relative } from 'node:path';

import { importsAmong } from './circles.ts';

const KIT = join(__dirname, '../../kit/src');

/** Each calls the next. */
const WAY = [
  'triggers/notification.ts',
  'catalogue/compose.ts',
  'delivery/engine.ts',
  'delivery/round.ts',
  'delivery/step-sender.ts',
  'delivery/send.ts',
  'providers/provider.ts',
];

test('each file on a like’s way imports the next one, and none imports one that comes before it', () => {
  const files = globSync('**/*.ts', { cwd: KIT }).map((file) => join(KIT, file));
  const imports = importsAmong(files);
  const importsOf = (file: string) =>
    (imports.get(join(KIT, file)) ?? []).map((imported) => relative(KIT, imported));
  WAY.forEach((file, place) => {
    const met = importsOf(file).filter((imported) => WAY.includes(imported));
    const [next] = WAY.slice(place + 1);
    if (next !== undefined) expect([file, met]).toEqual([file, expect.arrayContaining([next])]);
    expect([file, met.filter((each) => WAY.indexOf(each) <= place)]).toEqual([file, []]);
  });
});
