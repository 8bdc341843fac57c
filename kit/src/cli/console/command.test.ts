import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  KIT,
  projectFolder,
  recordedSurroundings,
  removeProjectFolders,
} from '../../testing/project-folder';
import { consoleCommand } from './command';

afterAll(removeProjectFolders);

function call(args: readonly string[]) {
  const folder = projectFolder({ 'firebase.json': { functions: KIT } });
  const { surroundings } = recordedSurroundings(folder);
  return consoleCommand.run(args, surroundings);
}

it.each(['http', '-1', '65536', '1.5', ''])('refuses the port %p', async (port) => {
  await expect(call([`--port=${port}`, '--project', 'demo-x'])).rejects.toThrow(
    `--port: expected a whole number from 0 to 65535, got "${port}".`,
  );
});

it('wants to know which project is meant', async () => {
  await expect(call([])).rejects.toThrow('Expected --project');
});

it('says that a port is taken, and what to do', async () => {
  // Stands for Firestore's emulator, too, which only has to answer here.
  const taken = createServer((_request, response) => response.end());
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
  const { port } = taken.address() as AddressInfo;
  const folder = projectFolder({ 'firebase.json': { functions: KIT } });
  const { surroundings } = recordedSurroundings(folder, {
    FIRESTORE_EMULATOR_HOST: `127.0.0.1:${port}`,
  });
  const started = consoleCommand.run(['--port', `${port}`, '--project', 'demo-x'], surroundings);
  await expect(started).rejects.toThrow(
    `Port ${port} is taken. Choose another with --port N, or any with --port 0.`,
  );
  taken.closeAllConnections();
  await new Promise((resolve) => taken.close(resolve));
});
