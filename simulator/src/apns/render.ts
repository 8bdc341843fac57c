/** How a push looks on its device, by its type. Pure. */
import { defined, isStruct, renderApple, text } from '../apple-notification.ts';
import type { Exchange } from '../exchange.ts';
import type { Rendered } from '../rendered.ts';
import type { Push } from './push.ts';

/** Renders a push. `at`: milliseconds since 1970. */
export function render(push: Push, headers: Exchange['headers'], at: number): Rendered {
  const { aps: sentAps, ...custom } = push.payload;
  const aps = isStruct(sentAps) ? sentAps : {};
  const expiration = text(headers['apns-expiration']);
  const common = {
    collapseId: text(headers['apns-collapse-id']),
    priority: text(headers['apns-priority']),
    timeToLiveSeconds:
      expiration === undefined
        ? undefined
        : Math.max(0, Number(expiration) - Math.floor(at / 1000)),
  };
  if (push.type === 'background') {
    return defined(renderApple({ ...common, aps: {}, data: custom, isVisible: false }));
  }
  if (push.type !== undefined && push.type !== 'alert') {
    // A call, an activity, a complication: the app shows what it likes.
    const data = { ...custom, ...(sentAps !== undefined && { aps: sentAps }) };
    return defined(renderApple({ ...common, aps: {}, data, isVisible: false }));
  }
  return defined(renderApple({ ...common, aps, data: custom, image: imageIn(custom) }));
}

/** APNs knows no image; this is where FCM's extension for iOS apps looks for one. */
function imageIn({ fcm_options: options }: Readonly<Record<string, unknown>>): string | undefined {
  return isStruct(options) ? text(options['image']) : undefined;
}
