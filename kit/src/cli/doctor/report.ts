/**
 * How findings are shown: grouped for people, and as JSON for programs; pure.
 */
import { printable, printableJson } from '../printable';
import type { Facts } from './facts';
import type { Finding, Level } from './finding';

/** By what a finding's name begins with. */
const TITLES: ReadonlyMap<string, string> = new Map([
  ['project', 'Project'],
  ['apis', 'Project'],
  ['emulators', 'Emulators'],
  ['simulator', 'Emulators'],
  ['functions', 'Functions'],
  ['version', 'Functions'],
  ['roles', 'Roles'],
  ['firestore', 'Firestore'],
  ['indexes', 'Firestore'],
  ['ttl', 'Firestore'],
  ['queues', 'Queues and schedules'],
  ['schedules', 'Queues and schedules'],
  ['settings', 'Settings'],
  ['apns', 'Apple'],
  ['app-check', 'App Check'],
  ['deliveries', 'Deliveries'],
  ['pushes', 'Deliveries'],
  ['cost', 'Cost'],
]);

const MARKS = { ok: 'ok     ', note: 'note   ', problem: 'PROBLEM', unknown: 'unknown' } as const;
/** Green, cyan, bold red, yellow. */
const COLOURS = { ok: '32', note: '36', problem: '1;31', unknown: '33' } as const;

/** Under the text that it belongs to. */
const INDENT = ' '.repeat(MARKS.ok.length + 4);

export type Subject = Pick<Facts, 'projectId' | 'installation'> & {
  readonly world: { readonly kind: Facts['world']['kind'] };
};

export function textReport(
  { projectId, installation, world }: Subject,
  findings: readonly Finding[],
  isColoured: boolean,
): string {
  const where = world.kind === 'cloud' ? `project ${projectId}` : `emulators, project ${projectId}`;
  const groups = Map.groupBy(findings, titleOf);
  const parts = [...groups].map(([title, each]) =>
    [title, ...each.flatMap((finding) => linesOf(finding, isColoured))].join('\n'),
  );
  return `${[printable(`${installation.id} (${where})`), ...parts, summary(findings)].join('\n\n')}\n`;
}

export function jsonReport(
  { projectId, installation, world }: Subject,
  findings: readonly Finding[],
): string {
  const report = {
    project: projectId,
    installation: installation.id,
    emulators: world.kind === 'emulators',
    problems: countOf(findings, 'problem'),
    findings,
  };
  return `${printableJson(report)}\n`;
}

export function countOf(findings: readonly Finding[], level: Level): number {
  return findings.filter((finding) => finding.level === level).length;
}

function titleOf({ check }: Finding): string {
  return TITLES.get(check.slice(0, check.indexOf('.'))) ?? 'Other';
}

function linesOf({ level, text, fix }: Finding, isColoured: boolean): string[] {
  const mark = isColoured ? `\u001b[${COLOURS[level]}m${MARKS[level]}\u001b[0m` : MARKS[level];
  const lines = [`  ${mark}  ${printable(text)}`];
  if (fix !== undefined) lines.push(`${INDENT}${printable(fix)}`);
  return lines;
}

function summary(findings: readonly Finding[]): string {
  const problems = countOf(findings, 'problem');
  const unknown = countOf(findings, 'unknown');
  const first =
    problems === 0 ? 'No problem' : problems === 1 ? '1 problem' : `${problems} problems`;
  return unknown === 0 ? `${first}.` : `${first}; ${unknown} could not be looked at.`;
}
