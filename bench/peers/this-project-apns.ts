/** This project's APNs provider, with devices of which nothing special is known. */

import { built } from '../built.ts';
import { answerOf } from './outcomes.ts';
import { BUNDLE_ID, content } from './push.ts';
import { apnsKey, KEY_ID, TEAM_ID } from './apns-key.ts';
import type { Peer } from './peer.ts';

export function thisProjectApns(): Peer {
  const { ApnsProvider, APNS_CONNECTION } = built('providers/apns/provider');
  const { ProviderTokens } = built('providers/apns/provider-token');
  const { parseApnsKey } = built('providers/apns/key');
  const { Http2Client } = built('providers/http2/client');
  const now = Date.now;
  const clientOf = (host: string) =>
    new Http2Client({ ...APNS_CONNECTION, origin: `https://${host}`, now });
  const production = clientOf('api.push.apple.com');
  const sandbox = clientOf('api.sandbox.push.apple.com');
  const unexpected = (what: string) => () => {
    throw new Error(`The APNs provider logged ${what}, which no answer here should make it do.`);
  };
  const provider = new ApnsProvider({
    servers: { production: { client: production }, sandbox: { client: sandbox } },
    tokens: new ProviderTokens({
      key: parseApnsKey(apnsKey()),
      keyId: KEY_ID,
      teamId: TEAM_ID,
      now,
    }),
    devices: {
      read: (addresses) => Promise.resolve(addresses.map(() => ({}))),
      rememberEnvironment: () => Promise.resolve(),
    },
    environment: 'production',
    bundleId: BUNDLE_ID,
    now,
    log: {
      environmentLearned: unexpected('a learned environment'),
      environmentNotKept: unexpected('a lost environment'),
      deviceFactsUnreadable: unexpected('unreadable devices'),
    },
  });
  return {
    send: async (addresses) => (await provider.send(content(), addresses)).map(answerOf),
    close: () => {
      production.close();
      sandbox.close();
    },
  };
}
