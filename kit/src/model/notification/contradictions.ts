/**
 * What is wrong with a notification's content although each field is as it should be: fields that contradict each other, and
 * pushes that would show nothing.
 */
import type { ImagePolicy } from './image-url';
import { own } from '../own';
import { showable } from './text';
import { VOIP_LIMIT_BYTES } from './apns-push-types';
import type { Notification } from './notification';

type Problems = Record<string, string>;

/** Field → what was expected; nothing if it is fine. The fields themselves have been checked. */
export function contradictions(notification: Notification, images: ImagePolicy): Problems {
  const problems = new Map<string, string>();
  const say = (field: string, problem: string | undefined): void => {
    if (problem !== undefined) problems.set(field, problem);
  };
  const { style, sound, criticalVolume, apns, expo } = notification;
  if (sound === null && criticalVolume !== undefined) {
    say('criticalVolume', 'expected a sound to play at this volume, got sound: null');
  }
  const actual = styleOf(notification);
  if (actual === 'data' && apns?.aps !== undefined && apns.pushType === undefined) {
    say(
      'apns.aps',
      'expected style "alert" or a pushType: Apple allows nothing but content-available in a silent push',
    );
  }
  if (actual === undefined) say('title', nothingToShow(style, notification.badge));
  if (expo?.icon !== undefined && /:|^\/\//.test(expo.icon)) {
    say('expo.icon', problemOf(expo.icon, images));
  }
  sayTwice(notification, actual, say);
  say('requiredData', requiredProblem(notification));
  return Object.fromEntries(problems);
}

/**
 * Whether a notification is shown or handed to the app. Default: shown if it has a text, handed to the app if it has only data, or is
 * of a push type of its own; undefined if neither can be.
 */
export function styleOf(notification: Notification): 'alert' | 'data' | undefined {
  const { style, title, body, data, badge, apns } = notification;
  if (style === 'data') return 'data';
  if (hasText(title) || hasText(body)) return 'alert';
  if (style === 'alert') return undefined;
  const hasData = data !== undefined && Object.keys(data).length > 0;
  return apns?.pushType !== undefined || (hasData && badge === undefined) ? 'data' : undefined;
}

function hasText(text: Notification['title']): boolean {
  if (text === undefined) return false;
  if (typeof text === 'string') return showable(text, 'line') !== '';
  return showable('key' in text ? text.key : text.locKey, 'line') !== '';
}

function nothingToShow(style: Notification['style'], badge: number | undefined): string {
  const alone =
    badge === undefined
      ? ''
      : '; a badge without a text would be an empty notification on Android, so send one with the next push';
  const instead =
    style === 'alert' ? 'style "data" for the app alone' : 'data or style "data" for the app alone';
  return `expected a title or a body to show (invisible characters do not count), or ${instead}${alone}`;
}

/** What is wrong with the picture, whatever else is. */
export function imageProblem(image: unknown, images: ImagePolicy): Problems {
  const problem = typeof image === 'string' ? problemOf(image, images) : undefined;
  return problem === undefined ? {} : { image: problem };
}

function problemOf(url: string, images: ImagePolicy): string | undefined {
  const verdict = images(url);
  return 'problem' in verdict ? verdict.problem : undefined;
}

/** What both a field and the data of the same name say must be the same: one of them would silently not arrive. */
function sayTwice(
  { link, title, body, image, data = {} }: Notification,
  style: 'alert' | 'data' | undefined,
  say: (field: string, problem: string) => void,
): void {
  const fields = style === 'data' ? { link, title, body, image } : { link };
  for (const [name, value] of Object.entries(fields)) {
    const given = own(data, name);
    if (value === undefined || given === undefined || given === value) continue;
    say(
      `data.${name}`,
      `expected "${name}" or data.${name}, not both: they arrive under the same name`,
    );
  }
}

/** Keys that arrive without being in the data. */
const ALWAYS_THERE = ['type', 'deliveryId'];

function requiredProblem({ requiredData = [], data = {}, link }: Notification): string | undefined {
  const isThere = (key: string): boolean =>
    Object.hasOwn(data, key) ||
    ALWAYS_THERE.includes(key) ||
    (key === 'link' && link !== undefined);
  const missing = requiredData.filter((key) => !isThere(key));
  if (missing.length > 0) return `names ${missing.join(', ')}: expected keys that are in data`;
  const bytes = requiredData
    .map((key) => [key, own(data, key)] as const)
    .filter(([, value]) => value !== undefined)
    .reduce((sum, each) => sum + Buffer.byteLength(each.join('')), 0);
  if (bytes <= VOIP_LIMIT_BYTES) return undefined;
  return `has ${bytes} bytes: expected at most ${VOIP_LIMIT_BYTES}, the most that any payload holds`;
}
