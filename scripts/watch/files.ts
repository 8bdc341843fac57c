/** Notices when files are edited, however an editor saves them. */

import { watch } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** An editor empties, writes and renames within this time; one edit is told once. */
const SETTLE_MS = 100;

export interface Watch {
  /** Watched as a whole: editors write another file and give it the name of the old one. */
  folder: string;
  /** Which of the folder's files are meant, by name. */
  isWatched: (name: string) => boolean;
  /** Called with the file's name and its new content, if that is not what it was when told last. */
  onEdit: (name: string, content: string) => void;
  /** Called with the file's name where it is there and cannot be read. */
  onError: (name: string, error: unknown) => void;
  /** Ends it. */
  signal: AbortSignal;
}

export function watchFiles({ folder, isWatched, onEdit, onError, signal }: Watch): void {
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
      setTimeout(() => void look(name).catch((error: unknown) => onError(name, error)), SETTLE_MS),
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
