/** What Google's samples use: the Admin SDK's `sendEachForMulticast`, 500 tokens a call, one call after the other. */

import { messaging, type SendResponse } from '../admin-sdk.ts';
import { mendScheme } from '../wire/redirect.ts';
import { multicast } from './push.ts';
import type { Answer, Peer } from './peer.ts';

/** The SDK refuses more in one call. */
const TOKENS_A_CALL = 500;

export function firebaseAdmin(): Peer {
  mendScheme();
  const fcm = messaging();
  return {
    async send(addresses) {
      const answers: Answer[] = [];
      for (let start = 0; start < addresses.length; start += TOKENS_A_CALL) {
        const tokens = addresses.slice(start, start + TOKENS_A_CALL);
        const { responses } = await fcm.sendEachForMulticast(multicast(tokens));
        answers.push(...responses.map(answerOf));
      }
      return answers;
    },
    // It opens a session for every call and closes it itself.
    close: () => undefined,
  };
}

function answerOf({ success, error }: SendResponse): Answer {
  if (success) return 'delivered';
  const code = error?.code ?? 'no code';
  return code === 'messaging/registration-token-not-registered'
    ? 'unregistered'
    : `failed: ${code}`;
}
