/** Notices when files are edited, however an editor saves them. */

import { watch } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** An editor empties, writes and renames within this time; one edit is told once. */
const SETTLE_MS = 100;

/**
 * Watches the folder rather than the files: editors write another file and give it the name of the old one.
 *
 * @param isWatched of the folder's files, by name.
 * @param onEdit called with the file's name and its new content, if that is not what it was when told last.
 * @param signal ends it.
 */
export function watchFiles(
  folder: string,
  isWatched: (name: string) => boolean,
  onEdit: (name: string, content: string) => void,
  signal: AbortSignal,
): void {
  const timers = new Map<string, NodeJS.Timeout>();
  const told = new Map<string, string>();
  const look = async (name: string): Promise<void> => {
    const content = await contentOf(join(folder, name));
    if (signal.aborted || content === undefined || content === told.get(name)) return;
    told.set(name, content);
    onEdit(name, content);
  };
  watch(folder, { signal }, (_event, name) => {
    if (name === null || !isWatched(name)) return;
    clearTimeout(timers.get(name));
    timers.set(
      name,
      setTimeout(() => void look(name), SETTLE_MS),
    );
  });
  signal.addEventListener('abort', () => {
    for (const timer of timers.values()) clearTimeout(timer);
  });
}

/** Undefined when the file is gone, perhaps only for the moment between two steps of an editor. */
async function contentOf(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
