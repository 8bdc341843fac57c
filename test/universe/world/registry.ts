/**
 * What people asked for about their devices, and so whose each device has to be in the end; where calls overlapped, or nobody heard how
 * they ended, nobody can tell.
 */

/** One thing that was asked for about a phone. */
interface Step {
  readonly token: string;
  /** Whose it is after that; undefined: nobody's. */
  readonly uid: string | undefined;
  readonly from: number;
  /** When it was answered, ms; undefined while it was not, or if it failed. */
  until: number | undefined;
}

/** How those who ask say what became of it. */
export interface Asking {
  done(now: number): void;
  late(): void;
}

export interface Standing {
  readonly token: string;
  readonly uid: string | undefined;
  /** When that was asked for, ms since 1970; below 0: it was so from the beginning. */
  readonly from: number;
  /** When whoever asked for it heard that it is so, ms. */
  readonly answeredAt: number;
}

export class Registry {
  private readonly steps = new Map<string, Step[]>();
  /** Phones of which nobody can tell. */
  private readonly unclear = new Set<string>();
  /** When an app last wrote a phone's token into an array itself, or took it out, ms since 1970. */
  private readonly listedAt = new Map<string, number>();

  /**
   * Something is asked for about a phone, under a token of it; `done` is called when it was answered, `late` when a call that was
   * taken for failed has come to its end after all.
   */
  begin(phone: string, token: string, uid: string | undefined, now: number): Asking {
    const step: Step = { token, uid, from: now, until: undefined };
    let steps = this.steps.get(phone);
    if (steps === undefined) this.steps.set(phone, (steps = []));
    if (steps.some(({ until }) => until === undefined || until >= now)) this.unclear.add(phone);
    steps.push(step);
    return {
      done: (at) => {
        step.until = at;
      },
      late: () => this.giveUp(phone),
    };
  }

  /** It was so from the beginning. */
  seed(phone: string, token: string, uid: string): void {
    this.steps.set(phone, [{ token, uid, from: -1, until: -1 }]);
  }

  /** An app writes an array itself: nobody can tell what becomes of that before somebody registers the phone after it. */
  list(phone: string, now: number): void {
    this.listedAt.set(phone, now);
  }

  /** Whatever was asked for of this phone, something else has a say in it. */
  giveUp(phone: string): void {
    this.unclear.add(phone);
  }

  /** Whose the phones are of which it is clear, under which token. */
  *standings(): Iterable<Standing> {
    for (const [phone, steps] of this.steps) {
      const last = steps.at(-1);
      if (last?.until === undefined || this.unclear.has(phone)) continue;
      if (steps.some(({ until }) => until === undefined)) continue;
      const { token, uid, from, until: answeredAt } = last;
      const listedAt = this.listedAt.get(phone);
      if (listedAt !== undefined && (uid === undefined || from <= listedAt)) continue;
      yield { token, uid, from, answeredAt };
    }
  }
}
