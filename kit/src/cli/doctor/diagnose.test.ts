import {
  besides,
  HEALTHY,
  HEALTHY_CLOUD,
  HEALTHY_FUNCTIONS,
  HEALTHY_INSTALLATION,
  HEALTHY_SETTINGS,
  inEmulators,
  installedAs,
  policyWith,
  policyWithout,
  withCloud,
  withFunction,
  withSettings,
} from '../../testing/doctor-facts';
import { ILLNESSES_OF_FUNCTIONS } from '../../testing/doctor-illnesses';
import { ILLNESSES_BEHIND_FUNCTIONS } from '../../testing/doctor-illnesses-behind';
import { diagnose } from './diagnose';
import type { Facts } from './facts';
import { LEVELS } from './finding';
import { known } from './reading';

const ILLNESSES = [...ILLNESSES_OF_FUNCTIONS, ...ILLNESSES_BEHIND_FUNCTIONS];

const sendPush = HEALTHY_FUNCTIONS.find(({ id }) => id === 'kit-push-sendPush')!;

const named = ILLNESSES.map((row) => [row[1], row] as const);

test.each(named)('%s is said with what fixes it', (check, [facts, , text, fix]) => {
  const finding = diagnose(facts).find((each) => each.check === check);
  expect(finding?.text).toContain(text);
  expect(finding?.fix).toContain(fix);
});

test.each(named.filter(([check]) => check !== 'cost.budget'))(
  'where the finding is %s, nothing else is wrong',
  (check, [facts]) => {
    const wrong = diagnose(facts).filter(({ level }) => level !== 'ok');
    const others = wrong.map((each) => each.check).filter((each) => each !== 'cost.budget');
    expect([...new Set(others)]).toEqual([check]);
  },
);

test('everything is right where everything is', () => {
  const findings = diagnose(HEALTHY);
  expect(findings.filter(({ level }) => level !== 'ok').map(({ check }) => check)).toEqual([
    'cost.budget',
  ]);
  const emulated = diagnose(inEmulators());
  expect(emulated.filter(({ level }) => level !== 'ok')).toEqual([]);
});

test('every finding that there is is said by something', () => {
  const said = [HEALTHY, inEmulators({}), ...ILLNESSES.map(([facts]) => facts)].flatMap(diagnose);
  const names = new Set(said.map(({ check }) => check));
  expect([...names].sort()).toEqual(Object.keys(LEVELS).sort());
});

test('whatever is wrong has something that fixes it', () => {
  const said = ILLNESSES.flatMap(([facts]) => diagnose(facts));
  expect(said.filter(({ level, fix }) => level !== 'ok' && fix === undefined)).toEqual([]);
});

test('a role may come with a larger one', () => {
  const findings = diagnose(withCloud({ policy: policyWith('roles/editor') }));
  expect(findings.map(({ check }) => check)).toContain('roles.granted');
});

test('the verifier of App Check tokens is asked for only where tokens are accepted once', () => {
  const lacking = policyWithout('roles/firebaseappcheck.tokenVerifier');
  const values = { ...HEALTHY_SETTINGS, CONSUME_APP_CHECK_TOKEN: 'true' };
  const consuming = { ...withSettings(values), world: { ...HEALTHY_CLOUD, policy: lacking } };
  const checks = (facts: Facts) => diagnose(facts).map(({ check }) => check);
  expect(checks(consuming)).toContain('roles.missing');
  expect(checks(withCloud({ policy: lacking }))).toContain('roles.granted');
});

test('a codebase names the function that it lacks, and its own secret', () => {
  const codebase: Facts = {
    ...withFunction('sendPush', 'missing'),
    installation: { ...HEALTHY_INSTALLATION, kind: 'codebase', id: 'mine' },
  };
  const [missing] = diagnose(codebase).filter(({ check }) => check === 'functions.missing');
  expect(missing?.fix).toContain('--only functions:mine:kit-push-sendPush ');
  const [key] = diagnose(codebase).filter(({ check }) => check === 'apns.key');
  expect(key?.text).toContain('the secret APNS_KEY.');
});

test('a team’s own variables are no settings, and nobody’s business', () => {
  const facts = {
    ...withSettings({ ...HEALTHY_SETTINGS, STRIPE_KEY: '9' }),
    installation: { ...HEALTHY_INSTALLATION, kind: 'codebase' as const },
  };
  expect(diagnose(facts).map(({ check }) => check)).toContain('settings.fine');
});

test('two installations with collections or a database of their own share nothing', () => {
  const { names } = HEALTHY_INSTALLATION;
  const collections = { users: 'u2', deliveries: 'd2', devices: 'v2', pushes: 'p2' };
  for (const apart of [
    { ...names, database: 'two' },
    { ...names, ...collections },
  ]) {
    const findings = diagnose(installedAs({ others: besides(apart) }));
    expect(findings.filter(({ level }) => level === 'problem')).toEqual([]);
  }
});

test('a function of another installation is not left over', () => {
  const copy = { ...sendPush, id: 'kit-second-sendPush', version: '0-1-0' };
  const functions = known({ functions: [...HEALTHY_FUNCTIONS, copy], unreachable: [] });
  const others = besides({ ...HEALTHY_INSTALLATION.names, database: 'two' });
  const findings = diagnose({ ...installedAs({ others }), world: { ...HEALTHY_CLOUD, functions } });
  expect(findings.map(({ check }) => check)).not.toContain('functions.other-copy');
});

test('a function of the team’s that has the name of one of ours is theirs', () => {
  const functions = [...HEALTHY_FUNCTIONS, { ...sendPush, id: 'sendPush' }];
  const findings = diagnose(withCloud({ functions: known({ functions, unreachable: [] }) }));
  expect(findings.filter(({ level }) => level === 'problem')).toEqual([]);
});

test('where no setting says the region, no function is called left over', () => {
  const scattered = withCloud({
    functions: known({
      functions: HEALTHY_FUNCTIONS.map((each, index) =>
        index === 0 ? { ...each, region: 'us-east1' } : each,
      ),
      unreachable: [],
    }),
  });
  const facts = { ...scattered, settings: { ...scattered.settings, values: {} } };
  const [finding] = diagnose(facts).filter(({ check }) => check === 'functions.scattered');
  expect(finding?.text).toContain('set REGION');
  expect(finding?.fix).not.toContain('delete');
});

test('a name that a shell would act upon is quoted in commands', () => {
  const id = "kit-$(rm)'-sendPush";
  const functions = [...HEALTHY_FUNCTIONS, { ...sendPush, id, version: '0-1-0' }];
  const findings = diagnose(withCloud({ functions: known({ functions, unreachable: [] }) }));
  const [copy] = findings.filter(({ check }) => check === 'functions.other-copy');
  expect(copy?.fix).toContain(String.raw`functions:delete 'kit-$(rm)'\''-sendPush' --region`);
  const ledger = { ...HEALTHY_CLOUD.ledger, stuck: known(['a']) };
  const prefixed = { ...installedAs({ prefix: 'my $(rm)-' }), world: { ...HEALTHY_CLOUD, ledger } };
  const [stuck] = diagnose(prefixed).filter(({ check }) => check === 'deliveries.stuck');
  expect(stuck?.fix).toContain("functions:log --only 'my $(rm)-sweepDeliveries' --project");
});
