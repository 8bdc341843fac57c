/** Where the sample gives and describes its settings, against those that the kit declares in `kit/src/settings.ts`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { checkSettings } from '../../kit/src/check-settings.ts';
import { functionRegion } from '../../kit/src/model/region.ts';
import { valuesIn } from '../../kit/src/settings.ts';

const read = (path: string): string => readFileSync(join(__dirname, '../..', path), 'utf8');
const given = parseEnv(read('functions/.env'));
const defaults = valuesIn({});

describe('functions/.env', () => {
  it('gives every setting a value that is allowed, so that a deploy asks nothing', () => {
    expect(Object.keys(given).sort()).toEqual(Object.keys(defaults).sort());
    expect(() => {
      checkSettings(given);
      functionRegion(given.REGION ?? '');
    }).not.toThrow();
  });

  it('describes every setting before its value', () => {
    const lines = read('functions/.env').split('\n');
    const bare = lines.filter(
      (line, index) => /^\w+=/.test(line) && !/^# ./.test(lines[index - 1] ?? ''),
    );
    expect(bare).toEqual([]);
  });
});

it('the table of settings in README.md has every setting with its default, and no other', () => {
  const section = read('README.md').split('\n## Settings\n')[1]?.split('\n## ')[0] ?? '';
  const rows = [...section.matchAll(/^\| `(\w+)` +\| (?:`([^`]*)`|\(empty\)) +\| \S/gm)];
  const described = Object.fromEntries(rows.map(([, name = '', value = '']) => [name, value]));
  expect(described).toEqual(defaults);
});
