/** Says what push documents say: as a table for people, or as JSON for programs; pure. */

import { printable, printableLines } from '../terminal/printable.ts';
import { inBothZones } from './time.ts';

/** What is shown of a push document; whatever stands there may be of any type. */
export interface Shown {
  id: string;
  document: Readonly<Record<string, unknown>>;
}

const COLUMNS = ['id', 'state', 'to', 'due', 'delivered', 'lost', 'title'] as const;
const MAX_TITLE = 40;

/** One line a push, under a header. */
export function table(pushes: readonly Shown[]): string {
  const rows = [[...COLUMNS] as string[], ...pushes.map((push) => row(push).map(printable))];
  const widths = COLUMNS.map((_, column) =>
    Math.max(...rows.map((each) => (each[column] ?? '').length)),
  );
  return rows
    .map((each) =>
      each
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

/**
 * Everything about one push, a line each.
 *
 * @param timeZone in which times are said besides UTC; default: that of the machine.
 */
export function details({ id, document }: Shown, timeZone?: string): string {
  const { counts, reasons, errors, refused, error, note } = document;
  const lines = [
    `push ${printable(id)}: ${printable(stateOf(document))}`,
    `to: ${printable(recipients(document['to']))}`,
  ];
  for (const name of ['createdAt', 'sendAt', 'scheduledAt', 'sendingAt', 'finishedAt']) {
    const time = document[name];
    if (isTimestamp(time)) lines.push(`${name}: ${inBothZones(time.toDate(), timeZone)}`);
  }
  if (isRecord(counts)) {
    const some = Object.entries(counts).filter(([, count]) => count !== 0);
    lines.push(
      `counts: ${printable(some.map(([name, count]) => `${name} ${String(count)}`).join(', ')) || 'nobody'}`,
    );
  }
  if (typeof error === 'string') lines.push(`error: ${indented(error)}`);
  if (isRecord(errors)) lines.push(...listed('field', errors));
  if (isRecord(reasons)) lines.push(...listed('recipient', reasons));
  if (isRecord(refused)) lines.push(`refused: ${indented(String(refused['reason']))}`);
  if (typeof note === 'string') lines.push(`note: ${indented(note)}`);
  return lines.join('\n');
}

/** The document as JSON has it: times in ISO 8601. */
export function plain({ id, document }: Shown): object {
  return { id, state: stateOf(document), ...(plainly(document) as object) };
}

/** `pending` until the server has looked at it. */
export function stateOf(document: Readonly<Record<string, unknown>>): string {
  return typeof document['state'] === 'string' ? document['state'] : 'pending';
}

function row({ id, document }: Shown): string[] {
  const counts = isRecord(document['counts']) ? document['counts'] : {};
  const numberOf = (name: string): number => (typeof counts[name] === 'number' ? counts[name] : 0);
  const lost = ['unregistered', 'rejected', 'failed', 'expired'].reduce(
    (sum, name) => sum + numberOf(name),
    0,
  );
  const accepted = isRecord(document['accepted']) ? document['accepted'] : {};
  const title =
    typeof document['title'] === 'string'
      ? document['title']
      : JSON.stringify(document['title'] ?? '');
  const has = isRecord(document['counts']);
  return [
    id,
    stateOf(document),
    recipients(document['to']),
    timeOf(accepted['dueAt']),
    has ? String(numberOf('delivered')) : '',
    has ? String(lost) : '',
    title.length > MAX_TITLE ? `${title.slice(0, MAX_TITLE - 1)}…` : title,
  ];
}

/** In a few words, and without addresses: a terminal's history is no place for them. */
export function recipients(to: unknown): string {
  if (typeof to === 'string') return to;
  if (Array.isArray(to)) return `${to.length} users`;
  if (!isRecord(to)) return '?';
  if (Array.isArray(to['addresses'])) return `${to['addresses'].length} addresses`;
  if (to['everyone'] === true) return 'everyone';
  const [[name, value] = []] = Object.entries(to);
  if (name === 'users' && isRecord(value)) {
    return `users ${String(value['field'])} ${String(value['op'])} ${JSON.stringify(value['value'])}`;
  }
  return name === undefined ? '?' : `${name} ${String(value)}`;
}

function listed(what: string, values: Readonly<Record<string, unknown>>): string[] {
  return Object.entries(values).map(
    ([name, value]) => `  ${what} ${printable(name)}: ${indented(String(value))}`,
  );
}

/** Further lines of a message stand apart, so that none of them looks like a line of ours. */
function indented(text: string): string {
  return printableLines(text).replaceAll('\n', '\n      ');
}

function timeOf(value: unknown): string {
  return isTimestamp(value) ? value.toDate().toISOString() : '';
}

function plainly(value: unknown): unknown {
  if (isTimestamp(value)) return value.toDate().toISOString();
  if (Array.isArray(value)) return value.map(plainly);
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, plainly(each)]));
}

function isTimestamp(value: unknown): value is { toDate(): Date } {
  return isRecord(value) && typeof value['toDate'] === 'function';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
