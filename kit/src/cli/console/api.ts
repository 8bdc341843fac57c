/** The console's JSON API: `GET /api/…`, for its page and for scripts. */
import { within } from '../../model/within';
import { plainly } from './plainly';
import { BadQuestionError, type ConsoleSource, type Question } from './source';

export interface Answer {
  readonly status: number;
  readonly json: unknown;
}

/** The story of a large delivery may take many reads. */
const PATIENCE_MS = 30_000;
const LATE = 'Firestore did not answer within 30 seconds.';
const DAY_MS = 86_400_000;
/** The ledger keeps nothing for longer. */
const MAX_WITHIN_MS = 400 * DAY_MS;
/** Nothing that can be searched for is longer: a path has at most 6,144 bytes. */
const MAX_TEXT = 6_144;

/** Undefined: there is no such path. */
export async function answerApi(
  { pathname, searchParams }: URL,
  source: ConsoleSource,
): Promise<Answer | undefined> {
  const ask = ROUTES.get(pathname);
  if (ask === undefined) return undefined;
  try {
    return found(await within(PATIENCE_MS, () => ask(searchParams, source), LATE));
  } catch (error) {
    return error instanceof BadQuestionError
      ? refused(400, error.message)
      : refused(503, plainly(error));
  }
}

type Route = (params: URLSearchParams, source: ConsoleSource) => Promise<unknown>;

const ROUTES: ReadonlyMap<string, Route> = new Map<string, Route>([
  ['/api/place', (_params, { place }) => Promise.resolve(place)],
  ['/api/status', (_params, source) => source.status()],
  ['/api/find', async (params, source) => source.find(textOf(params, 'text'))],
  ['/api/report', async (params, source) => source.report(questionOf(params))],
]);

function questionOf(params: URLSearchParams): Question {
  const by = (['delivery', 'document', 'person'] as const).find((name) => params.has(name));
  if (by === undefined) {
    throw new BadQuestionError('Expected ?delivery=, ?document= or ?person=, got none of them.');
  }
  const value = textOf(params, by);
  if (by !== 'person') return { by, value };
  const within = Number(params.get('within') ?? DAY_MS);
  if (within > 0 && within <= MAX_WITHIN_MS) return { by, value, within };
  throw new BadQuestionError(`Expected &within= with 1 to ${MAX_WITHIN_MS} milliseconds.`);
}

function textOf(params: URLSearchParams, name: string): string {
  const text = params.get(name) ?? '';
  if (text !== '' && text.length <= MAX_TEXT) return text;
  throw new BadQuestionError(`Expected ?${name}= with 1 to ${MAX_TEXT} characters.`);
}

function found(json: unknown): Answer {
  return { status: 200, json };
}

/** An error as the page and scripts get it. */
export function refused(status: number, error: string): Answer {
  return { status, json: { error } };
}
