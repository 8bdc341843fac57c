/**
 * What an installation may be in the middle of when it is upgraded. Each scene is played by the real code and left at a chosen
 * point; between them they show every field that this release writes (`declared-fields.ts` says which there are).
 */
import { audiences } from './scenes/audiences.ts';
import { deliveries } from './scenes/deliveries.ts';
import { devices } from './scenes/devices.ts';
import { doubts } from './scenes/doubts.ts';
import { limits } from './scenes/limits.ts';
import { nights } from './scenes/nights.ts';
import { pushes } from './scenes/pushes.ts';
import type { Scene } from './scenes/scene.ts';
import { withdrawals } from './scenes/withdrawals.ts';

export const SCENES: readonly Scene[] = [
  ...deliveries,
  ...audiences,
  ...doubts,
  ...limits,
  ...nights,
  ...withdrawals,
  ...pushes,
  ...devices,
];
