/** A provider without a wire, whose answers take the world's time. */

import { DELIVERED, UNSENT, type Outcome } from '../../kit/src/model/outcome.ts';
import type { Provider } from '../../kit/src/providers/provider.ts';
import type { World } from './world.ts';

/** A provider that takes `atOnce` sends at a time, each for `answerMs` on the world's clock. */
export function slowProvider(
  world: World,
  { answerMs = 0, atOnce = 100, answer = (): Outcome => DELIVERED } = {},
) {
  const sends = new Map<string, number>();
  const begunAt: number[] = [];
  const provider: Provider = {
    async send(_content, addresses, { mayBegin = () => true } = {}) {
      const outcomes: Outcome[] = [];
      for (let start = 0; start < addresses.length; start += atOnce) {
        const group = addresses.slice(start, start + atOnce);
        const may = mayBegin();
        for (const address of group) {
          if (!may) outcomes.push(UNSENT);
          else {
            sends.set(address, (sends.get(address) ?? 0) + 1);
            begunAt.push(world.now);
            outcomes.push(answer());
          }
        }
        if (may) world.now += answerMs;
        await onGroup?.(start);
      }
      return outcomes;
    },
  };
  let onGroup: ((start: number) => Promise<void>) | undefined;
  return {
    providers: { fcm: provider },
    sends,
    begunAt,
    /** Called after each group of sends. */
    afterGroup(work: typeof onGroup) {
      onGroup = work;
    },
    get most() {
      return Math.max(...sends.values());
    },
  };
}
