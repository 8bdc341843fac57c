/**
 * Appends to lists and objects of a JSON file that people write: all else stays as it is, to the last comment. `modify` of
 * jsonc-parser would put a new element between the last one and the comment behind it.
 */
import {
  applyEdits,
  createScanner,
  findNodeAtLocation,
  parseTree,
  printParseErrorCode,
  type Edit,
  type JSONPath,
  type Node,
  type ParseError,
} from 'jsonc-parser';

/** The text is no JSON, or not of the shape that it should have; the message says where. */
export class JsonError extends Error {
  override name = 'JsonError';
}

/**
 * The syntax tree of a JSON text with comments and trailing commas.
 *
 * @throws {JsonError} where it is no JSON object.
 */
export function treeOf(text: string): Node {
  const errors: ParseError[] = [];
  const tree = parseTree(text, errors, { allowTrailingComma: true });
  const [error] = errors;
  if (error !== undefined) {
    const before = text.slice(0, error.offset).split('\n');
    const place = `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
    throw new JsonError(`${printParseErrorCode(error.error)} at ${place}`);
  }
  if (tree?.type !== 'object') throw new JsonError('no object');
  const names = tree.children?.map((property) => String(property.children?.[0]?.value)) ?? [];
  // Of two the last one counts, and whoever appends to the first changes nothing.
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new JsonError(`"${twice}" twice`);
  return tree;
}

/**
 * @param path of a list that is there.
 * @param values what comes behind its elements.
 */
export function appendElements(text: string, path: JSONPath, values: readonly unknown[]): string {
  return append(text, path, (unit) => values.map((value) => JSON.stringify(value, null, unit)));
}

/**
 * @param path of an object that is there.
 * @param name of a property that it does not have.
 */
export function appendProperty(text: string, path: JSONPath, name: string, value: unknown): string {
  return append(text, path, (unit) => [
    `${JSON.stringify(name)}: ${JSON.stringify(value, null, unit)}`,
  ]);
}

function append(
  text: string,
  path: JSONPath,
  itemsIn: (unit: string) => readonly string[],
): string {
  const node = findNodeAtLocation(treeOf(text), path);
  if (node === undefined) throw new JsonError(`nothing at ${path.join('.')}`);
  const unit = indentUnit(text);
  const items = itemsIn(unit);
  if (items.length === 0) return text;

  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const close = node.offset + node.length - 1;
  const last = node.children?.at(-1);
  const lastEnd = last === undefined ? node.offset + 1 : last.offset + last.length;
  const tail = text.slice(lastEnd, close);
  const place = lastEnd + tail.trimEnd().length;
  const hasComma = last !== undefined && endsWithComma(tail);

  const outer = indentAt(text, node.offset);
  const inner = innerIndent(text, node) ?? outer + unit;
  const lines = items.map((item) => eol + inner + item.split('\n').join(eol + inner));
  const isCloseOnLine = !text.slice(place, close).includes('\n');
  const content = lines.join(',') + (hasComma ? ',' : '') + (isCloseOnLine ? eol + outer : '');
  return applyEdits(text, separated(place, content, last !== undefined && !hasComma, lastEnd));
}

function separated(offset: number, content: string, needsComma: boolean, lastEnd: number): Edit[] {
  if (!needsComma) return [{ offset, length: 0, content }];
  if (offset === lastEnd) return [{ offset, length: 0, content: `,${content}` }];
  return [
    { offset: lastEnd, length: 0, content: ',' },
    { offset, length: 0, content },
  ];
}

function endsWithComma(tail: string): boolean {
  const scanner = createScanner(tail, true);
  scanner.scan();
  return tail[scanner.getTokenOffset()] === ',';
}

/** What the file indents by: that of its first line that is indented. */
function indentUnit(text: string): string {
  return /^([ \t]+)[^\s*/]/m.exec(text)?.[1] ?? '  ';
}

/** The white space that the line of a place begins with. */
function indentAt(text: string, place: number): string {
  return /^[ \t]*/.exec(text.slice(text.lastIndexOf('\n', place - 1) + 1))?.[0] ?? '';
}

/** That of what is in it already, where this begins a line. */
function innerIndent(text: string, { children }: Node): string | undefined {
  const [first] = children ?? [];
  if (first === undefined) return undefined;
  const before = text.slice(text.lastIndexOf('\n', first.offset - 1) + 1, first.offset);
  return before.trim() === '' && before.length < first.offset ? before : undefined;
}
