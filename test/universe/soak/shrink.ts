/**
 * Makes a plan that breaks a promise smaller, as long as it still breaks that promise; pure in the plan and in `fails`.
 *
 * Delta debugging (A. Zeller, "Simplifying and Isolating Failure-Inducing Input") over the plan's lists, then simpler numbers.
 */
import type { Plan } from './contract.ts';

/** Lists that are shrunk first: what is done is easier to read without what goes wrong besides. Then come all others. */
const FIRST_LISTS: readonly string[] = ['troubles', 'actions'];
/** Smaller numbers are choices, or places in a list; larger ones are times, and how exact they are says nothing. */
const LEAST_NUMBER = 20;

export interface ShrinkOptions {
  /** Whether a plan still breaks the same promise. */
  readonly fails: (plan: Plan) => Promise<boolean>;
  /** Asked before each try: the smallest plan so far is good enough once it says no. Default: always yes. */
  readonly goesOn?: () => boolean;
}

/** The smallest plan that was found: no single item of its lists can be left out. */
export async function shrink<P extends Plan>(
  plan: P,
  { fails, goesOn = () => true }: ShrinkOptions,
): Promise<P> {
  let smallest = plan;
  const attempt = async (candidate: P): Promise<boolean> => {
    if (!goesOn() || !(await fails(candidate))) return false;
    smallest = candidate;
    return true;
  };
  for (;;) {
    const before = smallest;
    for (const name of listsOf(smallest)) await shrinkList(name);
    await shrinkNumbers();
    if (smallest === before || !goesOn()) return smallest;
  }

  async function shrinkList(name: string): Promise<void> {
    const present = (): readonly unknown[] => valueAt(smallest, [name]) as readonly unknown[];
    if (present().length === 0 || (await attempt({ ...smallest, [name]: [] }))) return;
    for (let size = Math.ceil(present().length / 2); size >= 1; size = Math.floor(size / 2)) {
      for (let start = 0; start < present().length;) {
        const list = present();
        const rest = [...list.slice(0, start), ...list.slice(start + size)];
        if (!(await attempt({ ...smallest, [name]: rest }))) start += size;
      }
    }
  }

  async function shrinkNumbers(): Promise<void> {
    const paths = FIRST_LISTS.flatMap((name) => numbersIn(valueAt(smallest, [name]), [name]));
    for (const path of paths) {
      const value = valueAt(smallest, path);
      if (typeof value !== 'number' || Math.abs(value) < LEAST_NUMBER) continue;
      for (const simpler of simplerThan(value)) {
        if (await attempt(withValue(smallest, path, simpler))) break;
      }
    }
  }
}

/** The names of a plan's lists, in the order in which they are shrunk. */
function listsOf(plan: Plan): string[] {
  const all = Object.entries(plan).flatMap(([name, value]) => (Array.isArray(value) ? [name] : []));
  return [...FIRST_LISTS, ...all.filter((name) => !FIRST_LISTS.includes(name))];
}

type Path = readonly (string | number)[];

/** Where there are numbers in a value. */
function numbersIn(value: unknown, path: Path = []): Path[] {
  if (typeof value === 'number') return [path];
  if (typeof value !== 'object' || value === null) return [];
  if (Array.isArray(value)) {
    return value.flatMap((each: unknown, index) => numbersIn(each, [...path, index]));
  }
  return Object.entries(value).flatMap(([name, each]) => numbersIn(each, [...path, name]));
}

/** Numbers to try in the place of one, the simplest first. */
function simplerThan(value: number): number[] {
  const whole = Math.trunc(value);
  const rounded = [1e9, 1e6, 1e3, 100, 10].map((unit) => Math.round(value / unit) * unit);
  const candidates = [0, 1, ...rounded, Math.trunc(value / 2), whole];
  return [...new Set(candidates)].filter((each) => complexity(each) < complexity(value));
}

/** How much there is to read in a number. */
function complexity(value: number): number {
  return String(value).replace(/0+$/, '').length * 1_000 + String(value).length;
}

function valueAt(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (inner, key) => (inner as Readonly<Record<string | number, unknown>> | undefined)?.[key],
    value,
  );
}

function withValue<T>(value: T, [key, ...rest]: Path, leaf: number): T {
  if (key === undefined) return leaf as T;
  const inner = (value as Readonly<Record<string | number, unknown>>)[key];
  const changed = withValue(inner, rest, leaf);
  if (Array.isArray(value)) return value.with(key as number, changed) as T;
  return { ...value, [key]: changed };
}
