/** A provider that takes nobody's pushes for a while, whatever else was planned to go wrong. */

export interface OutagePlan {
  readonly kind: 'outage';
  readonly forMs: number;
}

export class Outage<Trouble extends { readonly kind: string }> {
  private readonly says: Trouble;
  private until = -Infinity;

  /** @param says what goes wrong with each request while it lasts. */
  constructor(says: Trouble) {
    this.says = says;
  }

  /** What goes wrong with a request that comes now, ms since 1970, where that was planned for it. */
  over(planned: Trouble | OutagePlan | undefined, now: number): Trouble | undefined {
    const begins = isOutage(planned);
    if (begins) this.until = now + planned.forMs;
    if (now < this.until) return this.says;
    return begins ? undefined : planned;
  }
}

function isOutage(planned: { readonly kind: string } | undefined): planned is OutagePlan {
  return planned?.kind === 'outage';
}
