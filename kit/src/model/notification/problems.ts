/**
 * What is wrong with a notification, field by field: the words are the same for an error of a catalogue entry and for a push document.
 */
import { issuesByField } from '../describe-issues';
import { contradictions, imageProblem } from './contradictions';
import { publicImages, type ImagePolicy } from './image-url';
import { notificationSchema } from './notification';

/**
 * Field → what was expected; nothing if the notification is fine.
 *
 * @param images which pictures it may have. Default: any of a public host.
 */
export function notificationProblems(
  notification: unknown,
  images: ImagePolicy = publicImages,
): Record<string, string> {
  const parsed = notificationSchema().safeParse(notification);
  const { image } = Object(notification) as { readonly image?: unknown };
  return {
    ...(parsed.success ? contradictions(parsed.data, images) : issuesByField(parsed.error)),
    ...imageProblem(image, images),
  };
}
