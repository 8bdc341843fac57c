/** Where the worlds for tests are. */
import { join } from 'node:path';

export const FAKE_WORLD = join(import.meta.dirname, 'fake-world.ts');
/** A world that asks for time and chance. */
export const CLOCK_WORLD = join(import.meta.dirname, 'clock-world.ts');
/** A world whose kit module has time of its own. */
export const REAL_TIME_WORLD = join(import.meta.dirname, 'real-time-world.ts');
