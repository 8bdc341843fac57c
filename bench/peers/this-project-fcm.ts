/** This project's FCM provider, as the functions put it together. */

import { built } from '../built.ts';
import { ACCESS_TOKEN, PROJECT_ID } from '../wire/account.ts';
import { content } from './push.ts';
import { answerOf } from './outcomes.ts';
import type { Peer } from './peer.ts';

export function thisProjectFcm(): Peer {
  const { FcmProvider } = built('providers/fcm/provider');
  const { AccessTokens } = built('providers/fcm/access-token');
  const { Http2Client, HTTP2_DEFAULTS } = built('providers/http2/client');
  const now = Date.now;
  const client = new Http2Client({ ...HTTP2_DEFAULTS, origin: 'https://fcm.googleapis.com', now });
  const credential = {
    getAccessToken: () => Promise.resolve({ access_token: ACCESS_TOKEN, expires_in: 3600 }),
  };
  const provider = new FcmProvider({
    projectId: PROJECT_ID,
    client,
    tokens: new AccessTokens(credential, now),
    now,
  });
  return {
    send: async (addresses) => (await provider.send(content(), addresses)).map(answerOf),
    close: () => client.close(),
  };
}
