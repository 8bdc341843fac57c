/** Random numbers of one world: the same for the same seed, and quick. sfc32, http://pracrand.sourceforge.net. */
export class Random {
  private a: number;
  private b: number;
  private c: number;
  private counter = 1;

  /** @param seed an integer of 53 bits. */
  constructor(seed: number) {
    this.a = seed | 0;
    this.b = Math.floor(seed / 0x1_0000_0000) | 0;
    this.c = 0x9e3779b9 | 0;
    for (let round = 0; round < 12; round += 1) this.next();
  }

  /** From 0 up to, not including, 1. */
  readonly next = (): number => {
    const sum = (this.a + this.b + this.counter) | 0;
    this.counter = (this.counter + 1) | 0;
    this.a = this.b ^ (this.b >>> 9);
    this.b = (this.c + (this.c << 3)) | 0;
    this.c = (((this.c << 21) | (this.c >>> 11)) + sum) | 0;
    return (sum >>> 0) / 0x1_0000_0000;
  };

  /** An integer from `least` up to, including, `most`. */
  int(least: number, most: number): number {
    return least + Math.floor(this.next() * (most - least + 1));
  }

  /** @param likelihood from 0 to 1. */
  chance(likelihood: number): boolean {
    return likelihood > 0 && this.next() < likelihood;
  }

  pick<T>(choices: readonly T[]): T {
    return choices[this.int(0, choices.length - 1)] as T;
  }

  /** So many of them, each once, in an order of their own. */
  some<T>(choices: readonly T[], count: number): T[] {
    const left = [...choices];
    return Array.from({ length: Math.min(count, left.length) }, () => {
      return left.splice(this.int(0, left.length - 1), 1)[0] as T;
    });
  }

  /** Many near `least`, few far from it: waits on networks and in queues are like that. */
  skewed(least: number, most: number): number {
    return least + (most - least) * this.next() ** 4;
  }
}
