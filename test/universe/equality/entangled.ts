/** Whether the emulator may have a program of a history wait for another one; pure. */
import type { History, Operation, Program } from './operations.ts';

/**
 * The emulator locks what a transaction reads: whoever is to write it waits. A history's turns cannot be given to who waits, so only those
 * are played on it turn by turn in which nobody does.
 */
export function isEntangled({ programs, schedule }: History): boolean {
  return programs.some((program, index) => {
    if (program.kind === 'single' || program.isReadOnly) return false;
    const reads = program.operations.filter(isRead);
    if (reads.length === 0) return false;
    const from = schedule.indexOf(index);
    const to = schedule.lastIndexOf(index);
    return programs.some((other, at) => {
      const isBeside =
        at !== index && schedule.some((turn, nth) => turn === at && nth > from && nth < to);
      return isBeside && writesOf(other).some((doc) => reads.some((read) => isTouched(read, doc)));
    });
  });
}

const READS: ReadonlySet<Operation['does']> = new Set(['get', 'getAll', 'query', 'count', 'sum']);

function operationsOf(program: Program): readonly Operation[] {
  return program.kind === 'single' ? [program.operation] : program.operations;
}

function isRead({ does }: Operation): boolean {
  return READS.has(does);
}

function writesOf(program: Program): readonly string[] {
  return operationsOf(program).flatMap((operation) => {
    return 'doc' in operation && operation.does !== 'get' ? [operation.doc] : [];
  });
}

/** Queries are taken to read all collections of one id. */
function isTouched(read: Operation, doc: string): boolean {
  if (read.does === 'get') return read.doc === doc;
  if (read.does === 'getAll') return read.docs.includes(doc);
  if (!('query' in read)) return false;
  return read.query.collection.split('/').at(-1) === doc.split('/').at(-2);
}
