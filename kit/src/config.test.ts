import { params } from './config';
import { ALLOWED } from './model/allowed-settings';

describe('the settings', () => {
  it('come with a description', () => {
    for (const { name, options } of params) {
      expect({ name, description: options.description }).toEqual({
        name,
        description: expect.stringMatching(/.{20,}/) as string,
      });
    }
  });

  it('have no number and no switch whose values are not checked', () => {
    const names = params
      .filter(({ options }) => typeof options.default !== 'string')
      .map(({ name }) => name);
    expect([...ALLOWED.keys()].sort()).toEqual(names.sort());
  });
});
