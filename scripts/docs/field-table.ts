/** Reads an interface's fields and their comments out of its source, and writes them as a table of a guide; pure. */

import ts from 'typescript';

export interface Field {
  readonly name: string;
  /** The comment before it, on one line. */
  readonly comment: string;
}

/**
 * The fields of an interface, in order.
 *
 * @param source the text of the file that declares it.
 * @throws when there is no such interface, or a field has no comment.
 */
export function fieldsOf(source: string, interfaceName: string): Field[] {
  const file = ts.createSourceFile('source.ts', source, ts.ScriptTarget.Latest, true);
  const declared = file.statements
    .filter(ts.isInterfaceDeclaration)
    .find(({ name }) => name.text === interfaceName);
  if (declared === undefined) throw new Error(`No interface ${interfaceName} in the source.`);
  return declared.members.filter(ts.isPropertySignature).map((member) => {
    const name = member.name.getText(file);
    const comment = ts
      .getJSDocCommentsAndTags(member)
      .map((each) => ts.getTextOfJSDocComment(each.comment) ?? '')
      .join(' ')
      .replaceAll(/\s+/g, ' ')
      .trim();
    if (comment === '') throw new Error(`${interfaceName}.${name}: expected a comment before it.`);
    return { name, comment };
  });
}

/** Fields as the rows of a Markdown table. */
export function fieldTable(fields: readonly Field[]): string {
  return tableOf([
    ['field', 'meaning'],
    ...fields.map(({ name, comment }) => [`\`${name}\``, comment]),
  ]);
}

/** A Markdown table of these rows, the first of which is its head, padded as prettier pads them. */
export function tableOf(cells: readonly (readonly string[])[]): string {
  const rows = cells.map((row) => row.map((cell) => cell.replaceAll('|', '\\|')));
  const widthOf = (column: number): number =>
    Math.max(...rows.map((row) => (row[column] ?? '').length));
  const widths = (rows[0] ?? []).map((_, column) => widthOf(column));
  const line = (cells: readonly string[], fill = ' '): string =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0, fill)).join(' | ')} |`;
  const [head = [], ...others] = rows;
  return [
    line(head),
    line(
      head.map(() => ''),
      '-',
    ),
    ...others.map((row) => line(row)),
  ].join('\n');
}

/**
 * A guide with the table between its two marks replaced.
 *
 * @param what the marks' name, e.g. `fields`.
 * @throws when the marks are not there.
 */
export function withTable(guide: string, what: string, table: string): string {
  const first = `<!-- ${what}: written by \`npm run docs\` -->`;
  const last = `<!-- end of ${what} -->`;
  const begin = guide.indexOf(first);
  const end = guide.indexOf(last);
  if (begin < 0 || end < begin) throw new Error(`The guide has no "${first}" before "${last}".`);
  return `${guide.slice(0, begin)}${first}\n\n${table}\n\n${guide.slice(end)}`;
}
