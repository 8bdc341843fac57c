/** A field that an earlier release has written does not go unnoticed when it is renamed or removed. */
import { pathsOf, RETIRED } from './declared-fields.ts';
import { fixturesOf, parse, recordedReleases, stringify } from './fixture.ts';

describe.each(recordedReleases())('what %s has written', (release) => {
  const fixtures = fixturesOf(release);

  it('is known: a field or word that is not declared any more stands among RETIRED, with how it is still understood', () => {
    const unknown = [...fixtures.values()].flatMap((fixture) => [...pathsOf(fixture).unknown]);
    expect(unknown.filter((path) => !Object.hasOwn(RETIRED, path))).toEqual([]);
  });

  it('is read without loss', () => {
    for (const fixture of fixtures.values()) expect(parse(stringify(fixture))).toEqual(fixture);
  });
});

it('nothing stands among RETIRED that no release has written', () => {
  const releases = recordedReleases().flatMap((release) => [...fixturesOf(release).values()]);
  const written = new Set(releases.flatMap((fixture) => [...pathsOf(fixture).unknown]));
  expect(Object.keys(RETIRED).filter((path) => !written.has(path))).toEqual([]);
});
