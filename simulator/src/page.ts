/** Serves the inbox page: `GET /` and the files it needs. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Exchange } from './exchange.ts';

/** Nothing but this page's own files runs; images may come from where a message says. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' http: https:",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const files: Readonly<Record<string, { readonly name: string; readonly type: string }>> = {
  '/': { name: 'index.html', type: 'text/html; charset=utf-8' },
  '/page/inbox.css': { name: 'inbox.css', type: 'text/css; charset=utf-8' },
  '/page/inbox.js': { name: 'inbox.js', type: 'text/javascript; charset=utf-8' },
  '/page/icon.svg': { name: 'icon.svg', type: 'image/svg+xml' },
  '/page/view.js': { name: 'view.js', type: 'text/javascript; charset=utf-8' },
};

/** Answers a request for the page. Answers false if the path is none of the page's. */
export function handlePage(exchange: Exchange): boolean {
  const file = Object.hasOwn(files, exchange.path) ? files[exchange.path] : undefined;
  if (exchange.method !== 'GET' || file === undefined) return false;
  const path = fileURLToPath(new URL(`./page/${file.name}`, import.meta.url));
  exchange.answer({
    status: 200,
    headers: {
      'content-type': file.type,
      'content-security-policy': CONTENT_SECURITY_POLICY,
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-cache',
    },
    body: readFileSync(path, 'utf8'),
  });
  return true;
}
