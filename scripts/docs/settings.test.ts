/** The settings that stand in functions/.env, against those that the kit has. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { checkSettings, params } from '../../kit/src/config.ts';
import { functionRegion } from '../../kit/src/model/region.ts';

describe('functions/.env', () => {
  it('gives every param a value that is allowed, so that a deploy asks nothing', () => {
    const given = parseEnv(readFileSync(join(__dirname, '../../functions/.env'), 'utf8'));
    expect(Object.keys(given).sort()).toEqual(params.map(({ name }) => name).sort());
    expect(() => {
      checkSettings(given);
      functionRegion(given.REGION ?? '');
    }).not.toThrow();
  });
});
