/** Where a backfill was stopped, in a file beside what the Firebase CLI keeps of the project. */
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

export class Checkpoint {
  private readonly path: string;

  /** @param name of the work: the project and the installation. */
  constructor(folder: string, name: string) {
    this.path = join(folder, '.firebase', `push-backfill-${name}.txt`);
  }

  /** The last user that was done; `''` where none was. */
  async read(): Promise<string> {
    try {
      return await readFile(this.path, 'utf8');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'ENOENT') return '';
      throw error;
    }
  }

  async write(after: string): Promise<void> {
    await mkdir(dirname(this.path), { recursive: true });
    await writeFile(this.path, after);
  }

  async forget(): Promise<void> {
    await rm(this.path, { force: true });
  }
}
