import { declaredParams } from 'firebase-functions/params';
import { SETTINGS } from './config';

describe('the settings', () => {
  it('are all the params that a deployment is asked for: see SETTINGS in config.ts', () => {
    const names = declaredParams.map(({ name }) => name);
    expect(SETTINGS.map(([{ name }]) => name).sort()).toEqual(names.sort());
  });

  it('come with a description', () => {
    for (const [{ name, options }] of SETTINGS) {
      expect({ name, description: options.description }).toEqual({
        name,
        description: expect.stringMatching(/.{20,}/) as string,
      });
    }
  });

  it('have no number and no switch whose values are not checked', () => {
    const unchecked = SETTINGS.filter(
      ([{ options }, allowed]) => allowed === 'text' && typeof options.default !== 'string',
    );
    expect(unchecked.map(([{ name }]) => name)).toEqual([]);
  });
});
