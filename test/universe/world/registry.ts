/**
 * What people asked for about their devices, and so whose each device has to be in the end; where calls overlapped, or nobody heard how
 * they ended, nobody can tell.
 */

/** One thing that was asked for about a token. */
interface Step {
  /** Whose it is after that; undefined: nobody's. */
  readonly uid: string | undefined;
  readonly from: number;
  /** When it was answered, ms; undefined while it was not, or if it failed. */
  until: number | undefined;
}

export interface Standing {
  readonly token: string;
  readonly uid: string | undefined;
}

export class Registry {
  private readonly steps = new Map<string, Step[]>();
  /** Tokens of which nobody can tell. */
  private readonly unclear = new Set<string>();

  /** Something is asked for; `done` is called when it was answered. */
  begin(token: string, uid: string | undefined, now: number): { done(now: number): void } {
    const step: Step = { uid, from: now, until: undefined };
    let steps = this.steps.get(token);
    if (steps === undefined) this.steps.set(token, (steps = []));
    if (steps.some(({ until }) => until === undefined || until >= now)) this.unclear.add(token);
    steps.push(step);
    return {
      done: (at) => {
        step.until = at;
      },
    };
  }

  /** It was so from the beginning. */
  seed(token: string, uid: string): void {
    this.steps.set(token, [{ uid, from: -1, until: -1 }]);
  }

  /** Whatever was asked for of this token, something else has a say in it. */
  giveUp(token: string): void {
    this.unclear.add(token);
  }

  /** Whose the tokens are of which it is clear. */
  *standings(): Iterable<Standing> {
    for (const [token, steps] of this.steps) {
      const last = steps.at(-1);
      if (last?.until === undefined || this.unclear.has(token)) continue;
      if (steps.some(({ until }) => until === undefined)) continue;
      yield { token, uid: last.uid };
    }
  }
}
