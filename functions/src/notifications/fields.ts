/**
 * Fields that the catalogue reads from apps' documents and can do without: what does not fit counts as absent.
 */
import { beginningOf, showable } from '@firestore-push/push/lib';
import * as z from 'zod';

/** A longer name would push what happened out of sight: a lock screen shows about 40 characters of a title. */
const MAX_NAME_UNITS = 100;

/**
 * A picture's address; anything but an http(s) URL is left out rather than losing the push. What may be loaded is decided for all
 * notifications in one place: see `Notification.image`.
 */
export const imageUrl = z
  .string()
  .max(2048)
  .regex(/^https?:\/\/\S+$/)
  .optional()
  .catch(undefined);

/** A name or title of which something can be seen, cut at 100 UTF-16 units. */
export const optionalText = z
  .string()
  .transform((text) => beginningOf(showable(text, 'line'), MAX_NAME_UNITS) || undefined)
  .optional()
  .catch(undefined);
