/**
 * Sends to a mixed audience: each address to its own provider, the outcomes back in the addresses' order.
 */
import { addressKind } from '../model/address';
import type { Content, Draft } from '../model/notification/content';
import { PayloadTooLargeError } from '../providers/fit';
import type { Outcome } from '../model/outcome';
import type { Provider, SendOptions } from '../providers/provider';
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

/** What each provider made of its part of the addresses. */
type Answer =
  | { readonly outcomes: readonly Outcome[] }
  | { readonly tooLarge: PayloadTooLargeError }
  | { readonly error: unknown };

/**
 * One outcome per address, in order. Rejects when nothing was sent to anybody: the push is too large for all of them, or no
 * provider could begin. What one provider refuses or fails at is the other's addresses' all the same.
 */
export async function sendByProvider(
  providers: Providers,
  content: Content,
  addresses: readonly string[],
  options?: SendOptions,
): Promise<Outcome[]> {
  const outcomes = new Array<Outcome>(addresses.length).fill(APNS_NOT_CONFIGURED);
  const indexes: { fcm: number[]; apns: number[] } = { fcm: [], apns: [] };
  addresses.forEach((address, index) => {
    indexes[addressKind(address) === 'apns' ? 'apns' : 'fcm'].push(index);
  });
  const parts = (['fcm', 'apns'] as const).flatMap((name) => {
    const provider = providers[name];
    const own = indexes[name];
    return provider === undefined || own.length === 0 ? [] : [{ name, provider, own }];
  });
  const answers = await Promise.all(
    parts.map(async ({ name, provider, own }): Promise<Answer> => {
      try {
        const asked = own.map((index) => addresses[index] as string);
        const answered = await provider.send(content, asked, options);
        if (answered.length === own.length) return { outcomes: answered };
        const words = `expected ${own.length} outcomes, got ${answered.length}`;
        return { error: new Error(`Provider ${name}: ${words}.`) };
      } catch (error) {
        return error instanceof PayloadTooLargeError ? { tooLarge: error } : { error };
      }
    }),
  );
  const isForAll = parts.reduce((sum, { own }) => sum + own.length, 0) === addresses.length;
  const [first] = answers;
  // Of two that failed in different ways each has its own part of the addresses.
  if (first !== undefined && isForAll && !('outcomes' in first)) {
    const isTooLarge = 'tooLarge' in first;
    if (answers.every((answer) => !('outcomes' in answer) && 'tooLarge' in answer === isTooLarge)) {
      throw isTooLarge ? first.tooLarge : first.error;
    }
  }
  parts.forEach(({ own }, nth) => {
    const answer = answers[nth] as Answer;
    own.forEach((index, place) => {
      outcomes[index] = 'outcomes' in answer ? (answer.outcomes[place] as Outcome) : failed(answer);
    });
  });
  return outcomes;
}

function failed(answer: Exclude<Answer, { outcomes: unknown }>): Outcome {
  return 'tooLarge' in answer
    ? { kind: 'rejected', code: 'PAYLOAD_TOO_LARGE', detail: answer.tooLarge.message }
    : { kind: 'retry', cause: 'unknown', code: 'SEND_FAILED' };
}

/**
 * Sends a push that may differ from language to language: one compile a language, the outcomes in the targets' order.
 *
 * @throws {PayloadTooLargeError} when it is too large in the first language, before anything was sent.
 */
export async function sendByLocale(
  providers: Providers,
  localiser: Localiser,
  draft: Draft,
  targets: readonly Target[],
  options?: SendOptions,
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
  let isSent = false;
  for (const [locale, indexes] of byLocale) {
    const addresses = indexes.map((index) => (targets[index] as Target).address);
    const answered = await sendInLocale(locale, addresses, isSent);
    isSent = true;
    indexes.forEach((index, nth) => {
      outcomes[index] = answered[nth] as Outcome;
    });
  }
  return outcomes;

  /** What fails once others were sent to must not cost them their record. */
  async function sendInLocale(
    locale: string,
    addresses: readonly string[],
    isAfterOthers: boolean,
  ): Promise<readonly Outcome[]> {
    try {
      const content = await localiser.localise(draft, locale);
      return await sendByProvider(providers, content, addresses, options);
    } catch (error) {
      if (!isAfterOthers) throw error;
      const outcome = failed(
        error instanceof PayloadTooLargeError ? { tooLarge: error } : { error },
      );
      return addresses.map(() => outcome);
    }
  }
}
