/**
 * What a notification may say to Apple's devices alone, checked, and made into what the ledger can keep.
 */
import * as z from 'zod';
import type { ApnsExtras } from '../content';
import { withoutUndefined } from '../without-undefined';
import { SPECIAL_PUSH_TYPES, type ApnsSpecialPushType } from './push-types';

export interface ApnsOptions {
  /**
   * For native tokens of another kind than those for notifications, e.g. `voip`. FCM addresses get the notification as its
   * style says. Default: `alert` or `background`, by style.
   */
  readonly pushType?: ApnsSpecialPushType | undefined;
  /** `apns-topic` as it is, e.g. for `mdm`. Default: the device's bundle id, else `APNS_TOPIC`, with the push type's suffix. */
  readonly topic?: string | undefined;
  /** More keys of `aps`, e.g. a Live Activity's `event`. Style `data` has them only with a push type: Apple wants none there. */
  readonly aps?: Readonly<Record<string, unknown>> | undefined;
  /** Keys beside `aps`, of any JSON type; they replace keys of `data`. */
  readonly custom?: Readonly<Record<string, unknown>> | undefined;
}

const jsonObject = z.record(z.string(), z.json({ error: 'expected JSON values' }), {
  error: 'expected an object',
});

export const apnsOptionsSchema = z
  .strictObject({
    pushType: z
      .enum(SPECIAL_PUSH_TYPES, {
        error: `expected ${SPECIAL_PUSH_TYPES.join(', ')}; "alert" and "background" follow from the style`,
      })
      .optional(),
    topic: z
      .string()
      .regex(/^[\w.-]+$/, 'expected a topic of letters, digits, ".", "-" and "_"')
      .optional(),
    aps: jsonObject.optional(),
    custom: jsonObject
      .refine((custom) => !Object.hasOwn(custom, 'aps'), {
        error: 'expected keys beside "aps": put its keys into apns.aps',
      })
      .optional(),
  })
  .refine(({ pushType, topic }) => pushType !== 'mdm' || topic !== undefined, {
    path: ['topic'],
    error: 'expected the UID of the MDM push certificate: no bundle id gives it',
  });

/** The options as content: objects become JSON text, because Firestore keeps no arrays in arrays. */
export function apnsExtras({ pushType, topic, aps, custom }: ApnsOptions): ApnsExtras {
  return withoutUndefined({
    pushType,
    topic,
    aps: aps && JSON.stringify(aps),
    custom: custom && JSON.stringify(custom),
  });
}
