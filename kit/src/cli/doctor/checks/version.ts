/** Whether what is deployed is what lies in the source: each function has its version as a label. */
import type { CloudFacts, Facts } from '../facts';
import { found, type Finding } from '../finding';
import { labelOf } from '../../../version';
import { deployFunctions, word } from '../commands';
import { deployedOf } from './functions';

export function versionFindings(facts: Facts, cloud: CloudFacts): Finding[] {
  const { installed, locked, lockedAt } = facts.package;
  const { source } = facts.installation;
  const install = `npm ci --prefix ${word(source)}`;
  if (locked === undefined) {
    const text = `Version: ${source}/package-lock.json does not name @firestore-push/push, so nothing says which version is deployed.`;
    return [found('version.unknown', text, `npm install --prefix ${word(source)}`)];
  }
  if (installed === undefined) {
    const text = `Version ${locked} is in ${source}/package-lock.json, but not installed there.`;
    return [found('version.not-installed', text, install)];
  }
  if (installed !== locked) {
    const text = `Version ${installed} is installed in ${source}, but its package-lock.json says ${locked}.`;
    return [found('version.not-locked', text, install)];
  }
  const deployed = deployedOf(facts, cloud);
  const others = deployed.flatMap(({ version }) => version ?? []);
  const other = others.find((version) => version !== labelOf(installed));
  if (other !== undefined) {
    const text = `Version ${installed} is in ${source}, but functions of ${other.replaceAll('-', '.')} are deployed.`;
    return [found('version.other-deployed', text, deployFunctions(facts))];
  }
  if (others.length > 0 && others.length === deployed.length) {
    return [found('version.installed', `Version ${installed} is in ${source}, and deployed.`)];
  }
  const times = deployed.map(({ updatedAt }) => updatedAt);
  const oldest = Math.min(...times.filter(Number.isFinite));
  if (lockedAt !== undefined && oldest < lockedAt) {
    const text =
      `Version ${installed} is in ${source}, but its package-lock.json changed (${dayOf(lockedAt)}) after functions were last ` +
      `deployed (${dayOf(oldest)}): they may be of an older version. A fresh checkout changes the file, too.`;
    return [found('version.deployed-before', text, deployFunctions(facts))];
  }
  return [found('version.installed', `Version ${installed} is in ${source}.`)];
}

function dayOf(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}
