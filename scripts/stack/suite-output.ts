/** Reads what the Emulator Suite prints: which step it is at, and whether the functions could be loaded; pure. */

/** What the script inside the suite prints once every emulator is up and the functions are loaded. */
export const READY = 'firestore-push: the emulators are up';

const STEPS: readonly (readonly [RegExp, string])[] = [
  [/downloading .*firestore/i, 'downloading the Firestore emulator (once)'],
  [/functions: Watching/, 'loading the functions'],
  [/Loaded functions definitions/, 'starting the emulators: functions are loaded'],
  [/Firestore Emulator logging to/, 'starting the Firestore emulator'],
];

/** The step that a line of output begins, in words; undefined for every other line. */
export function stepOf(line: string): string | undefined {
  return STEPS.find(([pattern]) => pattern.test(line))?.[1];
}

/** Whether every emulator is up. */
export function saysReady(line: string): boolean {
  return line.trim() === READY;
}

/** Whether a line says that the functions' code cannot be loaded: the suite itself goes on without them. */
export function saysFunctionsFailed(line: string): boolean {
  return /functions: Failed to load|Failed to load function definition|functions: Error|Cannot load functions/.test(
    line,
  );
}

/** Whether a line says that one emulator was killed: the suite itself goes on without it. */
export function saysEmulatorDied(line: string): boolean {
  return line.includes('has exited upon receiving signal');
}
