import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { createSimulator } from './index.ts';

const CLI = fileURLToPath(new URL('./cli.ts', import.meta.url));

const start = (...options: string[]) => {
  const child = spawn(process.execPath, [CLI, ...options], { stdio: ['ignore', 'pipe', 'pipe'] });
  let errors = '';
  child.stderr.on('data', (chunk) => (errors += String(chunk)));
  const ended = once(child, 'close').then(([code]) => ({ code: code as unknown, errors }));
  return { child, ended };
};

describe('the command line', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)(
    'says in one line where it listens, and stops cleanly on %s',
    async (signal) => {
      const { child, ended } = start('--port', '0', '--seed', '7', '--project', 'mine');
      const [line] = (await once(child.stdout, 'data')) as [Buffer];
      const [, url] =
        /^Simulator: FCM and inbox page on (http:\S+), APNs on 127\.0\.0\.1:\d+\n$/.exec(
          String(line),
        ) ?? [];
      const response = await fetch(`${url}/simulator/events`);
      child.kill(signal);
      expect(await ended).toEqual({ code: 0, errors: '' });
      await expect(response.text()).rejects.toThrow();
    },
  );

  it('names a port that is taken', async () => {
    const simulator = await createSimulator();
    const { ended } = start('--port', String(simulator.port));
    const { code, errors } = await ended;
    await simulator.close();
    expect(code).toBe(1);
    expect(errors).toContain(`Expected port ${simulator.port} to be free`);
  });

  it('names the port of APNs if that is taken, and leaves nothing behind', async () => {
    const simulator = await createSimulator();
    const { ended } = start('--port', '0', '--apns-port', String(simulator.apnsPort));
    const { code, errors } = await ended;
    await simulator.close();
    expect(code).toBe(1);
    expect(errors).toContain(`Expected port ${simulator.apnsPort} to be free`);
    expect(errors).toContain('--apns-port');
  });

  it('refuses what is no number and no option', async () => {
    expect(await start('--port', 'many').ended).toEqual({
      code: 1,
      errors: 'simulator: Expected --port to be a whole number, got "many".\n',
    });
    expect((await start('--apns-environment', 'test').ended).errors).toBe(
      'simulator: Expected --apns-environment to be production or sandbox, got "test".\n',
    );
    expect((await start('--prot', '1').ended).code).toBe(1);
  });
});
