/**
 * The rooms of kit/src and which may import which: downwards only. See docs/decisions/0005-one-direction.md.
 *
 * What a file opens with says what its room is for; this says what it may know.
 */

/** From the top to the bottom; rooms of one row know nothing of each other. */
const ROWS = [
  ['index.ts'],
  ['lib.ts'],
  ['callables', 'triggers', 'cli'],
  ['push.ts'],
  ['config.ts', 'log.ts', 'delivery-log.ts'],
  ['check-settings.ts'],
  ['names.ts'],
  ['settings.ts', 'requirements.ts', 'version.ts'],
  ['catalogue', 'outbox'],
  ['delivery'],
  ['decision'],
  ['topics'],
  ['devices'],
  ['providers', 'store'],
  ['model'],
  ['client.ts'],
];

/** Zones for `import-x/no-restricted-paths`: into each room, nothing from its own row or from above. */
export function zonesOf(root) {
  return ROWS.flatMap((row, index) => {
    const below = ROWS.slice(index + 1).flat();
    const notBelow = [...ROWS.slice(0, index + 1).flat(), 'testing'];
    return row.map((room) => ({
      target: `${root}/${room}`,
      from: notBelow.filter((other) => other !== room).map((other) => `${root}/${other}`),
      message: `${room} may import from ${below.join(', ') || 'nothing'} only.`,
    }));
  });
}

/** Who may not know the sample in functions/src: everything but its own tests. */
const STRANGERS_TO_THE_SAMPLE = [
  './kit',
  './simulator',
  './scripts',
  './bench',
  './examples',
  './test/*.ts',
  './test/!(sample)/**',
];

/** Zones that keep the sample replaceable: nobody imports from it, and it imports the kit by its name only. */
export const SAMPLE_ZONES = [
  ...STRANGERS_TO_THE_SAMPLE.map((target) => ({
    target,
    from: './functions/src',
    message: 'The sample can be replaced: only test/sample knows it. See test/app.',
  })),
  {
    target: './functions/src',
    from: ['./scripts', './simulator', './test', './bench'],
    message: 'What is deployed imports nothing of the repository around it.',
  },
];
