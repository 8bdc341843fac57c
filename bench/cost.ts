/**
 * What a project would pay in a month: measured counts times list prices; pure.
 *
 * Words: *counts* are what one event does, as measured; a *workload* is what an app asks for; a *bill* is a month of it.
 */

import type { EngineRow } from './results.ts';

/** US dollars, us-central1, without free tiers and discounts. */
export interface Prices {
  readonly asOf: string;
  readonly sources: readonly string[];
  readonly perMillionInvocations: number;
  readonly perVcpuSecond: number;
  readonly perGibSecond: number;
  readonly perMillionReads: number;
  readonly perMillionWrites: number;
  readonly perMillionDeletes: number;
  readonly perMillionTaskOperations: number;
}

export const PRICES: Prices = {
  asOf: '2025',
  sources: [
    'https://cloud.google.com/run/pricing (services, request-based billing, tier 1)',
    'https://cloud.google.com/firestore/pricing (Standard edition, us-central1)',
    'https://cloud.google.com/tasks/pricing',
  ],
  perMillionInvocations: 0.4,
  perVcpuSecond: 0.000_024,
  perGibSecond: 0.000_002_5,
  perMillionReads: 0.3,
  perMillionWrites: 0.9,
  perMillionDeletes: 0.1,
  perMillionTaskOperations: 0.4,
};

/** What one event does to reach so many recipients: a fixed part, and a part for each of them. */
export interface Line {
  readonly fixed: number;
  readonly perRecipient: number;
}

export type Counted = 'reads' | 'writes' | 'deletes' | 'tasks' | 'cpuSeconds';
export type Counts = Readonly<Record<Counted, Line>>;

export interface Workload {
  readonly eventsPerDay: number;
  readonly recipientsPerEvent: number;
  readonly devicesPerRecipient: number;
}

/** What the machine of this model is told, because it depends on where it runs. */
export interface Assumptions {
  /** vCPUs and GiB of an instance. */
  readonly vcpus: number;
  readonly gib: number;
  /** Seconds that one invocation takes, most of them waiting for Firestore and FCM. */
  readonly secondsPerInvocation: number;
  /** Invocations that share an instance, on average. */
  readonly atOnce: number;
  /** CPU seconds of one further address of the same person. */
  readonly cpuSecondsPerAddress: number;
}

export interface Bill {
  readonly invocations: number;
  readonly cpuSeconds: number;
  /** Seconds that instances are paid for. */
  readonly instanceSeconds: number;
  readonly reads: number;
  readonly writes: number;
  readonly deletes: number;
  readonly taskOperations: number;
  /** US dollars. */
  readonly functions: number;
  readonly firestore: number;
  readonly tasks: number;
  readonly total: number;
}

const DAYS = 30;
const MILLION = 1_000_000;
/** Creating a task and dispatching it. */
const OPERATIONS_A_TASK = 2;

/** The straight line through two measured kinds of event. */
export function lineThrough(of: (row: EngineRow) => number, few: EngineRow, many: EngineRow): Line {
  const perRecipient = (of(many) - of(few)) / (many.recipients - few.recipients);
  return { fixed: of(few) - perRecipient * few.recipients, perRecipient };
}

export function countsFrom(few: EngineRow, many: EngineRow): Counts {
  return {
    reads: lineThrough(({ operations }) => operations.reads, few, many),
    writes: lineThrough(({ operations }) => operations.writes, few, many),
    deletes: lineThrough(({ operations }) => operations.deletes, few, many),
    tasks: lineThrough(({ tasks }) => tasks, few, many),
    cpuSeconds: lineThrough(({ cpuMsPerEvent }) => cpuMsPerEvent / 1000, few, many),
  };
}

/**
 * A month of the workload.
 *
 * @param ledgered whether every event and task leaves a ledger entry, which Firestore's TTL policy deletes in the end.
 */
export function billOf(
  workload: Workload,
  counts: Counts,
  ledgered: boolean,
  assumptions: Assumptions,
  prices: Prices = PRICES,
): Bill {
  const { recipientsPerEvent: recipients, devicesPerRecipient } = workload;
  const events = workload.eventsPerDay * DAYS;
  const perEvent = (what: Counted): number => at(counts[what], recipients);

  const tasks = events * perEvent('tasks');
  const invocations = events + tasks;
  const furtherAddresses = events * recipients * Math.max(0, devicesPerRecipient - 1);
  const cpuSeconds =
    events * perEvent('cpuSeconds') + furtherAddresses * assumptions.cpuSecondsPerAddress;
  const waiting = (invocations * assumptions.secondsPerInvocation) / assumptions.atOnce;
  const instanceSeconds = Math.max(cpuSeconds / assumptions.vcpus, waiting);
  const reads = events * perEvent('reads');
  const writes = events * perEvent('writes');
  const deletes = events * perEvent('deletes') + (ledgered ? invocations : 0);
  const taskOperations = tasks * OPERATIONS_A_TASK;

  const functions =
    (invocations * prices.perMillionInvocations) / MILLION +
    instanceSeconds *
      (assumptions.vcpus * prices.perVcpuSecond + assumptions.gib * prices.perGibSecond);
  const firestore =
    (reads * prices.perMillionReads +
      writes * prices.perMillionWrites +
      deletes * prices.perMillionDeletes) /
    MILLION;
  const queue = (taskOperations * prices.perMillionTaskOperations) / MILLION;
  return {
    invocations,
    cpuSeconds,
    instanceSeconds,
    reads,
    writes,
    deletes,
    taskOperations,
    functions,
    firestore,
    tasks: queue,
    total: functions + firestore + queue,
  };
}

function at({ fixed, perRecipient }: Line, recipients: number): number {
  // A line through measured points may dip below nothing beside them.
  return Math.max(0, fixed + perRecipient * recipients);
}
