/** What the product promises, in the words of its README and guides: each is what a checker of this folder holds it to. */

export const PROMISES = {
  /** README, at the top. */
  lost: 'Nothing lost: every event has an entry in a ledger; it is claimed once, resumed after a crash, retried as the provider asks',
  once: 'Nothing sent twice',
  recorded: 'The ledger records for every recipient why they were or were not notified',
  pruned: 'Addresses that FCM reports dead are removed from users/{uid}.tokens automatically',
  kept: 'Addresses are removed only on proof',
  secret: 'Tokens never appear in a payload, a log line, an error or another user’s read',
  reads: 'One document read per recipient',
  /** README, "Add a notification". */
  mute: 'People can mute a kind of notification',
  /** README, at the top. */
  quiet: 'Nobody is disturbed in their quiet hours, but for what is mandatory',
  morning: 'What quiet hours hold is told when they end: of several about one thing the newest',
  unwanted: 'Nobody hears of what they muted, or of whom they blocked',
  mandatory: 'What is mandatory reaches everybody at once',
  silent: 'What somebody wants to see and not to hear makes no sound',
  /** docs/tokens.md. */
  right: 'One device, one owner: a push reaches devices of whom it is for, and of nobody else',
  left: 'A device that was logged out is listed no more',
  /** docs/outbox.md. */
  outbox:
    'A push document comes to an end, and says how; cancelled in time it is not sent; it is sent when it is due',
  cancelled: 'What an operator stops is sent no further than its present step',
  taken:
    'Whoever logs in on a phone takes it over, unless they took too many from others within a day; what was theirs within 30 days is free',
  limit: 'Nobody takes more devices from others within a day than the limit',
  time: 'A push is not begun after its time to live',
  patience: 'Retried as the provider asks',
  /** docs/your-data.md. */
  theirs: 'The app’s data is the app’s: what the backend does not know it leaves as it is',
  wire: 'What is sent is what FCM and APNs take',
  ends: 'All work comes to an end',
} as const;

export type PromiseName = keyof typeof PROMISES;
