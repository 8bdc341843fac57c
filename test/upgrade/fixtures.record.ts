/** Records every scene into the folder RECORD_INTO: what `npm run record-fixtures` runs. Fails where a field is in no scene. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from './fixture.ts';
import { record } from './recording.ts';
import { SCENES } from './scenes.ts';

it.each(SCENES)('$name: $scene', async (scene) => {
  const folder = process.env['RECORD_INTO'];
  if (folder === undefined)
    throw new Error('RECORD_INTO: expected a folder; use npm run record-fixtures.');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, `${scene.name}.json`), stringify(await record(scene)));
});
