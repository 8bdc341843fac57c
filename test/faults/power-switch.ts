/**
 * Cuts the power of one function instance at a chosen step: nothing it does afterwards happens.
 */

/** `ledger.claim`, `fcm.send`, … and whether the step itself still happens. */
export interface Step {
  readonly name: string;
  readonly happens: boolean;
}

/** When the power is cut: at the nth step from then, before or after it happens. */
export interface Cut {
  readonly nth: number;
  readonly happens: boolean;
}

/** What a call on an instance without power ends with; nobody is left to see it but the test. */
class PowerCutError extends Error {
  constructor(step: string) {
    super(`power cut at ${step}`);
    this.name = 'PowerCutError';
  }
}

export class PowerSwitch {
  /** Every step taken since the last reset, in order. */
  readonly steps: string[] = [];
  isOff = false;
  private plan: { readonly at: number | string; readonly happens: boolean } | undefined;
  private further: readonly Cut[] = [];

  /** Cuts the power at the `nth` step from now (0 is the next), before or after it happens. */
  cutAt(nth: number, happens: boolean): void {
    this.plan = { at: this.steps.length + nth, happens };
  }

  /** Cuts the power at the next step of this name, before or after it happens. */
  cutAtNext(name: string, happens: boolean): void {
    this.plan = { at: name, happens };
  }

  /** Cuts the power again and again: each cut counts from when the power was back after the one before. */
  cutRepeatedly([first, ...further]: readonly Cut[]): void {
    this.plan = undefined;
    if (first !== undefined) this.cutAt(first.nth, first.happens);
    this.further = further;
  }

  on(): void {
    this.isOff = false;
    this.cutRepeatedly(this.further);
  }

  /** `target` with every method a step of this instance, those of its parts included. */
  wrap<T extends object>(name: string, target: T): T {
    return new Proxy(target, {
      get: (object, key) => {
        const member: unknown = Reflect.get(object, key);
        if (typeof member === 'object' && member !== null) {
          return this.wrap(`${name}.${String(key)}`, member);
        }
        if (typeof member !== 'function') return member;
        return (...args: unknown[]): unknown =>
          this.take(
            `${name}.${String(key)}`,
            () => Reflect.apply(member, object, args) as Promise<unknown>,
          );
      },
    });
  }

  private async take(step: string, action: () => Promise<unknown>): Promise<unknown> {
    if (this.isOff) throw new PowerCutError(step);
    const at = this.plan?.at;
    const isCut = at === this.steps.length || at === step;
    const happens = this.plan?.happens ?? true;
    this.steps.push(step);
    if (!isCut) {
      const result = await action();
      // Another call of this instance may have cut the power while this one was under way.
      if (this.isOff) throw new PowerCutError(step);
      return result;
    }
    if (happens) await action();
    this.isOff = true;
    throw new PowerCutError(step);
  }
}
