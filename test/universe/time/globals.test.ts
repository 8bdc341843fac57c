import * as globals from './globals.ts';

interface Waiting {
  readonly ms: number;
  readonly run: () => void;
  isCancelled: boolean;
}

let waiting: Waiting[];
beforeEach(() => {
  waiting = [];
  globals.setGlobals({
    now: () => 86_400_000,
    random: () => 0.5,
    after: (ms, run) => {
      const one = { ms, run, isCancelled: false };
      waiting.push(one);
      return { cancel: () => void (one.isCancelled = true) };
    },
  });
});
afterAll(() => globals.setGlobals(undefined));

it('dates are the world’s where nobody says which, and all else of them is as it was', () => {
  expect(new globals.Date().toISOString()).toBe('1970-01-02T00:00:00.000Z');
  expect(globals.Date.now()).toBe(86_400_000);
  expect(new globals.Date(0).getTime()).toBe(0);
  expect(globals.Date.UTC(1970, 0, 2)).toBe(86_400_000);
  expect(globals.Date.parse('1970-01-02')).toBe(86_400_000);
  expect(new Date(0)).toBeInstanceOf(globals.Date);
});

it('a timer can be cleared, and set anew', () => {
  const heard: string[] = [];
  const timer = globals.setTimeout((word: string) => heard.push(word), 10, 'now');
  expect(timer.unref().ref().hasRef()).toBe(false);
  timer.refresh();
  expect(waiting.map(({ ms, isCancelled }) => [ms, isCancelled])).toEqual([
    [10, true],
    [10, false],
  ]);
  waiting[1]?.run();
  globals.clearTimeout(timer);
  globals.clearTimeout(undefined);
  expect(heard).toEqual(['now']);
  expect(waiting[1]?.isCancelled).toBe(true);
});

it('names of chance have the form of real ones', () => {
  expect(globals.randomUUID()).toMatch(
    /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
  );
  expect(globals.randomBytes(3)).toEqual(Buffer.from([128, 128, 128]));
});

it('hashes are the real ones, the second time as well', () => {
  const empty = 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855';
  const hash = (): unknown => globals.createHash('sha256').update('').digest('hex');
  expect([hash(), hash()]).toEqual([empty, empty]);
  expect(globals.createHash('sha256').update('').digest().readUInt8(0)).toBe(0xe3);
  expect(globals.createHash('sha256').update('').digest('base64url')).toHaveLength(43);
  expect(globals.createHash('md5').update('').digest('hex')).toHaveLength(32);
});
