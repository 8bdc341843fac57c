/** Plays one plan in this process, twice: a world that is not the same twice is broken itself. */
import { reportOn, type Plan, type World, type WorldReport } from './contract.ts';

export interface Replay {
  readonly report: WorldReport;
  /** Its events, one a line. */
  readonly trace: readonly string[];
  /** Where the second time differed, in words; undefined if it did not. */
  readonly difference: string | undefined;
}

/** @param onEvent hears the events of the first time as they happen. */
export async function replay(
  world: World,
  plan: Plan,
  onEvent?: (line: string) => void,
): Promise<Replay> {
  const trace: string[] = [];
  const report = await reportOn(world, plan, (line) => {
    trace.push(line);
    onEvent?.(line);
  });
  const again: string[] = [];
  const second = await reportOn(world, plan, (line) => again.push(line));
  return { report, trace, difference: differenceOf([trace, report], [again, second]) };
}

type Played = readonly [trace: readonly string[], report: WorldReport];

function differenceOf(
  [trace, report]: Played,
  [againTrace, againReport]: Played,
): string | undefined {
  const length = Math.max(trace.length, againTrace.length);
  for (let index = 0; index < length; index += 1) {
    if (trace[index] === againTrace[index]) continue;
    return `event ${index} was "${trace[index]}", then "${againTrace[index]}"`;
  }
  // Where an error was made is no difference.
  const plain = ({ violation, ...numbers }: WorldReport): string =>
    JSON.stringify([violation?.promise, numbers]);
  if (plain(report) === plain(againReport)) return undefined;
  return `it ended as ${plain(report)}, then as ${plain(againReport)}`;
}
