import { createServer } from 'node:http';
import type { Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

import { listenForPushes, pushOf } from './pushes.ts';

const INBOX = {
  address: 'token',
  item: { at: '2030-01-01T00:00:00.000Z', kind: 'notification', title: 'Hi', data: {} },
};

test('reads a push out of an event', () => {
  expect(pushOf(`event: inbox\ndata: ${JSON.stringify(INBOX)}`)).toEqual({
    address: 'token',
    ...INBOX.item,
  });
});

test.each(['event: device\ndata: {"device":{}}', ': still here', 'retry: 1000'])(
  'reads no push out of %j',
  (event) => {
    expect(pushOf(event)).toBeUndefined();
  },
);

describe('listening', () => {
  let server: Server;
  let url: string;
  const asked = Promise.withResolvers<ServerResponse>();
  beforeAll(async () => {
    server = createServer((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('retry: 1000\n\n');
      asked.resolve(response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  test('puts together an event that came in pieces, and ends when it is told to', async () => {
    const over = new AbortController();
    const pushes = await listenForPushes(url, over.signal);
    const response = await asked.promise;
    const event = `event: inbox\ndata: ${JSON.stringify(INBOX)}\n\n`;
    response.write(event.slice(0, 20));
    response.write(event.slice(20));
    const titles: (string | undefined)[] = [];
    for await (const push of pushes) {
      titles.push(push.title);
      over.abort();
    }
    expect(titles).toEqual(['Hi']);
  });
});
