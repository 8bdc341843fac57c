/**
 * The access token that Google is asked with: one that was handed over, or that of the application default credentials.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { own } from '../../model/own';
import { within } from '../../model/within';
import { UsageError } from '../command';

export interface TokenSource {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  /** Of `--access-token-file`. */
  readonly file?: string | undefined;
  /** Stands in for the application default credentials in tests. */
  readonly byDefault?: () => Promise<string>;
}

const WITHIN_MS = 10_000;

/** @throws {UsageError} saying how to sign in, where there are no credentials. */
export async function accessToken(source: TokenSource): Promise<string> {
  const { file, env, cwd } = source;
  if (file !== undefined) return checked('--access-token-file', tokenIn(resolve(cwd, file)));
  const given = own(env, 'GOOGLE_OAUTH_ACCESS_TOKEN');
  if (given) return checked('GOOGLE_OAUTH_ACCESS_TOKEN', given);
  try {
    return await within(
      WITHIN_MS,
      source.byDefault ?? defaultToken,
      `no answer within ${WITHIN_MS / 1000} s`,
    );
  } catch (error) {
    // Only the first line: the library's advice that follows is for code, not for a person at a terminal.
    const why = (error as Error).message.split('\n')[0]?.replace(/\.$/, '') ?? '';
    throw new UsageError(
      `Expected credentials for Google, found none that work (${why}). Sign in with: gcloud auth application-default login\n` +
        'Or set GOOGLE_OAUTH_ACCESS_TOKEN, or name a file that holds a token with --access-token-file.',
      { cause: error },
    );
  }
}

async function defaultToken(): Promise<string> {
  const { applicationDefault } = await import('firebase-admin/app');
  return (await applicationDefault().getAccessToken()).access_token;
}

function tokenIn(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageError(`--access-token-file: ${(error as Error).message}.`, { cause: error });
  }
}

/** Never repeats the token. */
function checked(name: string, text: string): string {
  const token = text.trim();
  if (/^[\x21-\x7e]+$/.test(token)) return token;
  throw new UsageError(`${name}: expected an access token on one line.`);
}
