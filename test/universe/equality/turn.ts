/** Whose turn it is: programs wait for theirs, and whoever gives turns waits until the program that has one is done with it. */
export class Turn {
  isOver = false;
  /** Resolves when the program waits for its first turn, or has none. */
  readonly isReady: Promise<void>;
  private open: (() => void) | undefined;
  private onIdle: (() => void) | undefined;

  constructor() {
    this.isReady = new Promise((resolve) => {
      this.onIdle = resolve;
    });
  }

  /** For the program: resolves when it may go on. */
  mine(): Promise<void> {
    return new Promise((resolve) => {
      this.open = resolve;
      this.onIdle?.();
    });
  }

  /** For the program: there is nothing more to do. */
  readonly end = (): void => {
    this.isOver = true;
    this.onIdle?.();
  };

  /** Has the program go on, and resolves when it waits again, or is over. */
  async give(): Promise<void> {
    if (this.isOver) return;
    const idle = new Promise<void>((resolve) => {
      this.onIdle = resolve;
    });
    this.open?.();
    await idle;
  }
}

/** Gives turns in an order, and then to whoever is left, one after the other, until nobody is. */
export async function giveTurns(
  turns: readonly Turn[],
  schedule: readonly number[],
): Promise<void> {
  await Promise.all(turns.map(({ isReady }) => isReady));
  for (const index of schedule) await turns[index]?.give();
  while (turns.some(({ isOver }) => !isOver)) {
    for (const turn of turns) await turn.give();
  }
}
