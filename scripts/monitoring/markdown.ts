/**
 * Reads tables and headings of the guides; pure.
 */

/** The text between a heading and the next one of the same level or above. */
export function sectionOf(guide: string, heading: string): string {
  const level = /^#+/.exec(heading)?.[0].length ?? 0;
  const lines = guide.split('\n');
  const start = lines.indexOf(heading);
  if (start < 0) throw new Error(`There is no heading ${heading}.`);
  const rest = lines.slice(start + 1);
  const end = rest.findIndex((line) => new RegExp(`^#{1,${level}} `).test(line));
  return rest.slice(0, end < 0 ? undefined : end).join('\n');
}

/** The rows of the first table in a text, without its head, cell by cell. */
export function rowsOf(text: string): string[][] {
  const lines = text.split('\n');
  const start = lines.findIndex((line) => line.startsWith('|'));
  const length = lines.slice(start).findIndex((line) => !line.startsWith('|'));
  return lines.slice(start + 2, length < 0 ? undefined : start + length).map((line) =>
    line
      .split('|')
      .slice(1, -1)
      .map((cell) => cell.trim()),
  );
}

/** What stands in backticks. */
export function codesOf(text: string): string[] {
  return [...text.matchAll(/`([^`]+)`/g)].map(([, code = '']) => code);
}

/** What GitHub calls a heading in links to it. */
export function anchorOf(title: string): string {
  return title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\- ]/gu, '')
    .replaceAll(' ', '-');
}

/** The titles of a level: 2 of `## Title`. */
export function titlesOf(guide: string, level: number): string[] {
  return [...guide.matchAll(new RegExp(`^#{${level}} (.*)$`, 'gm'))].map(([, title = '']) => title);
}
