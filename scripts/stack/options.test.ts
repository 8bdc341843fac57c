import { OPTIONS_HELP, PARTS, readOptions, requireWhole } from './options.ts';
import type { Part } from './options.ts';
import { DEFAULT_PORTS, SERVICES, portVariable } from './ports.ts';

test('takes the default ports, every part and no command when nothing is said', () => {
  expect(readOptions([], {})).toEqual({
    ports: DEFAULT_PORTS,
    parts: PARTS,
    command: [],
    help: false,
  });
});

test('keeps the command after -- as it stands, flags included', () => {
  expect(readOptions(['--free-ports', '--', 'jest', '--watch'], {})).toMatchObject({
    ports: 'free',
    command: ['jest', '--watch'],
  });
});

test('moves every port by the offset', () => {
  const { ports } = readOptions(['--port-offset', '1000'], {});
  expect(ports).toMatchObject({ auth: 10_099, simulator: 10_110 });
});

test("lets a flag win over a variable, and a service's own port over the offset", () => {
  const env = { FIRESTORE_PUSH_PORT_OFFSET: '100', FIRESTORE_PUSH_AUTH_PORT: '7001' };
  expect(readOptions([], env).ports).toMatchObject({ auth: 7001, firestore: 8180 });
  expect(readOptions(['--auth-port', '7002'], env).ports).toMatchObject({ auth: 7002 });
});

test('takes free ports from the environment', () => {
  expect(readOptions([], { FIRESTORE_PUSH_FREE_PORTS: '1' }).ports).toBe('free');
});

test('takes the folder of an app that stands in the sample’s place', () => {
  expect(readOptions(['--app', 'test/app'], {})).toMatchObject({ app: 'test/app' });
});

test('starts only the parts that are named, in the order of starting', () => {
  expect(readOptions(['--only', 'firestore,auth'], {}).parts).toEqual(['auth', 'firestore']);
});

/** Every choice of parts. */
const choices = PARTS.reduce<Part[][]>(
  (some, part) => [...some, ...some.map((choice) => [...choice, part])],
  [[]],
);

test.each(choices.map((parts) => [parts]))(
  'runs functions only beside every emulator that they use: %j',
  (parts) => {
    const isSafe = !parts.includes('functions') || parts.length === PARTS.length;
    const check = () => {
      requireWhole(parts);
    };
    if (isSafe) expect(check).not.toThrow();
    else expect(check).toThrow('Use --only simulator,auth,firestore,functions');
  },
);

test.each([
  [['--auth-port', 'http'], {}, /--auth-port to give a whole number from 1 to 65535, got "http"/],
  [['--auth-port', '70000'], {}, /got "70000"/],
  [[], { FIRESTORE_PUSH_HUB_PORT: '1.5' }, /FIRESTORE_PUSH_HUB_PORT .*got "1.5"/],
  [['--port-offset', '60000'], {}, /--port-offset .*got "69110"/],
  [['--auth-port', '8080'], {}, /got 8080 for both auth and firestore/],
  [['--only', 'auth,mail'], {}, /--only to name some of .*, got "mail"/],
  [['--only', 'functions'], {}, /got them without simulator and auth and firestore/],
  [['--unknown'], {}, /--unknown[^]*See --help/],
])('refuses %j with %j and says why', (args, env, message) => {
  expect(() => readOptions(args, env)).toThrow(message);
});

test('tells of every port in the help, with its flag, its default and its variable', () => {
  for (const service of SERVICES) {
    expect(OPTIONS_HELP).toContain(`--${service}-port N`);
    expect(OPTIONS_HELP).toContain(String(DEFAULT_PORTS[service]));
    expect(OPTIONS_HELP).toContain(portVariable(service));
  }
});
