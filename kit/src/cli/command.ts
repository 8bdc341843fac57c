/**
 * What every command of `npx @firestore-push/push` has in common.
 */
import { parseArgs, type ParseArgsConfig, type ParseArgsOptionsConfig } from 'node:util';

/** What a command sees of the world around it. */
export interface Surroundings {
  /** Where it was called: absolute. */
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
  /** Writes text as it is to standard output. */
  readonly out: (text: string) => void;
  /** Writes text as it is to standard error. */
  readonly err: (text: string) => void;
  /** Whether a person reads what goes to standard output: only there may be colours. */
  readonly isTerminal?: boolean;
}

/** Exit codes: what a script can tell from them is the same for all commands. */
export const EXIT = {
  /** Done; and nothing is wrong, for those that look. */
  ok: 0,
  /** Looked, and something is wrong or missing. */
  wrong: 1,
  /** The command line was not understood, or the command could not do its work. */
  usage: 2,
  /** Looked, and what was asked about is not final: asked again later, it may be another answer. */
  underWay: 3,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

export interface Command {
  readonly name: string;
  /** One line of the list of commands. */
  readonly summary: string;
  /** The whole text of `--help`, with its last newline. */
  readonly help: string;
  /**
   * @param args what follows the command's name; `--help` has been dealt with.
   * @throws {UsageError} which is shown without a stack.
   */
  readonly run: (args: readonly string[], surroundings: Surroundings) => Promise<ExitCode>;
}

/** The command line, or what it points to, is not as it has to be; the message says what was expected. */
export class UsageError extends Error {
  override name = 'UsageError';
}

/**
 * Reads options as `node:util` does.
 *
 * @throws {UsageError} for unknown options, missing values and, unless `allowPositionals`, words that are no option.
 */
export function readOptions<const Options extends ParseArgsOptionsConfig>(
  args: readonly string[],
  options: Options,
  more: Pick<ParseArgsConfig, 'allowPositionals'> = {},
) {
  try {
    return parseArgs({ args: [...args], options, ...more });
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error });
  }
}
