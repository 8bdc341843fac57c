/** A history on the Firestore in memory: turn by turn, and in which order it is as if one program had come after the other. */
import * as sdk from '../firestore/sdk.ts';
import { Server, type ServerOptions } from '../firestore/server.ts';
import { DIRECT, type CallKind, type Wire } from '../firestore/wire.ts';
import type { History, Program } from './operations.ts';
import type { Database, Place } from './place.ts';
import { finalState, Performer, type Outcome, type TimeOf } from './player.ts';
import { Moment, type Result } from './results.ts';
import { giveTurns, Turn } from './turn.ts';

export interface Played {
  readonly outcomes: readonly Outcome[];
  readonly final: Result;
  /** Indices of programs, in an order in which they might have come one after the other. */
  readonly order: readonly number[];
  /** Whether some program was in another's way. */
  readonly isContended: boolean;
}

/** When the history is, ms since 1970. */
const START = 1_800_000_000_000;

export async function playOnModel(
  history: History,
  contention: NonNullable<ServerOptions['contention']>,
  prefix: string,
): Promise<Played> {
  let now = START;
  const server = new Server(() => (now += 1), undefined, { contention });
  const placeOf = (wire: Wire): Place => ({
    sdk: sdk,
    db: new sdk.Firestore(server, wire) as unknown as Database,
    prefix,
  });
  const place = placeOf(DIRECT);
  const times = new SeenTimes();
  let calls = 0;
  const traces: Trace[] = [];
  const turns: Turn[] = [];
  const isPessimistic = contention === 'pessimistic';
  const playing = history.programs.map(async (program) => {
    const turn = new Turn();
    const trace = new Trace(program, isPessimistic);
    turns.push(turn);
    traces.push(trace);
    const wire: Wire = {
      call: (kind, atServer) => {
        calls += 1;
        trace.note(kind, calls);
        return DIRECT.call(kind, atServer);
      },
      // Whoever waits goes on when it is next given a turn.
      sleep: () => {
        trace.sleeps += 1;
        return turn.mine();
      },
      refusesFor: () => 0,
      random: () => 0.5,
    };
    const performer = new Performer(place, times.of, times.note(program));
    const outcome = await performer.play(program, placeOf(wire).db, turn);
    turn.end();
    return outcome;
  });
  await giveTurns(turns, history.schedule);
  const outcomes = await Promise.all(playing);
  const order = traces
    .map((trace, index) => ({ index, at: trace.position(outcomes[index] as Outcome) }))
    .sort((a, b) => a.at - b.at)
    .map(({ index }) => index);
  return {
    ...{ outcomes, order },
    final: await finalState(place, history),
    isContended: traces.some(({ sleeps }) => sleeps > 0),
  };
}

/** The calls that a program made of the server. */
class Trace {
  sleeps = 0;
  private readonly program: Program;
  private readonly isPessimistic: boolean;
  private firstRead: number | undefined;
  private lastRead: number | undefined;
  private commit: number | undefined;
  private hadCommit = false;

  constructor(program: Program, isPessimistic: boolean) {
    this.program = program;
    this.isPessimistic = isPessimistic;
  }

  note(kind: CallKind, nth: number): void {
    if (kind === 'commit') {
      this.commit = nth;
      this.hadCommit = true;
      return;
    }
    // It was run anew.
    if (this.hadCommit) this.firstRead = undefined;
    this.hadCommit = false;
    this.firstRead ??= nth;
    this.lastRead = nth;
  }

  /** When it might have done everything at once. */
  position({ end }: Outcome): number {
    const { program, isPessimistic, firstRead, lastRead, commit } = this;
    if (program.kind === 'single') return commit ?? lastRead ?? 0;
    const isCommitted = end !== 'thrown by the body' && !program.isReadOnly && commit !== undefined;
    if (isCommitted) return commit;
    return (isPessimistic && !program.isReadOnly ? lastRead : firstRead) ?? 0;
  }
}

/** When documents were last changed, as far as was read. */
class SeenTimes {
  private readonly seen = new Map<string, number[]>();

  readonly of: TimeOf = (condition, doc) => {
    const all = this.seen.get(doc);
    if (condition === 'last') return all?.at(-1);
    return condition === 'first' ? all?.[0] : undefined;
  };

  note(program: Program): (result: Result, index: number) => void {
    return (result, index) => {
      const operation = program.kind === 'single' ? program.operation : program.operations[index];
      if (operation === undefined) return;
      if (operation.does === 'delete') return;
      if (result instanceof Moment && 'doc' in operation) this.add(operation.doc, result);
      else this.noteDocuments(result);
    };
  }

  private noteDocuments(result: Result): void {
    if (Array.isArray(result))
      for (const each of result as readonly Result[]) this.noteDocuments(each);
    else if (typeof result === 'object' && result !== null && 'updated' in result) {
      const { path, updated } = result as { readonly path: string; readonly updated: Moment };
      this.add(path, updated);
    }
  }

  private add(doc: string, { micros }: Moment): void {
    const all = this.seen.get(doc) ?? [];
    all.push(micros);
    this.seen.set(doc, all);
  }
}
