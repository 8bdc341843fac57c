/** The steps of a guide, such as the README's "Add a notification", and how somebody who follows them to the letter edits the files. */
import { appendFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface Step {
  readonly does: 'Create' | 'Add to';
  /** Path from the root of the repository. */
  readonly file: string;
  /** The line that the text goes below. Default: at the end. */
  readonly below?: string;
  readonly text: string;
}

/** `Create \`FILE\`:` or ``Add to `FILE`, below the line `LINE`:``, and the block that follows. */
const STEP =
  /\b(Create|Add to) `([^`\n]+)`(?:, below the line `([^`\n]+)`)?:\n\n```\w*\n(.*?)^```$/gms;

/**
 * @param heading of the section that has the steps.
 * @throws when the section has a block of code that no step announces: nobody would know where it goes.
 */
export function stepsOf(guide: string, heading = 'Add a notification'): Step[] {
  const [, after = ''] = `\n${guide}`.split(`\n## ${heading}\n`);
  const [section = ''] = after.split('\n## ');
  const steps = [...section.matchAll(STEP)].map(([, does, file = '', below, text = '']) => ({
    does: does as Step['does'],
    file,
    ...(below !== undefined && { below }),
    text,
  }));
  const blocks = (section.match(/^```/gm) ?? []).length / 2;
  if (steps.length === 0 || steps.length !== blocks) {
    throw new Error(
      `"${heading}": expected each of its blocks of code below "Create \`FILE\`:", "Add to \`FILE\`:" or ` +
        `"Add to \`FILE\`, below the line \`LINE\`:", got ${blocks} blocks and ${steps.length} such lines.`,
    );
  }
  return steps;
}

/**
 * Edits a file as a step says. Somebody may have followed it in this repository already: then there is nothing left to do.
 *
 * @param root the repository that is edited
 * @throws when a file to create exists with another text, one to add to does not exist, or its line is missing or there more than
 *   once.
 */
export async function follow(root: string, { does, file, below, text }: Step): Promise<void> {
  const path = join(root, file);
  if (does === 'Create') return create(path, file, text);
  const before = await readFile(path, 'utf8');
  if (before.includes(text)) return;
  if (below === undefined) return appendFile(path, text);
  const lines = before.split('\n');
  const places = lines.flatMap((line, index) => (line.trim() === below ? [index] : []));
  const [place] = places;
  if (place === undefined || places.length > 1) {
    throw new Error(`${file}: expected the line "${below}" once, got it ${places.length} times.`);
  }
  lines.splice(place + 1, 0, text.trimEnd());
  return writeFile(path, lines.join('\n'));
}

async function create(path: string, file: string, text: string): Promise<void> {
  try {
    await writeFile(path, text, { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    if ((await readFile(path, 'utf8')) === text) return;
    throw new Error(
      `${file}: expected no such file, or the README's, got another. This follows the README in the untouched sample; where the ` +
        'sample is replaced or changed, delete its tests in test/sample.',
      { cause: error },
    );
  }
}
