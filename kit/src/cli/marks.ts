/** How much a line matters, as the first thing in it: what `why` and `status` have in common; pure. */

export type Severity = 'good' | 'note' | 'problem';

/** Green, cyan, bold red. */
export const COLOURS: Readonly<Record<Severity, string>> = {
  good: '32',
  note: '36',
  problem: '1;31',
};
const MARKS: Readonly<Record<Severity, string>> = {
  good: 'ok     ',
  note: '       ',
  problem: 'PROBLEM',
};
export const MARK_WIDTH = MARKS.good.length;

export function coloured(text: string, colour: string, isColoured: boolean): string {
  return isColoured ? `\u001b[${colour}m${text}\u001b[0m` : text;
}

export function markOf(severity: Severity, isColoured: boolean): string {
  return severity === 'note'
    ? MARKS.note
    : coloured(MARKS[severity], COLOURS[severity], isColoured);
}
