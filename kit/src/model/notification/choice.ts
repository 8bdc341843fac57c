/**
 * What decides who of the recipients gets a push, and when: kept with what is to be sent, and never sent itself.
 */

/** How the pushes of one kind reach a person. */
export const WAYS = ['push', 'silent', 'digest', 'off'] as const;
export type Way = (typeof WAYS)[number];

/** A time of day on a date, in whatever time zone each recipient is. */
export interface LocalTime {
  /** `YYYY-MM-DD`. */
  readonly date: string;
  /** `HH:MM`. */
  readonly time: string;
}

export interface Choice {
  /** What a person may mute, e.g. `chats/c1`. */
  readonly target?: string;
  /** Nothing holds it back, and nobody can turn it off. */
  readonly mandatory?: true;
  /** How it reaches people who did not say. Absent: `push`. */
  readonly way?: Way;
  /** Not before this, by each recipient's clock. */
  readonly notBefore?: LocalTime;
}
