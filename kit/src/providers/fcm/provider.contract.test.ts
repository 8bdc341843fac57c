import { itIsAProvider } from '../../testing/provider-contract';
import { AccessTokens } from './access-token';
import { FcmProvider } from './provider';

describe('FcmProvider', () => {
  itIsAProvider({
    make: (client) =>
      new FcmProvider({
        projectId: 'demo-birds',
        client,
        tokens: new AccessTokens(
          { getAccessToken: () => Promise.resolve({ access_token: 't', expires_in: 3600 }) },
          Date.now,
        ),
        now: Date.now,
      }),
    address: (nth) => `device-${nth}:APA91b`,
    addressOf: ({ body }) => (JSON.parse(body) as { message: { token: string } }).message.token,
    accepted: '{"name":"projects/demo-birds/messages/1"}',
    dead: {
      status: 404,
      body: {
        error: {
          code: 404,
          status: 'NOT_FOUND',
          details: [
            {
              '@type': 'type.googleapis.com/google.firebase.fcm.v1.FcmError',
              errorCode: 'UNREGISTERED',
            },
          ],
        },
      },
    },
  });
});
