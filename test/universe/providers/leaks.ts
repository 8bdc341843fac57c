/**
 * Finds phones' addresses in a text, such as a log or the ledger, where none belongs.
 */
import {
  APNS_MARK,
  APNS_TOKEN_LENGTH,
  FCM_MARK,
  FCM_TOKEN_LENGTH,
  INSTALLATION_LENGTH,
  INSTALLATION_MARK,
  type Phones,
} from './phones.ts';

/** What stands before the mark in an FCM token: the installation and a colon. */
const BEFORE_FCM_MARK = INSTALLATION_LENGTH + 1;
const BEFORE_INSTALLATION_MARK = 12;
const APNS_MARK_UPPER = APNS_MARK.toUpperCase();
/** A text that is shorter holds none. */
const SHORTEST_TOKEN = Math.min(FCM_TOKEN_LENGTH, APNS_TOKEN_LENGTH, INSTALLATION_LENGTH);

/** The first text that holds a token, anywhere in what is stored or logged, names of fields among it. */
export function leakIn(value: unknown, phones: Phones): string | undefined {
  if (typeof value === 'string') {
    return value.length >= SHORTEST_TOKEN && tokensIn(value, phones).length > 0 ? value : undefined;
  }
  if (typeof value !== 'object' || value === null) return undefined;
  if (value instanceof Error) return leakIn(value.message, phones);
  for (const name of Object.keys(value)) {
    const leak =
      leakIn(name, phones) ?? leakIn((value as Readonly<Record<string, unknown>>)[name], phones);
    if (leak !== undefined) return leak;
  }
  return undefined;
}

/**
 * The whole tokens that occur in a text, whatever became of them; of those that stand in a URL, too. An installation id counts where it is
 * not part of a token.
 */
export function tokensIn(text: string, phones: Phones): string[] {
  const found = new Set<string>();
  const look = (mark: string, before: number, length: number): void => {
    for (let index = text.indexOf(mark); index !== -1; index = text.indexOf(mark, index + 1)) {
      const start = index - before;
      if (start < 0) continue;
      const candidate = text.slice(start, start + length);
      const token = mark === APNS_MARK_UPPER ? candidate.toLowerCase() : candidate;
      if (phones.address(token) !== undefined) found.add(token);
    }
  };
  if (text.includes('%3A')) text = text.replaceAll('%3A', ':');
  look(FCM_MARK, BEFORE_FCM_MARK, FCM_TOKEN_LENGTH);
  look(APNS_MARK, 0, APNS_TOKEN_LENGTH);
  look(APNS_MARK_UPPER, 0, APNS_TOKEN_LENGTH);
  for (
    let index = text.indexOf(INSTALLATION_MARK);
    index !== -1;
    index = text.indexOf(INSTALLATION_MARK, index + 1)
  ) {
    const start = index - BEFORE_INSTALLATION_MARK;
    if (start < 0 || text.startsWith(`:${FCM_MARK}`, start + INSTALLATION_LENGTH)) continue;
    const id = text.slice(start, start + INSTALLATION_LENGTH);
    if (phones.address(id) !== undefined) found.add(id);
  }
  return [...found];
}
