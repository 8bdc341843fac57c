import { functionRegion } from './region';

it.each([
  ['us-central1', 'us-central1'],
  ['europe-west12', 'europe-west12'],
  ['northamerica-northeast2', 'northamerica-northeast2'],
  ['me-west1', 'me-west1'],
  ['nam5', 'us-central1'],
  ['nam7', 'us-central1'],
  ['eur3', 'europe-west1'],
])('functions for a database in %s run in %s', (location, region) => {
  expect(functionRegion(location)).toBe(region);
});

it.each([
  '',
  'nam4',
  'eur4',
  'eu',
  'us',
  'asia1',
  'US-CENTRAL1',
  'us-central',
  'us-central1 ',
  'us-central1-a',
  'us central1',
  'europe',
  'constructor',
  '__proto__',
])('refuses %j, which is no place for functions, and says what to do', (location) => {
  expect(() => functionRegion(location)).toThrow(/REGION: expected a region .*databases:get/s);
  expect(() => functionRegion(location)).toThrow(`got "${location}"`);
});
