/** apns2 with its defaults: one `sendMany` for everybody, or `chunk` addresses a call, one call after the other. */

import { ApnsClient, ApnsError, Notification } from 'apns2';
import { APNS_ALERT, APNS_DATA, APNS_TAG, apnsExpiry, BUNDLE_ID } from './push.ts';
import { apnsKey, KEY_ID, TEAM_ID } from './apns-key.ts';
import type { Answer, Peer } from './peer.ts';

export function apns2(chunk = Infinity): Peer {
  const client = new ApnsClient({
    team: TEAM_ID,
    keyId: KEY_ID,
    signingKey: apnsKey(),
    defaultTopic: BUNDLE_ID,
  });
  return {
    async send(addresses) {
      const answers: Answer[] = [];
      for (let start = 0; start < addresses.length; start += chunk) {
        const part = addresses.slice(start, start + chunk);
        answers.push(...(await client.sendMany(part.map(notification))).map(answerOf));
      }
      return answers;
    },
    close: () => client.close(),
  };
}

function notification(address: string): Notification {
  return new Notification(address, {
    // Its types want a body, which this push has not.
    aps: { alert: APNS_ALERT },
    sound: 'default',
    mutableContent: true,
    contentAvailable: true,
    expiration: apnsExpiry(),
    collapseId: APNS_TAG,
    data: APNS_DATA,
  });
}

function answerOf(result: Notification | { error: unknown }): Answer {
  if (!('error' in result)) return 'delivered';
  const { error } = result;
  if (error instanceof ApnsError && error.reason === 'Unregistered') return 'unregistered';
  return `failed: ${error instanceof Error ? error.message : String(error)}`;
}
