/**
 * Sends to a mixed audience: each address to its own provider, the outcomes back in the addresses' order.
 */
import { addressKind } from '../providers/address';
import type { Content, Draft } from '../providers/content';
import { PayloadTooLargeError } from '../providers/fit';
import type { Outcome } from '../providers/outcome';
import type { Provider } from '../providers/provider';
import type { Target } from './audience';
import type { Localiser } from './localise';

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

/**
 * One outcome per address, in order. Rejects when nothing was sent to anybody of one provider, but not for a push that only one
 * of two providers finds too large: it is the other's addresses' all the same.
 */
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
  const tooLarge: { readonly error: PayloadTooLargeError; readonly indexes: number[] }[] = [];
  await Promise.all(
    (['fcm', 'apns'] as const).map(async (name) => {
      const provider = providers[name];
      const own = indexes[name];
      if (provider === undefined || own.length === 0) return;
      let answered: Outcome[];
      try {
        answered = await provider.send(
          content,
          own.map((index) => addresses[index] as string),
        );
      } catch (error) {
        if (!(error instanceof PayloadTooLargeError)) throw error;
        tooLarge.push({ error, indexes: own });
        return;
      }
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
  for (const { error, indexes: own } of tooLarge) {
    if (own.length === addresses.length || tooLarge.length === 2) throw error;
    const outcome: Outcome = {
      kind: 'rejected',
      code: 'PAYLOAD_TOO_LARGE',
      detail: error.message,
    };
    for (const index of own) outcomes[index] = outcome;
  }
  return outcomes;
}

/** Sends a push that may differ from language to language: one compile a language, the outcomes in the targets' order. */
export async function sendLocalised(
  providers: Providers,
  localiser: Localiser,
  draft: Draft,
  targets: readonly Target[],
): Promise<Outcome[]> {
  const differs = localiser.isLocalised(draft);
  const byLocale = new Map<string, number[]>();
  targets.forEach(({ locale }, index) => {
    const own = localiser.localeFor(differs ? locale : undefined);
    const indexes = byLocale.get(own);
    if (indexes === undefined) byLocale.set(own, [index]);
    else indexes.push(index);
  });
  const outcomes = new Array<Outcome>(targets.length);
  for (const [locale, indexes] of byLocale) {
    const answered = await sendToAll(
      providers,
      await localiser.localise(draft, locale),
      indexes.map((index) => (targets[index] as Target).address),
    );
    indexes.forEach((index, nth) => {
      outcomes[index] = answered[nth] as Outcome;
    });
  }
  return outcomes;
}
