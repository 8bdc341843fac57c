/**
 * Sends to a mixed audience: each address to its own provider, the outcomes back in the addresses' order.
 */
import { addressKind } from '../providers/address';
import type { Content } from '../providers/content';
import type { Outcome } from '../providers/outcome';
import type { Provider } from '../providers/provider';

export interface Providers {
  readonly fcm: Provider;
  /** Absent while no APNs key is configured. */
  readonly apns?: Provider;
}

const APNS_NOT_CONFIGURED: Outcome = {
  kind: 'failed',
  code: 'APNS_NOT_CONFIGURED',
  detail: 'a native APNs token needs an APNs key; send its FCM registration token instead',
};

/** One outcome per address, in order. Rejects only when nothing was sent to anybody of one provider. */
export async function sendToAll(
  providers: Providers,
  content: Content,
  addresses: readonly string[],
): Promise<Outcome[]> {
  const outcomes = new Array<Outcome>(addresses.length).fill(APNS_NOT_CONFIGURED);
  const indexes: { fcm: number[]; apns: number[] } = { fcm: [], apns: [] };
  addresses.forEach((address, index) => {
    indexes[addressKind(address) === 'apns' ? 'apns' : 'fcm'].push(index);
  });
  await Promise.all(
    (['fcm', 'apns'] as const).map(async (name) => {
      const provider = providers[name];
      const own = indexes[name];
      if (provider === undefined || own.length === 0) return;
      const answered = await provider.send(
        content,
        own.map((index) => addresses[index] as string),
      );
      if (answered.length !== own.length) {
        throw new Error(
          `Provider ${name}: expected ${own.length} outcomes, got ${answered.length}.`,
        );
      }
      own.forEach((index, nth) => {
        outcomes[index] = answered[nth] as Outcome;
      });
    }),
  );
  return outcomes;
}
