/** The scenes can be played by the present code, and show everything that it keeps: a release that is recorded is recorded whole. */
import { declaredPaths, IN_NO_SCENE, pathsOf } from './declared-fields.ts';
import { record } from './recording.ts';
import { SCENES } from './scenes.ts';

const seen = { declared: new Set<string>(), unknown: new Set<string>() };

it.each(SCENES)('$name is as its author says: $scene', async (scene) => {
  const { declared, unknown } = pathsOf(await record(scene));
  for (const path of declared) seen.declared.add(path);
  for (const path of unknown) seen.unknown.add(path);
});

it('each field that is declared stands in a scene, or among IN_NO_SCENE with why it need not', () => {
  const missing = declaredPaths().filter((path) => !seen.declared.has(path));
  expect(missing).toEqual(Object.keys(IN_NO_SCENE));
});

it('each field that stands in a scene is declared', () => {
  expect([...seen.unknown]).toEqual([]);
});
