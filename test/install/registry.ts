/**
 * A registry of npm on loopback, for tests only: it has the packages that it is given, and sends whoever asks for another one to the
 * registry that npm is configured with.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createServer, type RequestListener, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename } from 'node:path';

import { HOST } from '../../scripts/stack/ports.ts';

export interface PublishedPackage {
  /** The package's `package.json`. */
  readonly manifest: { readonly name: string; readonly version: string };
  /** File that `npm pack` wrote. */
  readonly tarball: string;
}

export interface LoopbackServer {
  /** With a `/` at its end. */
  readonly url: string;
  close(): Promise<void>;
}

/** @param upstream the registry that has all the other packages. */
export function serveRegistry(
  packages: readonly PublishedPackage[],
  upstream: string,
): Promise<LoopbackServer> {
  return serve(({ url = '/', headers }, response) => {
    const path = decodeURIComponent(url.slice(1));
    const published = packages.find(({ manifest }) => manifest.name === path);
    const packed = packages.find(({ tarball }) => path === tarballPath(tarball));
    if (published !== undefined) {
      answerJson(response, packumentOf(published, `http://${headers.host}/`));
    } else if (packed !== undefined) {
      response.end(readFileSync(packed.tarball));
    } else {
      response.writeHead(307, { location: new URL(url.slice(1), upstream).href }).end();
    }
  });
}

/** Listens on any port of loopback. */
export async function serve(listener: RequestListener): Promise<LoopbackServer> {
  const server = createServer(listener);
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: HOST, port: 0 }, resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${HOST}:${port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** What npm reads first: https://github.com/npm/registry/blob/main/docs/responses/package-metadata.md */
function packumentOf({ manifest, tarball }: PublishedPackage, registry: string): object {
  const { name, version } = manifest;
  const integrity = `sha512-${createHash('sha512').update(readFileSync(tarball)).digest('base64')}`;
  const dist = { tarball: registry + tarballPath(tarball), integrity };
  return {
    name,
    'dist-tags': { latest: version },
    versions: { [version]: { ...manifest, dist, _hasShrinkwrap: true } },
  };
}

function tarballPath(tarball: string): string {
  return `tarballs/${basename(tarball)}`;
}

/** Answers what is not to be kept: the next run's registry may have the same port and another package. */
export function answerJson(response: ServerResponse, body: object): void {
  const headers = { 'content-type': 'application/json', 'cache-control': 'no-store' };
  response.writeHead(200, headers).end(JSON.stringify(body));
}
