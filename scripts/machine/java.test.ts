import { chooseJava, explainMissingJava, findJava, parseJavaMajor } from './java.ts';
import type { Java } from './java.ts';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const java = (source: Java['source'], major: number): Java => ({
  source,
  major,
  binary: `/${source}/${major}/bin/java`,
});

describe('reading what `java -version` prints', () => {
  test.each([
    ['openjdk version "21.0.2" 2024-01-16', 21],
    ['openjdk version "25" 2025-09-16 LTS', 25],
    ['openjdk version "22-ea" 2024-03-19', 22],
    ['java version "1.8.0_292"', 8],
    ['openjdk version "17.0.15" 2025-04-15\nOpenJDK Runtime Environment (build 17.0.15+6)', 17],
  ])('takes the major version out of %j', (output, major) => {
    expect(parseJavaMajor(output)).toBe(major);
  });

  test('finds no version in what is none', () => {
    expect(parseJavaMajor('Unable to locate a Java Runtime.')).toBeUndefined();
  });
});

describe('choosing a Java', () => {
  test("prefers JAVA_HOME's over a newer one elsewhere", () => {
    const found = [java('JAVA_HOME', 21), java('PATH', 24), java('system', 25)];
    expect(chooseJava(found)?.source).toBe('JAVA_HOME');
  });

  test('passes over a JAVA_HOME and a PATH that are too old, and takes the newest of the system', () => {
    const found = [
      java('JAVA_HOME', 8),
      java('PATH', 17),
      java('system', 21),
      java('system', 25),
      java('system', 17),
    ];
    expect(chooseJava(found)).toEqual(java('system', 25));
  });

  test('chooses none when all are too old', () => {
    expect(chooseJava([java('PATH', 17), java('system', 20)])).toBeUndefined();
  });
});

describe('when there is none', () => {
  test('says what was found and what to install on Linux', () => {
    const text = explainMissingJava([java('PATH', 17)], 'linux');
    expect(text).toContain('Java 17 (/PATH/17/bin/java)');
    expect(text).toContain('apt-get install openjdk-21-jre-headless');
  });

  test('says what to install on macOS', () => {
    expect(explainMissingJava([], 'darwin')).toContain('brew install --cask temurin@21');
  });
});

describe('looking for it on this machine', () => {
  let home: string;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'java-home-'));
    await mkdir(join(home, 'bin'));
  });
  afterEach(() => rm(home, { recursive: true }));

  test('asks the binary in JAVA_HOME for its version, and reads it from standard error', async () => {
    const binary = join(home, 'bin', 'java');
    await writeFile(binary, '#!/bin/sh\necho \'openjdk version "23.0.1"\' >&2\n');
    await chmod(binary, 0o755);
    expect(await findJava({ JAVA_HOME: home, PATH: '' })).toEqual({
      source: 'JAVA_HOME',
      binary,
      major: 23,
    });
  });

  test('looks past a PATH entry that is a file and a binary that fails', async () => {
    const broken = join(home, 'bin', 'java');
    await writeFile(broken, '#!/bin/sh\nexit 1\n');
    await chmod(broken, 0o755);
    const good = join(home, 'good');
    await mkdir(good);
    await writeFile(join(good, 'java'), '#!/bin/sh\necho \'openjdk version "21"\' >&2\n');
    await chmod(join(good, 'java'), 0o755);
    const found = await findJava({ PATH: [broken, join(home, 'bin'), good].join(':') });
    expect(found).toMatchObject({ source: 'PATH', major: 21 });
  });
});
