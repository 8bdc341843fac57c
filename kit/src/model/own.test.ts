import * as fc from 'fast-check';
import { own } from './own';

const ON_PROTOTYPE = Object.getOwnPropertyNames(Object.prototype);

describe('own', () => {
  it.each(ON_PROTOTYPE)('finds nothing under %s that was not put there', (name) => {
    expect(own({}, name)).toBeUndefined();
    expect(own(JSON.parse(`{${JSON.stringify(name)}: 1}`), name)).toBe(1);
  });

  it('finds nothing in what is no object', () => {
    fc.assert(
      fc.property(fc.constantFrom(undefined, null, 7, 'text', true), fc.string(), (value, name) => {
        expect(own(value, name)).toBeUndefined();
      }),
    );
  });
});
