/** Markdown tables and the numbers in them; pure. */

import { significant } from './statistics.ts';

export type Align = 'left' | 'right';

export interface Column<Row> {
  readonly head: string;
  readonly align?: Align;
  readonly cell: (row: Row) => string;
}

/** A table as prettier would leave it. */
export function table<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): string {
  const cells = [
    columns.map(({ head }) => head),
    ...rows.map((row) => columns.map(({ cell }) => cell(row))),
  ];
  const widths = columns.map((_, index) =>
    Math.max(3, ...cells.map((line) => (line[index] as string).length)),
  );
  const line = (texts: readonly string[]): string =>
    `| ${texts
      .map((text, index) =>
        columns[index]?.align === 'right'
          ? text.padStart(widths[index] as number)
          : text.padEnd(widths[index] as number),
      )
      .join(' | ')} |`;
  const rule = columns.map(({ align }, index) => {
    const dashes = '-'.repeat((widths[index] as number) - 1);
    return align === 'right' ? `${dashes}:` : `${dashes}-`;
  });
  const [head = [], ...body] = cells;
  return [line(head), `| ${rule.join(' | ')} |`, ...body.map(line)].join('\n');
}

/** `1,234`, `56.7`, `0.89`, `0.004`: two or three significant digits below a hundred, whole numbers above. */
export function number(value: number): string {
  if (value !== 0 && Math.abs(value) < 0.1) return String(significant(value, 2));
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString('en');
  if (Math.abs(value) >= 10) return trimmed(value.toFixed(1));
  return trimmed(value.toFixed(2));
}

/** A time in the unit that suits it: `7.26 s`, `45 ms`. */
export function duration(seconds: number): string {
  return seconds >= 0.1 ? `${number(seconds)} s` : `${number(seconds * 1000)} ms`;
}

/** How many times as much: `8.1×`. */
export function times(ratio: number): string {
  return `${ratio >= 9.95 ? Math.round(ratio) : ratio.toFixed(ratio >= 1.95 ? 1 : 2)}×`;
}

/** How much more or less: `+12 %`. */
export function percent(ratio: number): string {
  const more = Math.round((ratio - 1) * 100);
  return `${more > 0 ? '+' : more < 0 ? '−' : '±'}${Math.abs(more)} %`;
}

function trimmed(text: string): string {
  return text.replace(/\.?0+$/, '');
}
