/** What kit modules have in the place of `node:timers/promises`. */
export { sleep as setTimeout } from './globals.ts';
