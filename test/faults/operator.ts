/** The operator of a world: calls the command line in a project's folder, against the world's emulator. */
import { main } from '../../kit/src/cli/main.ts';
import {
  KIT,
  projectFolder,
  recordedSurroundings,
  removeProjectFolders,
} from '../../kit/src/testing/project-folder.ts';
import type { Story } from '../../kit/src/cli/why/story.ts';

export interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** What `why --json` says, as far as tests look at it. */
export interface WhySaid {
  readonly code: number;
  readonly found: boolean;
  readonly final: boolean;
  readonly stories: readonly Story[];
  readonly unnamed: readonly { readonly document?: string; readonly why?: string }[];
  readonly facts: readonly { readonly text: string }[];
  readonly hints: readonly string[];
}

export class Operator {
  private readonly folder: string;
  private readonly project: string;

  /** @param settings of the installation. */
  constructor(project: string, settings: Readonly<Record<string, string>> = {}) {
    this.project = project;
    const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}\n`);
    this.folder = projectFolder({
      'firebase.json': { functions: KIT },
      'function-kits/push/config/.env': lines.join(''),
    });
  }

  call(...args: string[]): Promise<Said> {
    return this.callAt(process.env['FIRESTORE_EMULATOR_HOST'], ...args);
  }

  /** @param emulator the address of Firestore's. */
  async callAt(emulator: string | undefined, ...args: string[]): Promise<Said> {
    const env = {
      FIRESTORE_EMULATOR_HOST: emulator,
      GCLOUD_PROJECT: this.project,
    };
    const { written, surroundings } = recordedSurroundings(this.folder, env);
    const code = await main(args, surroundings);
    return { code, ...written };
  }

  async why(...args: string[]): Promise<WhySaid> {
    const { code, out, err } = await this.call('why', ...args, '--json');
    if (out === '') throw new Error(err);
    return { code, ...(JSON.parse(out) as Omit<WhySaid, 'code'>) };
  }

  /** For `afterAll`. */
  static leave(): void {
    removeProjectFolders();
  }
}
