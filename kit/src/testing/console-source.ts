/** A ledger in memory, for tests of the console. */
import {
  BadQuestionError,
  type ConsoleSource,
  type Found,
  type Place,
  type Question,
  type Report,
  type Row,
  type Status,
} from '../cli/console/source';

export const QUIET: Status = {
  at: '2026-03-01T12:00:00.000Z',
  backlog: 0,
  waiting: 0,
  failures: {
    hour: { deliveries: 0, codes: [], isCut: false },
    day: { deliveries: 0, codes: [], isCut: false },
  },
  large: [],
};

export const EMPTY: Report = { stories: [], unnamed: [], facts: [], hints: [], cut: [] };

export class FakeSource implements ConsoleSource {
  readonly place: Place = { project: 'demo-x', instance: 'push' };
  readonly rows = new Map<string, Row>();
  /** What was asked of it, in order. */
  readonly asked: string[] = [];
  readonly questions: Question[] = [];
  /** What every method is rejected with. */
  failure: unknown;

  /** An entry made at this time, ms since 1970. */
  put(id: string, at: number, more: Partial<Row> = {}): Row {
    const row: Row = { id, type: 'like', at: new Date(at).toISOString(), state: 'told', ...more };
    this.rows.set(id, row);
    return row;
  }

  made(from: number, until: number, limit: number): Promise<readonly Row[]> {
    return this.answer('made', () =>
      [...this.rows.values()]
        .filter(({ at }) => from <= Date.parse(at) && Date.parse(at) < until)
        .sort((one, other) => Date.parse(one.at) - Date.parse(other.at))
        .slice(0, limit),
    );
  }

  again(ids: readonly string[]): Promise<readonly Row[]> {
    return this.answer(`again ${[...ids].sort().join(' ')}`, () =>
      ids.flatMap((id) => this.rows.get(id) ?? []),
    );
  }

  status(): Promise<Status> {
    return this.answer('status', () => QUIET);
  }

  report(question: Question): Promise<Report> {
    this.questions.push(question);
    return this.answer('report', () => EMPTY);
  }

  find(text: string): Promise<Found> {
    if (text === '..') return Promise.reject(new BadQuestionError('Expected an id.'));
    return this.answer('find', () => ({ by: 'person', value: text }));
  }

  private answer<Value>(what: string, value: () => Value): Promise<Value> {
    this.asked.push(what);
    // What was thrown may be anything.
    // eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors
    return this.failure === undefined ? Promise.resolve(value()) : Promise.reject(this.failure);
  }
}
