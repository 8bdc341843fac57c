import { once } from 'node:events';
import { request as httpsRequest } from 'node:https';
import { connect as connectTcp } from 'node:net';
import fc from 'fast-check';
import { createSimulator, type Simulator } from './index.ts';
import { sniff } from './server.ts';
import { openSession, PROJECT, SEND_PATH, sendMessage, sendOn } from './testing/fcm-client.ts';

let simulator: Simulator;
beforeEach(async () => {
  simulator = await createSimulator();
});
afterEach(() => simulator.close());

const SUCCESS = new RegExp(`projects/${PROJECT}/messages/`);

describe('one port', () => {
  it('speaks HTTP/1.1', async () => {
    expect((await sendMessage(simulator.url, { token: 'a', data: {} })).status).toBe(200);
  });

  it('speaks HTTP/2 with prior knowledge', async () => {
    const session = await openSession(simulator.url);
    expect((await sendOn(session)).body).toMatch(SUCCESS);
    session.destroy();
  });

  it('speaks HTTP/2 over TLS, with a certificate that holds for the providers’ names', async () => {
    const ca = await simulator.certificate();
    const session = await openSession(`https://localhost:${simulator.port}`, { ca });
    expect(session.alpnProtocol).toBe('h2');
    expect((await sendOn(session)).body).toMatch(SUCCESS);
    session.destroy();
  });

  it('speaks HTTP/1.1 over TLS', async () => {
    const request = httpsRequest({
      host: '127.0.0.1',
      port: simulator.port,
      servername: 'fcm.googleapis.com',
      ca: await simulator.certificate(),
      method: 'POST',
      path: SEND_PATH,
      headers: { authorization: 'Bearer test' },
      agent: false,
    });
    request.end(JSON.stringify({ message: { token: 'a', data: {} } }));
    const [response] = (await once(request, 'response')) as [
      { statusCode: number; resume(): void },
    ];
    response.resume();
    expect(response.statusCode).toBe(200);
  });

  it('goes on after a client that does not trust the certificate', async () => {
    const request = httpsRequest({ host: '127.0.0.1', port: simulator.port, agent: false });
    request.end();
    await once(request, 'error');
    expect((await sendMessage(simulator.url, { token: 'a', data: {} })).status).toBe(200);
  });

  it('waits for a preface that comes byte by byte', async () => {
    const socket = connectTcp(simulator.port, '127.0.0.1');
    socket.setNoDelay(true);
    await once(socket, 'connect');
    for (const byte of 'GET /simulator/devices HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n') {
      socket.write(byte);
      await new Promise(setImmediate);
    }
    let text = '';
    for await (const chunk of socket) text += String(chunk);
    expect(text).toMatch(/^HTTP\/1\.1 200 OK/);
  });

  it('drops a client that speaks nothing known', async () => {
    const socket = connectTcp(simulator.port, '127.0.0.1');
    socket.write('\u0000\u0001 what is this\r\n\r\n');
    socket.resume();
    await once(socket, 'close');
    expect((await sendMessage(simulator.url, { token: 'a', data: {} })).status).toBe(200);
  });

  it('cannot be taken twice', async () => {
    await expect(createSimulator({ port: simulator.port })).rejects.toMatchObject({
      code: 'EADDRINUSE',
    });
  });

  it('is free again once closed, whoever is still connected', async () => {
    const first = await createSimulator();
    const session = await openSession(first.url);
    const closed = once(session, 'close');
    await first.close();
    await closed;
    const second = await createSimulator({ port: first.port });
    expect(second.port).toBe(first.port);
    await second.close();
  });
});

describe('telling protocols apart', () => {
  it('needs no more than the preface to know HTTP/2, and no whole preface to know it is not', () => {
    expect(sniff(Buffer.from('PRI * HTTP/2.0'))).toBe('http2');
    expect(sniff(Buffer.from('PRI'))).toBeUndefined();
    expect(sniff(Buffer.from('PO'))).toBe('http1');
    expect(sniff(Buffer.from([0x16, 0x03]))).toBe('tls');
  });

  it('never changes its mind when more bytes come', () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 12 }),
      fc.constantFrom('PRI * HTTP/2.0', 'POST / HTTP/1.1').map((text) => Buffer.from(text)),
    );
    fc.assert(
      fc.property(bytes, fc.nat(12), (all, length) => {
        const early = sniff(Buffer.from(all.subarray(0, length)));
        return early === undefined || early === sniff(Buffer.from(all));
      }),
    );
  });
});
