/** The one push that everybody sends, in each library's own words. */

import type { Content } from '../../kit/src/model/notification/content.ts';
import type { MulticastMessage } from '../admin-sdk.ts';

const DAY_MS = 86_400_000;
const TITLE = 'Lia liked your post';
const IMAGE = 'https://example.com/posts/p1.jpg';
const LINK = '/posts/p1';
const TAG = 'like-p1-lia';
const DATA = { postId: 'p1', likerId: 'lia' };
const COMMON = { type: 'like', deliveryId: 'like-e1', link: LINK };

export const BUNDLE_ID = 'com.example.app';

export function content(now = Date.now()): Content {
  return {
    type: COMMON.type,
    deliveryId: COMMON.deliveryId,
    style: 'alert',
    title: TITLE,
    image: IMAGE,
    data: DATA,
    requiredData: ['postId'],
    link: LINK,
    tag: TAG,
    sound: 'default',
    priority: 'high',
    expiresAt: now + DAY_MS,
  };
}

/** The same for the Admin SDK, for up to 500 tokens. */
export function multicast(tokens: readonly string[], now = Date.now()): MulticastMessage {
  return {
    tokens: [...tokens],
    notification: { title: TITLE, imageUrl: IMAGE },
    data: { ...DATA, ...COMMON },
    android: {
      priority: 'high',
      ttl: DAY_MS,
      notification: { tag: TAG, imageUrl: IMAGE, sound: 'default' },
    },
    apns: {
      headers: {
        'apns-push-type': 'alert',
        'apns-priority': '10',
        'apns-expiration': String(Math.floor((now + DAY_MS) / 1000)),
        'apns-collapse-id': TAG,
      },
      payload: { aps: { sound: 'default', mutableContent: true, contentAvailable: true } },
      fcmOptions: { imageUrl: IMAGE },
    },
    webpush: {
      headers: { TTL: '86400', Urgency: 'high' },
      notification: { tag: TAG, image: IMAGE },
    },
  };
}

/** The same for APNs: the keys of `aps` and those beside it. */
export const APNS_ALERT = { title: TITLE };
export const APNS_DATA = { ...DATA, ...COMMON, fcm_options: { image: IMAGE } };
export const APNS_TAG = TAG;
export function apnsExpiry(now = Date.now()): number {
  return Math.ceil((now + DAY_MS) / 1000);
}
