import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';

import { downloadUrl } from './firestore-emulator.ts';
import { announceDownload, requireDownload, type Requirements } from './requirements.ts';

const java = { binary: '/java', major: 21, source: 'PATH' } as const;

test('says that the emulator is downloaded only where it is', () => {
  const there: Requirements = { java, firestore: { source: 'firebase-tools' } };
  const absent: Requirements = { java, firestore: { source: 'download' } };
  expect(announceDownload(there)).toBeUndefined();
  expect(announceDownload(absent)).toContain('130 MB');
});

test('knows where firebase-tools downloads from', async () => {
  expect(await downloadUrl(join(__dirname, '../..'))).toMatch(/^https:.*firestore.*\.jar$/);
});

describe('where the emulator cannot be downloaded', () => {
  /** A port that nobody listens on. */
  async function deadUrl(): Promise<string> {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    return `http://127.0.0.1:${port}/emulator.jar`;
  }

  test('names every way to get it, and what did not answer', async () => {
    const url = await deadUrl();
    const failure = requireDownload(url, {});
    await expect(failure).rejects.toMatchObject({ code: 'emulator-missing' });
    await expect(failure).rejects.toThrow(/setup:emulators:firestore/);
    await expect(failure).rejects.toThrow(/127\.0\.0\.1:\d+ does not answer \(.*ECONNREFUSED/);
  });

  test('leaves it to firebase-tools where there is a proxy', async () => {
    const env = { https_proxy: 'http://proxy:3128' };
    await expect(requireDownload(await deadUrl(), env)).resolves.toBeUndefined();
  });
});
