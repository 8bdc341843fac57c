import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { KIT, projectFolder, removeProjectFolders } from '../testing/project-folder';
import { begin } from './begin';
import { chooseDeployment } from './deployment';

afterAll(removeProjectFolders);

const NOW = Date.parse('2026-11-28T12:00:00Z');

/** A project whose Functions emulator is at this port. */
function deployment(port: number, isEmulated = true) {
  const cwd = projectFolder({
    'firebase.json': { functions: KIT, emulators: { functions: { port, host: '127.0.0.1' } } },
    '.firebaserc': { projects: { default: 'acme' } },
    'function-kits/push/config/.env': 'REGION=europe-west1\n',
  });
  return chooseDeployment({ cwd, env: {} }, { emulators: isEmulated });
}

/** A Functions emulator that answers so. */
async function functionsEmulator(status: number) {
  const asked: { readonly url: string | undefined; readonly body: unknown }[] = [];
  const server = createServer((request, response) => {
    void request.toArray().then((chunks) => {
      const body: unknown = JSON.parse(Buffer.concat(chunks as Buffer[]).toString());
      asked.push({ url: request.url, body });
      response.writeHead(status).end();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return { port, asked, close: () => server.close() };
}

it('leaves what was reopened on Google Cloud to the next sweep', async () => {
  const said = await begin({ env: {} }, deployment(1, false), ['like-e1'], NOW);
  expect(said).toMatch(/within five minutes, with the next sweep/);
});

it('has the emulators, which make no sweeps, begin with each', async () => {
  const emulator = await functionsEmulator(204);
  const said = await begin({ env: {} }, deployment(emulator.port), ['like-e1', 'like-e2~3'], NOW);
  emulator.close();
  expect(said).toBe('It has begun.');
  expect(emulator.asked).toEqual(
    ['like-e1', 'like-e2~3'].map((delivery) => ({
      url: '/acme/europe-west1/kit-push-deliveryTasks',
      body: { data: { kind: 'resume', delivery, lease: NOW } },
    })),
  );
});

it('says that it has not begun where the emulators do not take it', async () => {
  const emulator = await functionsEmulator(500);
  const said = await begin({ env: {} }, deployment(emulator.port), ['like-e1'], NOW);
  emulator.close();
  expect(said).toMatch(/^It has not begun: .*deliveryTasks could not be asked \(HTTP 500\)\.$/);
});
