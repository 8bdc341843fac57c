import { billOf, countsFrom, lineThrough, PRICES, type Assumptions, type Counts } from './cost.ts';
import type { EngineRow } from './results.ts';

const row = (recipients: number, reads: number, more: Partial<EngineRow> = {}): EngineRow => ({
  kind: 'x',
  by: 'this project',
  recipients,
  addresses: recipients,
  events: 1,
  atOnce: 1,
  eventsPerSecond: 1,
  cpuMsPerEvent: recipients,
  operations: { reads, writes: 2, deletes: 0 },
  tasks: 0,
  ...more,
});

const ASSUMED: Assumptions = {
  vcpus: 1,
  gib: 0.5,
  secondsPerInvocation: 0.2,
  atOnce: 1,
  cpuSecondsPerAddress: 0.001,
};

const FLAT: Counts = {
  reads: { fixed: 2, perRecipient: 1 },
  writes: { fixed: 2, perRecipient: 0 },
  deletes: { fixed: 0, perRecipient: 0 },
  tasks: { fixed: 0, perRecipient: 0 },
  cpuSeconds: { fixed: 0.01, perRecipient: 0 },
};

describe('counts', () => {
  it('are a line through two measured kinds of event', () => {
    expect(lineThrough(({ operations }) => operations.reads, row(1, 3), row(10, 12))).toEqual({
      fixed: 2,
      perRecipient: 1,
    });
  });

  it('take CPU in seconds and everything else per event', () => {
    const counts = countsFrom(row(1, 3), row(11, 13, { tasks: 10 }));
    expect(counts.cpuSeconds.perRecipient).toBeCloseTo(0.001);
    expect(counts.tasks).toEqual({ fixed: -1, perRecipient: 1 });
    expect(counts.writes).toEqual({ fixed: 2, perRecipient: 0 });
  });
});

describe('a bill', () => {
  const workload = { eventsPerDay: 1000, recipientsPerEvent: 1, devicesPerRecipient: 1 };

  it('is a month of operations at list price', () => {
    const bill = billOf(workload, FLAT, false, ASSUMED);
    expect(bill).toMatchObject({ invocations: 30_000, reads: 90_000, writes: 60_000, deletes: 0 });
    expect(bill.firestore).toBeCloseTo(0.09 * PRICES.perMillionReads + 0.06 * 0.9);
    expect(bill.total).toBeCloseTo(bill.functions + bill.firestore + bill.tasks);
  });

  it('pays for the deletion of every ledger entry', () => {
    expect(billOf(workload, FLAT, true, ASSUMED).deletes).toBe(30_000);
  });

  it('pays for instances while they wait, unless others share them', () => {
    const alone = billOf(workload, FLAT, false, ASSUMED);
    const shared = billOf(workload, FLAT, false, { ...ASSUMED, atOnce: 10 });
    expect(alone.instanceSeconds).toBeCloseTo(30_000 * 0.2);
    expect(shared.instanceSeconds).toBeCloseTo(alone.instanceSeconds / 10);
  });

  it('pays for CPU at least, however many share an instance', () => {
    const crowded = billOf(workload, FLAT, false, { ...ASSUMED, atOnce: 1000 });
    expect(crowded.instanceSeconds).toBeCloseTo(30_000 * 0.01);
  });

  it('counts the CPU of further devices and no further reads', () => {
    const one = billOf(workload, FLAT, false, ASSUMED);
    const three = billOf({ ...workload, devicesPerRecipient: 3 }, FLAT, false, ASSUMED);
    expect(three.reads).toBe(one.reads);
    expect(three.cpuSeconds - one.cpuSeconds).toBeCloseTo(30_000 * 2 * 0.001);
  });

  it('pays twice for a task, and for the invocation it causes', () => {
    const counts = { ...FLAT, tasks: { fixed: -1, perRecipient: 1 } };
    const bill = billOf({ ...workload, recipientsPerEvent: 3 }, counts, false, ASSUMED);
    expect(bill).toMatchObject({ taskOperations: 120_000, invocations: 90_000 });
    const none = billOf({ ...workload, recipientsPerEvent: 0 }, counts, false, ASSUMED);
    expect(none.taskOperations).toBe(0);
  });
});
