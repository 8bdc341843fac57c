import { isRecentLogin } from './account';

describe('isRecentLogin', () => {
  it('is true for five minutes after a login', () => {
    expect(isRecentLogin(1000, 1_300_000)).toBe(true);
    expect(isRecentLogin(1000, 1_300_001)).toBe(false);
  });
});
