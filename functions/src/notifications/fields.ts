/**
 * Fields that the catalogue reads from apps' documents and can do without: what does not fit counts as absent.
 */
import * as z from 'zod';

/** A picture's address; anything but an http(s) URL is left out rather than losing the push. */
export const imageUrl = z
  .string()
  .max(2048)
  .regex(/^https?:\/\/\S+$/)
  .optional()
  .catch(undefined);

/** A name or title. */
export const optionalText = z.string().optional().catch(undefined);
