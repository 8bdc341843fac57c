/**
 * What a notification may say to Apple's devices alone, checked, and made into what the ledger can keep.
 */
import * as z from 'zod';
import { once } from '../once';
import { appleKeyProblem } from './data-keys';
import { showable } from './text';
import type { ApnsExtras } from './content';
import { own } from '../own';
import type { Mismatched, None } from '../schema-match';
import { withoutUndefined } from '../without-undefined';
import { SPECIAL_PUSH_TYPES, VOIP_LIMIT_BYTES, type ApnsSpecialPushType } from './apns-push-types';

/** What a notification says to Apple's devices alone: see `docs/apns.md`. */
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

/** Levels of objects and lists in each other: deeper ones would end the stack of whoever reads them. */
const MAX_DEPTH = 20;

/** An object of JSON values that a payload can hold, and that can be kept as text. */
function jsonObject(keyProblem: (key: string) => string | undefined = () => undefined) {
  return z.custom<Readonly<Record<string, unknown>>>().superRefine((value: unknown, context) => {
    if (value === undefined) return;
    const refuse = (message: string, ...path: string[]) =>
      context.addIssue({ code: 'custom', path, message });
    if (!isPlainObject(value)) return refuse('expected an object');
    if (!isJson(value, MAX_DEPTH)) {
      return refuse(`expected JSON values, at most ${MAX_DEPTH} levels deep`);
    }
    const bytes = Buffer.byteLength(JSON.stringify(value));
    if (bytes > VOIP_LIMIT_BYTES) {
      return refuse(`expected at most ${VOIP_LIMIT_BYTES} bytes of JSON, got ${bytes}`);
    }
    for (const key of Object.keys(value)) {
      const problem = keyProblem(key);
      if (problem !== undefined) refuse(problem, key.toWellFormed());
    }
  });
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === null || prototype === Object.prototype;
}

function isJson(value: unknown, levels: number): boolean {
  if (value === null || typeof value === 'boolean') return true;
  if (typeof value === 'string') return value.isWellFormed();
  if (typeof value === 'number') return Number.isFinite(value);
  if (levels === 0) return false;
  if (Array.isArray(value)) return value.every((each) => isJson(each, levels - 1));
  return (
    isPlainObject(value) &&
    Object.entries(value).every(([key, each]) => key.isWellFormed() && isJson(each, levels - 1))
  );
}

const aps = () =>
  jsonObject().refine(
    (value) => {
      const alert = own(value, 'alert');
      return alert === undefined || typeof alert === 'string' || isPlainObject(alert);
    },
    { path: ['alert'], error: 'expected a text or an object' },
  );

export const apnsOptions = once(() =>
  z
    .strictObject({
      pushType: z
        .enum(SPECIAL_PUSH_TYPES, {
          error: `expected ${SPECIAL_PUSH_TYPES.join(', ')}; "alert" and "background" follow from the style`,
        })
        .optional(),
      topic: z
        .string()
        .max(256)
        .regex(/^[\w.-]+$/, 'expected a topic of letters, digits, ".", "-" and "_"')
        .optional(),
      aps: aps().optional(),
      custom: jsonObject(appleKeyProblem).optional(),
    })
    .refine(({ pushType, topic }) => pushType !== 'mdm' || topic !== undefined, {
      path: ['topic'],
      error:
        'expected the UID of the MDM push certificate, which cannot be derived from a bundle id',
    }),
);

// An error here names the fields that the interface and the schema declare differently: make them the same.
type _Declared = None<Mismatched<ApnsOptions, ReturnType<typeof apnsOptions>>>;

/**
 * The options as content: objects become JSON text, because Firestore keeps no arrays in arrays; texts of an alert are made fit to be
 * shown.
 *
 * @param isSoundSaid whether the notification has a field for the sound, which then is the one that counts.
 */
export function apnsExtras(
  { pushType, topic, aps: given, custom }: ApnsOptions,
  isSoundSaid: boolean,
): ApnsExtras {
  const shown = given && withShowableAlert(given);
  const { sound: _unheard, ...silent } = shown ?? {};
  const heard = isSoundSaid && pushType === undefined ? shown && silent : shown;
  return withoutUndefined({
    pushType,
    topic,
    aps: heard && JSON.stringify(heard),
    custom: custom && JSON.stringify(custom),
  });
}

function withShowableAlert(given: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const isThere = Object.hasOwn(given, 'alert');
  return isThere ? { ...given, alert: withShowableTexts(given['alert'], 'body') } : { ...given };
}

/** Every text in an alert; keys of texts are texts, too, where an app has no such resource. */
function withShowableTexts(value: unknown, name: string): unknown {
  if (typeof value === 'string') return showable(value, ONE_LINE.test(name) ? 'line' : 'lines');
  if (Array.isArray(value)) return value.map((each) => withShowableTexts(each, name));
  if (!isPlainObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key, withShowableTexts(each, key)]),
  );
}

const ONE_LINE = /^(?:sub)?title$|-args$/;
