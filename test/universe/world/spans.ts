/** Who had what, from when until when, in true time: ms since 1970. */

interface Span {
  readonly uid: string;
  readonly from: number;
  until: number;
}

export class Spans {
  private readonly spans = new Map<string, Span[]>();

  begin(what: string, uid: string, now: number): void {
    const span = { uid, from: now, until: Infinity };
    const known = this.spans.get(what);
    if (known === undefined) this.spans.set(what, [span]);
    else known.push(span);
  }

  end(what: string, uid: string, now: number): void {
    for (const span of this.spans.get(what) ?? []) {
      if (span.uid === uid && span.until === Infinity) span.until = now;
    }
  }

  /** Who had it at some time since then. */
  since(what: string, since: number): string[] {
    return (this.spans.get(what) ?? []).filter(({ until }) => until >= since).map(({ uid }) => uid);
  }

  /** Whether somebody had it all the time from then until then. */
  has(what: string, uid: string, from: number, until: number): boolean {
    const spans = this.spans.get(what) ?? [];
    return spans.some((span) => span.uid === uid && span.from <= from && span.until >= until);
  }
}
