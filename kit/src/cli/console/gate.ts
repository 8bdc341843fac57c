/**
 * Who may ask the console: programs of this machine that mean it, and its own page. Not another site's page in the operator's browser,
 * neither by a request of its own nor by a name that it has pointed at this machine; pure.
 */
import type { IncomingHttpHeaders } from 'node:http';

export interface Refusal {
  readonly status: number;
  readonly message: string;
  readonly headers?: Readonly<Record<string, string>>;
}

const HOSTS = ['127.0.0.1', 'localhost', '[::1]'];

/** Why a request is refused; undefined: it is not. */
export function refusalOf(
  { method, path, headers }: { method: string; path: string; headers: IncomingHttpHeaders },
  port: number,
): Refusal | undefined {
  // First: whoever came by another name is told nothing else.
  const hosts = HOSTS.map((host) => `${host}:${port}`);
  if (!hosts.includes(headers.host?.toLowerCase() ?? '')) {
    return { status: 421, message: `Call this by its own address: http://127.0.0.1:${port}/` };
  }
  if (method !== 'GET' && method !== 'HEAD') {
    const message = 'The console only reads: GET or HEAD.';
    return { status: 405, message, headers: { allow: 'GET, HEAD' } };
  }
  const origin = headers.origin;
  const isOthers = origin !== undefined && !hosts.some((host) => origin === `http://${host}`);
  if (isOthers || !isOwnFetch(path, headers)) {
    return { status: 403, message: 'Only the console’s own page may ask for this.' };
  }
  return undefined;
}

/** Browsers say where a request comes from. A link in a chat may open the page; nothing else may be asked for from another site. */
function isOwnFetch(path: string, headers: IncomingHttpHeaders): boolean {
  const site = headers['sec-fetch-site'];
  if (site === undefined || site === 'same-origin' || site === 'none') return true;
  return (
    path === '/' &&
    headers['sec-fetch-mode'] === 'navigate' &&
    headers['sec-fetch-dest'] === 'document'
  );
}
