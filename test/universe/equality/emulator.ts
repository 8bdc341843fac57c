/** A history on the emulator, by the real client, beside what came of it on the Firestore in memory. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { isEntangled } from './entangled.ts';
import type { Played } from './model.ts';
import type { History, Program } from './operations.ts';
import type { Database, Place, Sdk } from './place.ts';
import { finalState, Performer, type Outcome, type TimeOf } from './player.ts';
import { Correspondence, shown, type Result } from './results.ts';
import { giveTurns, Turn } from './turn.ts';

/** The client that the backend uses. */
export type RealSdk = Sdk & {
  readonly Firestore: new (settings: object) => Database & { terminate(): Promise<void> };
};

/** The client's waits between its tries of a refused read and of a transaction, ms: nothing but they takes so long. */
const WAITS = { least: 500, most: 15_000, shortened: 50 } as const;

/** Loads the client, and opens the emulator's projects with it. */
export function openRealSdk(): {
  readonly sdk: RealSdk;
  readonly open: (projectId: string) => Database;
  readonly close: () => Promise<void>;
} {
  const { setTimeout } = globalThis;
  globalThis.setTimeout = ((work: () => void, ms = 0, ...args: []) => {
    const isWait = ms >= WAITS.least && ms <= WAITS.most;
    return setTimeout(work, isWait ? ms / WAITS.shortened : ms, ...args);
  }) as typeof globalThis.setTimeout;
  // The client leaves the promise of a transaction's beginning alone where that fails.
  process.on('unhandledRejection', (error) => {
    if (typeof (error as { readonly code?: unknown }).code !== 'number') throw error;
  });
  const kit = createRequire(join(import.meta.dirname, '../../../kit/package.json'));
  const sdk = kit('@google-cloud/firestore') as RealSdk;
  const opened = new Map<string, InstanceType<RealSdk['Firestore']>>();
  return {
    sdk,
    open: (projectId) => {
      let db = opened.get(projectId);
      if (db === undefined) {
        db = new sdk.Firestore({ projectId, ignoreUndefinedProperties: true });
        opened.set(projectId, db);
      }
      return db;
    },
    close: async () => {
      globalThis.setTimeout = setTimeout;
      await Promise.all([...opened.values()].map((db) => db.terminate()));
    },
  };
}

/** Something that came otherwise on the emulator than in memory. */
export interface Difference {
  readonly history: History;
  /** Undefined where only what is there in the end differs. */
  readonly program: Program | undefined;
  /** Of the program's operations. */
  readonly index: number;
  readonly inMemory: Result;
  readonly onEmulator: Result;
  readonly text: string;
}

/** `in order`: program after program, in the order that the memory found; `by turns`: as the schedule has it. */
export type Manner = 'in order' | 'by turns';

/** The first difference, if there is one. */
export async function playOnEmulator(
  history: History,
  { outcomes, order, final }: Played,
  place: Place,
  manner: Manner,
): Promise<Difference | undefined> {
  const times = new Correspondence();
  let found: Difference | undefined;
  const compare = (
    program: Program | undefined,
    index: number,
    inMemory: Result,
    onEmulator: Result,
  ): void => {
    const text = times.difference(inMemory, onEmulator);
    if (text !== undefined) found ??= { history, program, index, inMemory, onEmulator, text };
  };
  const play = async (index: number, turn?: Turn): Promise<void> => {
    const program = history.programs[index] as Program;
    const expected = outcomes[index] as Outcome;
    const timeOf: TimeOf = (_condition, _doc, nth) => {
      const micros = expected.conditions[nth];
      return micros === undefined ? undefined : times.of(micros);
    };
    const performer = new Performer(place, timeOf, (result, nth) => {
      compare(program, nth, expected.results[nth] ?? 'nothing', result);
    });
    const { end, runs } = await performer.play(program, place.db, turn);
    compare(program, -1, expected.end, end);
    if (manner === 'by turns') compare(program, -1, expected.runs, runs);
  };
  if (manner === 'in order') {
    for (const index of order) {
      await play(index);
      if (found !== undefined) return found;
      if (isLeft(history.programs[index], outcomes[index])) return undefined;
    }
  } else {
    const turns = history.programs.map(() => new Turn());
    const playing = turns.map((turn, index) => play(index, turn).then(turn.end));
    await giveTurns(turns, history.schedule);
    await Promise.all(playing);
  }
  compare(undefined, -1, final, await finalState(place, history));
  if (found === undefined && !times.isInOrder())
    compare(undefined, -1, 'in order', 'in another order');
  return found;
}

export function described({ text, inMemory, onEmulator }: Difference): string {
  return `${text}\n  in memory: ${shown(inMemory)}\n  on the emulator: ${shown(onEmulator)}`;
}

/**
 * Whether a transaction is left open: the emulator begins one with the very read that it refuses, and its client does not hear of it. What
 * such a one has locked stays so for long.
 */
function isLeft(program: Program | undefined, outcome: Outcome | undefined): boolean {
  if (program?.kind !== 'transaction' || program.isReadOnly) return false;
  const codes = outcome?.results.map((result) => {
    const isError = typeof result === 'object' && result !== null && 'error' in result;
    return isError ? result.error : 0;
  });
  const first = codes?.find((code) => typeof code === 'number') ?? 0;
  return first !== 0;
}

/** Whether a history can be played on the emulator turn by turn. */
export function hasTurns(history: History, { outcomes, isContended }: Played): boolean {
  return (
    !isContended &&
    !isEntangled(history) &&
    history.programs.every((program, index) => !isLeft(program, outcomes[index]))
  );
}
