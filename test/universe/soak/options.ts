/** What `npm run universe` is told on its command line; pure. */
import { parseArgs } from 'node:util';

export const UNIVERSE_HELP = `Usage: npm run universe -- [options]

Plays simulated worlds of the whole engine, each from its seed, and looks for broken promises.

  --minutes N           play for so long (default: 1)
  --worlds N            play so many worlds
  --seed FIRST          the first seed (default: from the clock)
  --replay SEED         play one world twice, and say what came of it
  --trace               with --replay: print each of its events
  --coverage            say which branches of the engine a sample of worlds runs through
  --mutants [NAME …]    put faults into the engine, one at a time, and see whether worlds notice
  --help`;

export type UniverseOptions =
  | { readonly kind: 'help' }
  | {
      readonly kind: 'soak';
      readonly first: number | undefined;
      readonly minutes: number;
      readonly worlds: number | undefined;
    }
  | { readonly kind: 'replay'; readonly seed: number; readonly isTraced: boolean }
  | { readonly kind: 'coverage'; readonly first: number; readonly worlds: number | undefined }
  /** `names`: only these; none: all. */
  | { readonly kind: 'mutants'; readonly names: readonly string[] };

/** An error of whoever typed it. */
export class UsageError extends Error {}

/** What each kind of run takes; all but a soak are named by their first option. */
const TAKEN = {
  replay: ['replay', 'trace'],
  coverage: ['coverage', 'seed', 'worlds'],
  mutants: ['mutants'],
  soak: ['minutes', 'worlds', 'seed'],
} as const;

export function readUniverseOptions(args: readonly string[]): UniverseOptions {
  const { values, positionals } = parse(args);
  if (values.help === true) return { kind: 'help' };
  const kind = kindOf(values);
  const unfit = Object.keys(values).find(
    (name) => !(TAKEN[kind] as readonly string[]).includes(name),
  );
  if (unfit !== undefined) {
    throw new UsageError(
      `--${unfit}: not with ${TAKEN[kind].map((name) => `--${name}`).join(', ')}.`,
    );
  }
  if (kind === 'mutants') return { kind, names: positionals };
  if (positionals.length > 0) throw new UsageError(`Unexpected: ${positionals.join(' ')}.`);
  const seed = number('seed', values.seed, Number.isSafeInteger);
  const worlds = number('worlds', values.worlds, isCount);
  switch (kind) {
    case 'replay': {
      const replay = number('replay', values.replay, Number.isSafeInteger) ?? 0;
      return { kind, seed: replay, isTraced: values.trace === true };
    }
    case 'coverage':
      return { kind, first: seed ?? 1, worlds };
    case 'soak': {
      const minutes = number('minutes', values.minutes, (value) => value > 0);
      if (minutes !== undefined && worlds !== undefined) {
        throw new UsageError('Expected --minutes or --worlds, not both.');
      }
      const forMinutes = worlds === undefined ? (minutes ?? 1) : Infinity;
      return { kind, first: seed, minutes: forMinutes, worlds };
    }
  }
}

function kindOf(values: Readonly<Record<string, unknown>>): keyof typeof TAKEN {
  return (['replay', 'coverage', 'mutants'] as const).find((kind) => kind in values) ?? 'soak';
}

export const isCount = (value: number): boolean => Number.isSafeInteger(value) && value > 0;

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        minutes: { type: 'string' },
        worlds: { type: 'string' },
        seed: { type: 'string' },
        replay: { type: 'string' },
        trace: { type: 'boolean' },
        coverage: { type: 'boolean' },
        mutants: { type: 'boolean' },
        help: { type: 'boolean' },
      },
    });
  } catch (error) {
    throw new UsageError((error as Error).message);
  }
}

/** The number of an option, in digits; undefined where it is not given. */
export function number(
  name: string,
  text: string | undefined,
  isFit: (value: number) => boolean,
): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text.replaceAll('_', ''));
  const isNumber = /^-?[\d_]+(?:\.\d+)?$/.test(text);
  if (!isNumber || !isFit(value)) throw new UsageError(`--${name}: unexpected ${text}.`);
  return value;
}
