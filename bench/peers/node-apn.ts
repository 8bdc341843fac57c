/** @parse/node-apn with its defaults: one call for everybody, or `chunk` addresses a call, one call after the other. */

import apn from '@parse/node-apn';
import { APNS_ALERT, APNS_DATA, APNS_TAG, apnsExpiry, BUNDLE_ID } from './push.ts';
import { apnsKey, KEY_ID, TEAM_ID } from './apns-key.ts';
import type { Answer, Peer } from './peer.ts';

export function nodeApn(chunk = Infinity): Peer {
  const provider = new apn.Provider({
    token: { key: apnsKey(), keyId: KEY_ID, teamId: TEAM_ID },
    production: true,
  });
  return {
    async send(addresses) {
      const answers: Answer[] = [];
      for (let start = 0; start < addresses.length; start += chunk) {
        const part = addresses.slice(start, start + chunk);
        answers.push(...answersInOrder(part, await provider.send(notification(), part)));
      }
      return answers;
    },
    close: () => {
      void provider.shutdown();
    },
  };
}

type Responses = apn.Responses<apn.ResponseSent, apn.ResponseFailure>;

function notification(): apn.Notification {
  return new apn.Notification({
    topic: BUNDLE_ID,
    expiry: apnsExpiry(),
    priority: 10,
    pushType: 'alert',
    collapseId: APNS_TAG,
    alert: APNS_ALERT,
    sound: 'default',
    mutableContent: 1,
    contentAvailable: 1,
    payload: APNS_DATA,
  });
}

/** Its answer is two lists, without places; the devices named in them say whose each is. */
function answersInOrder(addresses: readonly string[], responses: Responses): Answer[] {
  const failures = new Map(responses.failed.map((failure) => [failure.device, failure]));
  const sent = new Set(responses.sent.map(({ device }) => device));
  return addresses.map((address): Answer => {
    if (sent.has(address)) return 'delivered';
    const failure = failures.get(address);
    if (failure?.response?.reason === 'Unregistered') return 'unregistered';
    // Errors of the connection name no device.
    const error = failure?.error ?? responses.failed.find((other) => other.error)?.error;
    return `failed: ${error?.message ?? failure?.response?.reason ?? 'not mentioned'}`;
  });
}
