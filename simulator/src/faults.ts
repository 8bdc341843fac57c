/** Scripted faults: which requests they strike, and how often. What they do is `traffic.ts`. */
import { deviceName } from './device-name.ts';
import type { FaultEffect, ParsedFault } from './fault-spec.ts';
import type { ProviderName } from './provider.ts';

/** A fault that was set. */
export interface Fault {
  readonly id: string;
  readonly match: ParsedFault['match'];
  readonly rate: number;
  readonly then: FaultEffect;
  /** How often it will still strike; null: until it is removed. */
  readonly left: number | null;
  /** How often it struck. */
  readonly struck: number;
}

/** What a fault may look at. */
export interface FaultTarget {
  readonly provider: ProviderName;
  readonly path: string;
  readonly address: string | undefined;
}

/** The faults that are set; for each request the oldest that matches strikes, at most one. */
export class Faults {
  readonly #random: () => number;
  readonly #faults = new Map<string, Fault>();
  #added = 0;

  constructor(random: () => number) {
    this.#random = random;
  }

  /** Every fault that is still set, oldest first. */
  list(): Fault[] {
    return [...this.#faults.values()];
  }

  add({ match, rate, then, times }: ParsedFault): Fault {
    this.#added += 1;
    const id = `f${this.#added}`;
    const fault: Fault = { id, match, rate, then, left: times ?? null, struck: 0 };
    this.#faults.set(id, fault);
    return fault;
  }

  /** Takes a fault away; answers it, or undefined if there is none of that id. */
  remove(id: string): Fault | undefined {
    const fault = this.#faults.get(id);
    this.#faults.delete(id);
    return fault;
  }

  clear(): void {
    this.#faults.clear();
    this.#added = 0;
  }

  /** The fault that strikes this request, if one does; counts the strike. */
  strike(target: FaultTarget): Fault | undefined {
    for (const fault of this.#faults.values()) {
      if (!matches(fault.match, target)) continue;
      if (fault.rate < 1 && this.#random() >= fault.rate) continue;
      const left = fault.left === null ? null : fault.left - 1;
      const struck = { ...fault, left, struck: fault.struck + 1 };
      if (left === 0) this.#faults.delete(fault.id);
      else this.#faults.set(fault.id, struck);
      return struck;
    }
    return undefined;
  }
}

function matches(match: ParsedFault['match'], target: FaultTarget): boolean {
  return (
    (match.provider === undefined || match.provider === target.provider) &&
    (match.address === undefined || matchesText(deviceName(match.address), target.address)) &&
    (match.path === undefined || matchesText(match.path, target.path))
  );
}

function matchesText(pattern: string, text: string | undefined): boolean {
  if (text === undefined) return false;
  return pattern.endsWith('*') ? text.startsWith(pattern.slice(0, -1)) : text === pattern;
}
