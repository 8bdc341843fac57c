/** Makes a history smaller for as long as it shows the same. */
import type { Data, History, Operation, Program } from './operations.ts';

export async function shrunk(
  history: History,
  isShown: (smaller: History) => Promise<boolean>,
): Promise<History> {
  for (const smaller of smallerOnes(history)) {
    if (await isShown(smaller)) return shrunk(smaller, isShown);
  }
  return history;
}

function* smallerOnes(history: History): Iterable<History> {
  const { programs } = history;
  for (const index of programs.keys()) yield withoutProgram(history, index);
  for (const [index, program] of programs.entries()) {
    if (program.kind === 'single') {
      for (const operation of simpler(program.operation)) {
        yield withProgram(history, index, { ...program, operation });
      }
      continue;
    }
    for (const nth of program.operations.keys()) {
      const operations = program.operations.toSpliced(nth, 1);
      yield withoutTurn(withProgram(history, index, { ...program, operations }), index);
    }
    for (const [nth, operation] of program.operations.entries()) {
      for (const other of simpler(operation)) {
        const operations = program.operations.with(nth, other);
        yield withProgram(history, index, { ...program, operations });
      }
    }
  }
}

function withoutProgram(history: History, index: number): History {
  return {
    ...history,
    programs: history.programs.toSpliced(index, 1),
    schedule: history.schedule
      .filter((turn) => turn !== index)
      .map((turn) => (turn > index ? turn - 1 : turn)),
  };
}

function withProgram(history: History, index: number, program: Program): History {
  return { ...history, programs: history.programs.with(index, program) };
}

function withoutTurn(history: History, index: number): History {
  const nth = history.schedule.indexOf(index);
  return nth < 0 ? history : { ...history, schedule: history.schedule.toSpliced(nth, 1) };
}

function* simpler(operation: Operation): Iterable<Operation> {
  if ('data' in operation) {
    for (const data of smallerData(operation.data)) yield { ...operation, data };
  }
  if ('query' in operation) {
    const { query } = operation;
    for (const part of ['where', 'orders', 'cursors'] as const) {
      for (const nth of query[part].keys()) {
        yield { ...operation, query: { ...query, [part]: query[part].toSpliced(nth, 1) } };
      }
    }
    const { limit, select, ...bare } = query;
    if (limit !== undefined || select !== undefined) yield { ...operation, query: bare };
  }
}

function* smallerData(data: Data): Iterable<Data> {
  for (const nth of data.keys()) yield data.toSpliced(nth, 1);
  for (const [nth, [name, value]] of data.entries()) {
    if (typeof value !== 'object' || value === null || value.is !== 'map') continue;
    for (const fields of smallerData(value.fields))
      yield data.with(nth, [name, { is: 'map', fields }]);
  }
}
