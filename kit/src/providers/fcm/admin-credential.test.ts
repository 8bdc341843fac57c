/** Against firebase-admin itself: what it keeps is no public contract of its, so that an upgrade which changes it fails here. */
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import * as http from 'node:http';
import type { AddressInfo } from 'node:net';
import * as path from 'node:path';
import { promisify } from 'node:util';
import { renewable } from './admin-credential';

/** In a process of its own: google-auth-library imports as Jest's modules cannot. */
const TAKE_TOKENS = `
  import { applicationDefault } from 'firebase-admin/app';
  import { renewable } from './src/providers/fcm/admin-credential.ts';
  const credential = renewable(applicationDefault());
  const taken = [];
  for (const take of ['getAccessToken', 'getAccessToken', 'renew', 'getAccessToken']) {
    taken.push((await credential[take]()).access_token);
  }
  console.log(JSON.stringify(taken));
`;

it('gives the token that firebase-admin keeps, and with renew another one', async () => {
  let asked = 0;
  // As the metadata server of an instance, but that each token is another.
  const server = http.createServer((request, response) => {
    response.setHeader('metadata-flavor', 'Google');
    if (request.url?.includes('/service-accounts/default/token') !== true) {
      response.end('ok');
      return;
    }
    asked += 1;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ access_token: `t${asked}`, expires_in: 3600 }));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const { stdout } = await promisify(execFile)(
      process.execPath,
      ['--input-type=module', '--eval', TAKE_TOKENS],
      {
        cwd: path.join(__dirname, '../../..'),
        env: {
          GCE_METADATA_HOST: `127.0.0.1:${(server.address() as AddressInfo).port}`,
          METADATA_SERVER_DETECTION: 'assume-present',
          GOOGLE_CLOUD_PROJECT: 'demo-birds',
          // Not where a developer's own login would be found.
          HOME: path.join(__dirname, 'nobody'),
        },
      },
    );
    expect(JSON.parse(stdout)).toEqual(['t1', 't1', 't2', 't2']);
  } finally {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  }
});

it('asks again a credential of the team’s own, which keeps what it wants', async () => {
  let given = 0;
  const own = {
    getAccessToken: () => Promise.resolve({ access_token: `own-${++given}`, expires_in: 60 }),
  };
  expect(await renewable(own).renew?.()).toEqual({ access_token: 'own-1', expires_in: 60 });
});
