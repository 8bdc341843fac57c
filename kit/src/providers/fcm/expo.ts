/**
 * Expo's formats as one FCM v1 message: data alone for Android, an alert for Apple, a notification for the web.
 *
 * Expo's apps on Android show what arrives as data (`expo-notifications`); an FCM `notification` would pass them by. So nothing
 * stands at the top of the message, and each platform's block says all.
 */
import { appData, silentData } from '../apns/aps';
import { apnsPayload } from '../apns/compile';
import {
  textsWithoutResources,
  type Content,
  type ExpoFormat,
} from '../../model/notification/content';
import { withoutUndefined } from '../../model/without-undefined';
import type { Broadcaster, Provider } from '../provider';
import type { FcmMessage } from './message';

/** Rewrites a compiled message to Expo's formats; headers, time to live and collapse key stay as they are. */
export function expoMessage(message: FcmMessage, content: Content, expo: ExpoFormat): FcmMessage {
  const silent = content.style === 'data';
  const { notification: _shown, ...android } = { ...message.android };
  return {
    fcmOptions: message.fcmOptions,
    android: { ...android, data: androidData(content, expo) },
    apns: { ...message.apns, payload: apnsPayload({ ...asOrdinary(content), expo }) },
    webpush: {
      ...message.webpush,
      data: silent ? message.data : appData(content),
      notification: silent
        ? undefined
        : { ...textsWithoutResources(content), ...message.webpush?.notification },
    },
  };
}

/** A special push type is for native tokens: through FCM a push goes as its style says, as its headers do. */
function asOrdinary({ apns, ...content }: Content): Content {
  if (apns === undefined) return content;
  const { pushType, aps, custom } = apns;
  const own = { custom, aps: pushType === undefined ? aps : undefined };
  return { ...content, apns: withoutUndefined(own) };
}

/** All strings; `body` is the app's own data as JSON text, `tag` what `expo-notifications` tells repeats by. */
function androidData(
  content: Content,
  { experienceId, icon }: ExpoFormat,
): Record<string, string | undefined> {
  const { channelId, category, link, tag } = content;
  const silent = content.style === 'data';
  const shown = silent ? undefined : textsWithoutResources(content);
  return {
    experienceId,
    // With a text it would be shown.
    title: shown?.title,
    message: shown?.body,
    channelId,
    categoryId: category,
    icon,
    link,
    tag,
    body: JSON.stringify(silent ? silentData(content) : appData(content)),
  };
}

/** A provider that sends in Expo's formats for `experienceId` whatever names no experience of its own. */
export function inExperience(
  provider: Provider & Broadcaster,
  experienceId: string,
): Provider & Broadcaster {
  const formatted = (content: Content): Content =>
    content.expo === undefined ? { ...content, expo: { experienceId } } : content;
  return {
    send: (content, addresses, options) => provider.send(formatted(content), addresses, options),
    broadcast: (content, target) => provider.broadcast(formatted(content), target),
  };
}
