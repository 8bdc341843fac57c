/**
 * Sends to a mixed audience: each address to its own provider, the outcomes back in the addresses' order.
 */
import { addressKind } from '../model/address';
import type { Content, Draft } from '../model/notification/content';
import { silenced } from '../model/notification/silence';
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

/** What a push is made ready with. */
export interface Sending {
  readonly providers: Providers;
  readonly localiser: Localiser;
  /** See {@link silenced}. */
  readonly silentChannelId?: string | undefined;
}

/** Those of the targets who get the same. */
interface Variant {
  readonly locale: string;
  readonly isSilent: boolean;
  readonly indexes: number[];
}

/**
 * Sends a push that may differ from person to person, by language and by whether it is heard: one compile for each variant, the
 * outcomes in the targets' order.
 *
 * @throws {PayloadTooLargeError} when it is too large in the first variant, before anything was sent.
 */
export async function sendVariants(
  { providers, localiser, silentChannelId }: Sending,
  draft: Draft,
  targets: readonly Target[],
  options?: SendOptions,
): Promise<Outcome[]> {
  const differs = localiser.isLocalised(draft);
  const variants = new Map<string, Variant>();
  targets.forEach(({ locale: wanted, isSilent = false }, index) => {
    const locale = localiser.localeFor(differs ? wanted : undefined);
    const key = `${locale}/${isSilent}`;
    const known = variants.get(key);
    if (known === undefined) variants.set(key, { locale, isSilent, indexes: [index] });
    else known.indexes.push(index);
  });
  const outcomes = new Array<Outcome>(targets.length);
  let isSent = false;
  for (const variant of variants.values()) {
    const answered = await sendVariant(variant, isSent);
    isSent = true;
    variant.indexes.forEach((index, nth) => {
      outcomes[index] = answered[nth] as Outcome;
    });
  }
  return outcomes;

  /** What fails once others were sent to must not cost them their record. */
  async function sendVariant(
    { locale, isSilent, indexes }: Variant,
    isAfterOthers: boolean,
  ): Promise<readonly Outcome[]> {
    const addresses = indexes.map((index) => (targets[index] as Target).address);
    try {
      const content = await localiser.localise(draft, locale);
      const heard = isSilent ? silenced(content, silentChannelId) : content;
      return await sendByProvider(providers, heard, addresses, options);
    } catch (error) {
      if (!isAfterOthers) throw error;
      const outcome = failed(
        error instanceof PayloadTooLargeError ? { tooLarge: error } : { error },
      );
      return addresses.map(() => outcome);
    }
  }
}
