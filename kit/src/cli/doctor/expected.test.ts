/** What this command expects is what the package is. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as deployed from '../..';
import * as lib from '../../lib';
import { SETTINGS } from '../../settings';
import { apisNeeded, APP_CHECK_API, FUNCTIONS, OLDEST_NODE } from './expected';
import { regionOf, settingsFacts } from './settings-facts';
import type * as SettingsFacts from './settings-facts';

const ROOT = join(__dirname, '../../../..');
const jsonAt = (path: string) => JSON.parse(readFileSync(join(ROOT, path), 'utf8')) as unknown;

const KINDS = {
  eventTrigger: 'event',
  taskQueueTrigger: 'queue',
  scheduleTrigger: 'schedule',
  callableTrigger: 'callable',
} as const;

test('the functions are those that are deployed, each called as it is', () => {
  const exported = Object.entries(deployed).filter(([name]) => !Object.hasOwn(lib, name));
  const kinds = exported.map(([name, each]) => {
    const { __endpoint } = each as unknown as { readonly __endpoint: object };
    const trigger = Object.keys(KINDS).find((key) => key in __endpoint) as keyof typeof KINDS;
    return `${name} ${KINDS[trigger]}`;
  });
  expect(FUNCTIONS.map(({ name, kind }) => `${name} ${kind}`).sort()).toEqual(kinds.sort());
});

test('the oldest Node is that of the package', () => {
  const { engines } = jsonAt('kit/package.json') as { readonly engines: { readonly node: string } };
  expect(engines.node).toMatch(new RegExp(`^>=${OLDEST_NODE}\\.`));
});

test('App Check is called where its tokens are used up, whether or not calls without one are refused', () => {
  const plain = apisNeeded({});
  expect(plain).toEqual(expect.arrayContaining(['fcm.googleapis.com', 'run.googleapis.com']));
  expect(plain).not.toContain(APP_CHECK_API);
  expect(apisNeeded({ ENFORCE_APP_CHECK: 'true' })).toEqual(plain);
  const consuming = apisNeeded({ CONSUME_APP_CHECK_TOKEN: 'true', ENFORCE_APP_CHECK: 'false' });
  expect([...consuming].sort()).toEqual([...plain, APP_CHECK_API].sort());
});

test('the region is the one that the settings name, or that of its multi-region', () => {
  expect(regionOf({})).toBeUndefined();
  expect(regionOf({ REGION: 'eur3' })).toBe('europe-west1');
  expect(regionOf({ FUNCTION_DEFAULT_REGION: 'nam5' })).toBe('us-central1');
  expect(regionOf({ REGION: 'asia-east1', FUNCTION_DEFAULT_REGION: 'nam5' })).toBe('asia-east1');
  expect(regionOf({ REGION: 'mars' })).toBeUndefined();
});

describe('settings', () => {
  it('are those of the package, and are refused as it refuses them', () => {
    const { names, refused } = settingsFacts({
      SHARD_SIZE: '0',
      APNS_KEY_ID: 'x',
      IMAGE_HOSTS: 'a.example.com',
    });
    expect(names).toEqual(expect.arrayContaining(SETTINGS.map(({ name }) => name)));
    expect(refused).toEqual([expect.stringContaining('SHARD_SIZE')]);
    expect(settingsFacts({ APNS_KEY_ID: 'x' }).refused).toEqual([
      expect.stringContaining('APNS_KEY_ID: expected 10 capital letters'),
    ]);
    expect(settingsFacts({}).refused).toEqual([]);
  });

  it('are checked, and nothing else, where the shell itself has one that would be refused', () => {
    process.env['SHARD_SIZE'] = 'many';
    try {
      jest.isolateModules(() => {
        const fresh = jest.requireActual<typeof SettingsFacts>('./settings-facts');
        expect(fresh.settingsFacts({})).toEqual({
          values: {},
          names: expect.arrayContaining(['SHARD_SIZE']) as string[],
          refused: [],
        });
        expect(fresh.settingsFacts({ LEDGER_DAYS: 'many' }).refused).toEqual([
          expect.stringContaining('LEDGER_DAYS'),
        ]);
      });
    } finally {
      delete process.env['SHARD_SIZE'];
    }
  });
});
