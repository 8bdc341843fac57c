/** The floor: a bare `node:http2` loop on one warm session, which knows nothing of failure and so could not be deployed. */

import http2 from 'node:http2';
import { built } from '../built.ts';
import { ACCESS_TOKEN, PROJECT_ID } from '../wire/account.ts';
import { content } from './push.ts';
import type { Answer, Peer } from './peer.ts';

const IN_FLIGHT = 100;
const PLACEHOLDER = 'PLACEHOLDER';

export function floor(): Peer {
  const { compileFcm } = built('providers/fcm/compile');
  const [head, tail] = compileFcm(content(), Date.now())
    .render('token', PLACEHOLDER)
    .split(PLACEHOLDER) as [string, string];
  const session = http2.connect('https://fcm.googleapis.com');
  const headers = {
    ':method': 'POST',
    ':path': `/v1/projects/${PROJECT_ID}/messages:send`,
    authorization: `Bearer ${ACCESS_TOKEN}`,
    'content-type': 'application/json',
  };
  const post = (address: string): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const stream = session.request(headers);
      let status: number | undefined;
      stream.on('response', (answer) => (status = answer[':status']));
      stream.on('error', reject);
      stream.on('close', () =>
        resolve(
          status === 200 ? 'delivered' : status === 404 ? 'unregistered' : `failed: ${status}`,
        ),
      );
      stream.resume();
      stream.end(head + address + tail);
    });
  return {
    async send(addresses) {
      const answers = new Array<Answer>(addresses.length);
      let next = 0;
      const worker = async (): Promise<void> => {
        while (next < addresses.length) {
          const index = next++;
          answers[index] = await post(addresses[index] as string);
        }
      };
      await Promise.all(Array.from({ length: Math.min(IN_FLIGHT, addresses.length) }, worker));
      return answers;
    },
    close: () => session.close(),
  };
}
