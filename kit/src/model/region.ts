/**
 * The region that functions run in, from what an operator wrote: a region, or the location of their Firestore database.
 */

/**
 * Multi-regions of Firestore, which functions cannot have, and the region that `firebase deploy` itself puts functions in that
 * listen to such a database (its `FIRESTORE_DUAL_REGION_TO_REGION_MAPPING`).
 */
const REGION_OF_MULTI_REGION: ReadonlyMap<string, string> = new Map([
  ['nam5', 'us-central1'],
  ['nam7', 'us-central1'],
  ['eur3', 'europe-west1'],
]);

/** `us-central1`, `northamerica-northeast2`, `europe-west12`: which of them there are, Google knows best. */
const REGION = /^[a-z]{2,}-[a-z]+\d{1,2}$/;

/**
 * @param location a region, or a multi-region such as `nam5`, as `firebase firestore:databases:get` shows it.
 * @param setting what it was written into.
 * @throws when it is neither.
 */
export function functionRegion(location: string, setting = 'REGION'): string {
  const region = REGION_OF_MULTI_REGION.get(location) ?? location;
  if (REGION.test(region)) return region;
  const multiRegions = [...REGION_OF_MULTI_REGION]
    .map(([name, of]) => `${name} (functions then run in ${of})`)
    .join(', ');
  throw new Error(
    `${setting}: expected a region such as us-central1 or europe-west1, or a multi-region of Firestore: ${multiRegions}; got "${location}". ` +
      '`npx firebase firestore:databases:get` shows where your database is.',
  );
}

/**
 * The region that settings ask for, which may be by the name of a multi-region; undefined where the SDK's global options say it.
 *
 * Not a param in itself: params are resolved after the code was looked into, and cannot say that a database in `nam5` wants
 * functions in `us-central1`. What a kit asks for as `FUNCTION_DEFAULT_REGION` stands in its global options as it is.
 *
 * @throws when it can be none, naming the setting.
 */
export function askedRegion({
  REGION: given,
  FUNCTION_DEFAULT_REGION: ofKit,
}: Readonly<Record<string, string | undefined>>): string | undefined {
  if (given) return functionRegion(given);
  return ofKit ? functionRegion(ofKit, 'FUNCTION_DEFAULT_REGION') : undefined;
}
