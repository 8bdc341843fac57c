/** TLS: whom a connection trusts, and how origins are read. */
import { type Simulator, startSimulator } from '../../testing/simulator';
import type { Http2Client } from './client';
import { client, inShort, post } from '../../testing/http2-peer';

let server: Simulator;
let http: Http2Client;

beforeAll(async () => {
  server = await startSimulator();
});

afterEach(() => http.close());
afterAll(() => server.close());

it.each(['127.0.0.1', 'localhost'])('reaches a trusted server at %s', async (host) => {
  http = client(`https://${host}:${server.port}`, { tls: { ca: await server.certificate() } });
  expect(await http.request(post())).toMatchObject({ kind: 'response', status: 404 });
});

it('sends nothing to a server that nobody vouches for', async () => {
  const before = server.requests().length;
  http = client(`https://127.0.0.1:${server.port}`);
  expect(inShort(await http.request(post()))).toBe('never: DEPTH_ZERO_SELF_SIGNED_CERT');
  expect(server.requests()).toHaveLength(before);
});

it('sends nothing to a server of another name', async () => {
  http = client(`https://127.0.0.2:${server.port}`, { tls: { ca: await server.certificate() } });
  expect(inShort(await http.request(post()))).toMatch(/^never: /);
});

it.each(['http://127.0.0.1', 'https://127.0.0.1', 'http://[::1]:1'])(
  'reads %s as an address and a port',
  async (origin) => {
    http = client(origin);
    expect(inShort(await http.request(post()))).toMatch(/^never: E[A-Z]+$/);
  },
);
