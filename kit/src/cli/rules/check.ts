/**
 * Tries every attempt against rules, and says what is too open and what is missing.
 */
import type { Names } from '../names';
import { allAttempts } from './attempts/all';
import type { Attempts } from './attempts/attempt';
import { World, type Outcome, type WorldOptions } from './world';

export interface Finding {
  readonly kind: 'too open' | 'missing';
  /** The document or collection, by its path. */
  readonly on: string;
  /** Who does what. */
  readonly attempt: string;
  /** The rule of the kit's that would have decided otherwise. */
  readonly rule: string;
  readonly consequence: string;
}

export interface Report {
  /** How many attempts were made. */
  readonly attempts: number;
  readonly findings: readonly Finding[];
  /** What the rules open to nobody, and need not. */
  readonly unused: readonly string[];
}

interface TryOptions extends Omit<WorldOptions, 'database'> {
  readonly names: Names;
}

/** Every attempt that comes with the package, by an installation's names. */
export async function tryRules({ names, ...options }: TryOptions): Promise<Report> {
  const world = await World.open({ ...options, database: names.database });
  try {
    return await checkRules(world, allAttempts(names));
  } finally {
    await world.close();
  }
}

/** One after the other: they share one world. */
export async function checkRules(world: World, tables: readonly Attempts[]): Promise<Report> {
  const reports: Report[] = [];
  for (const table of tables) reports.push(await checkTable(world, table));
  return joined(reports);
}

/** Several reports as one. */
export function joined(reports: readonly Report[]): Report {
  return {
    attempts: reports.reduce((sum, { attempts }) => sum + attempts, 0),
    findings: reports.flatMap(({ findings }) => findings),
    unused: [...new Set(reports.flatMap(({ unused }) => unused))],
  };
}

async function checkTable(world: World, table: Attempts): Promise<Report> {
  const honest = Object.entries(table.allowed);
  const attacks = Object.entries(table.denied);
  const missing = await unexpected(world, table, honest, 'denied');
  const open = await unexpected(world, table, attacks, 'allowed');
  const isUnused =
    table.optional !== undefined && honest.length > 0 && missing.length === honest.length;
  return {
    attempts: honest.length + attacks.length,
    findings: [...(isUnused ? [] : missing), ...open],
    unused: isUnused ? [`${table.optional}: ${table.rule}`] : [],
  };
}

async function unexpected(
  world: World,
  { rule, given, ifDenied, ifAllowed }: Attempts,
  acts: readonly (readonly [name: string, act: Attempts['allowed'][string]])[],
  outcome: Outcome,
): Promise<Finding[]> {
  const found: Finding[] = [];
  for (const [attempt, act] of acts) {
    if ((await world.try(act, given)) !== outcome) continue;
    found.push({
      kind: outcome === 'denied' ? 'missing' : 'too open',
      consequence: outcome === 'denied' ? ifDenied : ifAllowed,
      ...{ on: act.on, attempt, rule },
    });
  }
  return found;
}
