import { declaredParams } from 'firebase-functions/params';
import { describeAllowed } from './model/settings';
import { SETTINGS, valuesIn } from './settings';

interface Asked {
  readonly validationRegex: RegExp;
  readonly validationErrorMessage: string;
}

describe('the settings', () => {
  it('are all the params that a deployment is asked for: see SETTINGS in settings.ts', () => {
    const names = declaredParams.map(({ name }) => name);
    expect(SETTINGS.map(({ name }) => name).sort()).toEqual(names.sort());
  });

  it('come with a label and a description for the person who is asked', () => {
    for (const { name, options } of SETTINGS) {
      expect({ name, ...options }).toMatchObject({
        label: expect.stringMatching(/^[A-Z].{5,}/) as string,
        description: expect.stringMatching(/.{20,}/) as string,
      });
    }
  });

  it.each(SETTINGS.filter(({ options }) => 'input' in options).map((each) => [each.name, each]))(
    '%s is asked for until it is what is allowed, and its default is',
    (_name, { options, allowed }) => {
      const { input } = options as { input: { text?: Asked; select?: unknown } };
      if (input.select !== undefined) return;
      const { validationRegex, validationErrorMessage } = input.text as Asked;
      expect(validationErrorMessage).toBe(`Expected ${describeAllowed(allowed)}.`);
      expect(String(options.default as string | number | boolean)).toMatch(
        new RegExp(validationRegex),
      );
      expect('a b/c').not.toMatch(new RegExp(validationRegex));
    },
  );

  it('delete nothing by default that an app may still want', () => {
    const { SWEEP_DRY_RUN, DELETE_USER_DOCUMENTS } = valuesIn({});
    expect({ SWEEP_DRY_RUN, DELETE_USER_DOCUMENTS }).toEqual({
      SWEEP_DRY_RUN: 'true',
      DELETE_USER_DOCUMENTS: 'false',
    });
  });

  it('have no number and no switch whose values are not checked', () => {
    const unchecked = SETTINGS.filter(
      ({ options, allowed }) => allowed === 'text' && typeof options.default !== 'string',
    );
    expect(unchecked.map(({ name }) => name)).toEqual([]);
  });
});
