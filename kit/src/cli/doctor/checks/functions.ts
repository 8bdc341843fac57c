/** Whether the package's functions are deployed, all of them, in one region, as they have to be. */
import { FUNCTIONS, OLDEST_NODE, type ExpectedFunction } from '../expected';
import type { CloudFacts, DeployedFunction, DeployedFunctions, Facts } from '../facts';
import { found, listed, unread, type Finding } from '../finding';
import { deployFunctions, word } from '../commands';
import { regionOf } from '../settings-facts';
import { isUnread } from '../reading';

/** The installation's functions that are deployed. */
export function deployedOf(
  facts: Pick<Facts, 'installation'>,
  cloud: Pick<CloudFacts, 'functions'>,
): readonly DeployedFunction[] {
  if (cloud.functions.kind !== 'known') return [];
  const ids = new Set(FUNCTIONS.map(({ name }) => `${facts.installation.prefix}${name}`));
  return cloud.functions.value.functions.filter(({ id }) => ids.has(id));
}

/** Where the functions are, with their queues and schedules; before they are deployed, where the settings mean them to be. */
export function regionOfFunctions(
  facts: Pick<Facts, 'installation' | 'settings'>,
  cloud: Pick<CloudFacts, 'functions'>,
): string | undefined {
  return deployedOf(facts, cloud)[0]?.region ?? regionOf(facts.settings.values);
}

export function functionFindings(facts: Facts, cloud: CloudFacts): Finding[] {
  const { functions } = cloud;
  if (isUnread(functions)) {
    return [unread('functions.unread', 'Functions', functions, facts.projectId)];
  }
  const all: DeployedFunctions =
    functions.kind === 'known' ? functions.value : { functions: [], unreachable: [] };
  const ours = deployedOf(facts, cloud);
  const wrong = [
    ...presence(facts, ours, all.unreachable),
    ...regions(facts, ours),
    ...ours.flatMap((each) => conditionOf(facts, each)),
  ];
  return [...(wrong.length === 0 ? [fine(ours)] : wrong), ...otherCopies(facts, all.functions)];
}

function fine(ours: readonly DeployedFunction[]): Finding {
  return found(
    'functions.deployed',
    `All ${ours.length} functions are deployed and active in ${ours[0]?.region ?? ''}.`,
  );
}

function presence(
  facts: Facts,
  ours: readonly DeployedFunction[],
  silent: readonly string[],
): Finding[] {
  const ids = new Set(ours.map(({ id }) => id));
  const missing = FUNCTIONS.map(({ name }) => name).filter(
    (name) => !ids.has(`${facts.installation.prefix}${name}`),
  );
  if (missing.length === 0) return [];
  const names = listed(missing.map((name) => `${facts.installation.prefix}${name}`));
  if (silent.length > 0) {
    const text = `${names}: not seen, but ${listed(silent)} did not answer.`;
    return [found('functions.partial', text, 'Try again.')];
  }
  const text =
    missing.length === FUNCTIONS.length
      ? `None of the ${FUNCTIONS.length} functions is deployed (${facts.installation.prefix}…).`
      : `Not deployed: ${names}.`;
  return [found('functions.missing', text, deployFunctions(facts, missing))];
}

function regions(facts: Facts, ours: readonly DeployedFunction[]): Finding[] {
  const used = [...new Set(ours.map(({ region }) => region))];
  const [region] = used;
  if (region === undefined) return [];
  const meant = regionOf(facts.settings.values);
  if (used.length > 1) {
    const where = used.map((each) => {
      const ids = ours.filter((one) => one.region === each).map(({ id }) => id);
      return `${each} (${ids.length > 3 ? `${ids.length} functions` : listed(ids)})`;
    });
    const text = `The functions are in several regions: ${listed(where)}. ${meant === undefined ? 'Nothing finds the others: set REGION, and deploy again.' : `Those that are not in ${meant} are left over.`}`;
    const left = ours.find((one) => one.region !== meant);
    const fix = left && meant !== undefined ? deleteFunction(facts, left) : deployFunctions(facts);
    return [found('functions.scattered', text, fix)];
  }
  if (meant === undefined || meant === region) return [];
  const text = `The functions are in ${region}, but the setting REGION means ${meant}: the settings were not deployed.`;
  return [found('functions.region', text, deployFunctions(facts))];
}

function conditionOf(facts: Facts, each: DeployedFunction): Finding[] {
  const { id, state, runtime, retries } = each;
  const expected = FUNCTIONS.find(({ name }) => id === `${facts.installation.prefix}${name}`);
  const again = deployFunctions(facts, expected === undefined ? [] : [expected.name]);
  const findings: Finding[] = [];
  if (state !== 'ACTIVE') {
    findings.push(
      found('functions.inactive', `${id} is ${state || 'in no state'}, not ACTIVE.`, again),
    );
  }
  if (lacksRetry(expected, retries)) {
    const text = `${id} does not repeat events that it failed on (no retry policy): they would be lost.`;
    findings.push(found('functions.no-retry', text, again));
  }
  const node = /^nodejs(\d+)$/.exec(runtime)?.[1];
  if (node === undefined || Number(node) < OLDEST_NODE) {
    const text = `${id} runs on ${runtime || 'no known runtime'}; nodejs${OLDEST_NODE} or newer is needed: set engines.node in ${facts.installation.source}/package.json, or runtime in firebase.json.`;
    findings.push(found('functions.runtime', text, again));
  }
  return findings;
}

function lacksRetry(expected: ExpectedFunction | undefined, retries: boolean | undefined): boolean {
  return expected?.kind === 'event' && retries !== true;
}

/** Functions of this package under prefixes that no installation has. */
function otherCopies(facts: Facts, all: readonly DeployedFunction[]): Finding[] {
  const { prefix, others } = facts.installation;
  const declared = new Set([prefix, ...others.map((each) => each.prefix)]);
  // A team may have functions of these names: only the label says that one is of this package.
  const left = all.filter(
    ({ id, version }) =>
      version !== undefined &&
      FUNCTIONS.some(({ name, kind }) => {
        // Names as plain as deleteAccount may be a team's own.
        if (kind === 'callable' || !id.endsWith(name)) return false;
        const before = id.slice(0, -name.length);
        return !declared.has(before) && (before === '' || before.endsWith('-'));
      }),
  );
  const [first] = left;
  if (first === undefined) return [];
  const names =
    left.length > 3 ? `${first.id} and ${left.length - 1} more` : listed(left.map(({ id }) => id));
  const text = `Deployed, but of no installation in firebase.json: ${names}. A second copy handles the same documents; delete it if it is left over.`;
  return [found('functions.other-copy', text, deleteFunction(facts, first))];
}

function deleteFunction({ projectId }: Facts, { id, region }: DeployedFunction): string {
  return `firebase functions:delete ${word(id)} --region ${word(region)} --project ${word(projectId)}`;
}
