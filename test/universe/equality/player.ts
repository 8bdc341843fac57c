/** Plays a history on one Firestore: program by program, or turn by turn. */
import type { Condition, History, Operation, Program, Query, Read } from './operations.ts';
import {
  dataAt,
  fieldAt,
  pathAt,
  valueAt,
  type Asked,
  type Counted,
  type Database,
  type Document,
  type Found,
  type InTransaction,
  type Place,
} from './place.ts';
import { documentResult, errorResult, Moment, type Result } from './results.ts';
import type { Turn } from './turn.ts';

/** What came of a program. */
export interface Outcome {
  /** Of its operations; of a transaction, as it was run last. */
  readonly results: readonly Result[];
  readonly end: Result;
  readonly runs: number;
  /** The times that its operations' conditions named, µs since 1970. */
  readonly conditions: readonly (number | undefined)[];
}

/** Has a condition name a time of a document's, µs since 1970. */
export type TimeOf = (condition: Condition, doc: string, index: number) => number | undefined;

const THROWN = 'thrown by the body';
/** Nobody wrote anything then. */
export const OTHER_TIME = 978_307_200_000_000;

export class Performer {
  readonly results: Result[] = [];
  readonly conditions: (number | undefined)[] = [];
  private readonly place: Place;
  private readonly timeOf: TimeOf;
  private readonly onResult: (result: Result, index: number) => void;

  constructor(place: Place, timeOf: TimeOf, onResult: (result: Result, index: number) => void) {
    this.place = place;
    this.timeOf = timeOf;
    this.onResult = onResult;
  }

  /** @param db the client with which this program does it. */
  async play(program: Program, db: Database, turn?: Turn): Promise<Outcome> {
    if (program.kind === 'single') {
      await turn?.mine();
      await this.note(() => this.single(program.operation, db));
      return { results: this.results, end: null, runs: 1, conditions: this.conditions };
    }
    return this.transaction(program, db, turn);
  }

  private async transaction(
    program: Program & { readonly kind: 'transaction' },
    db: Database,
    turn: Turn | undefined,
  ): Promise<Outcome> {
    let runs = 0;
    let end: Result = 'committed';
    const { isReadOnly, operations } = program;
    try {
      await db.runTransaction(
        async (transaction) => {
          runs += 1;
          this.results.length = 0;
          this.conditions.length = 0;
          for (const operation of operations) {
            await turn?.mine();
            await this.note(() => this.within(operation, transaction));
          }
          await turn?.mine();
          if (program.end === 'throw') throw new Error(THROWN);
        },
        isReadOnly ? { readOnly: true } : { maxAttempts: 12 },
      );
    } catch (error) {
      end = (error as Error).message === THROWN ? THROWN : errorResult(error);
    }
    return { results: this.results, end, runs, conditions: this.conditions };
  }

  private async note(work: () => Promise<Result>): Promise<void> {
    const result = await work().catch(errorResult);
    this.results.push(result);
    this.onResult(result, this.results.length - 1);
  }

  private async single(operation: Operation, db: Database): Promise<Result> {
    const { place } = this;
    switch (operation.does) {
      case 'get':
        return documentResult(place, await db.doc(pathAt(place, operation.doc)).get());
      case 'getAll':
        return this.documents(await db.getAll(...this.getAll(operation)));
      case 'query':
        return this.documents((await this.query(operation.query, db).get()).docs);
      case 'count':
        return numberIn(await this.query(operation.query, db).count().get(), 'count');
      case 'sum':
        return numberIn(await this.sum(operation, db).get(), 'sum');
      case 'create':
      case 'set':
      case 'update':
      case 'delete': {
        const ref = db.doc(pathAt(place, operation.doc));
        const { writeTime } = await this.write(operation, {
          create: (data) => ref.create(data),
          set: (data, options) => ref.set(data, options),
          update: (data, condition) => ref.update(data, ...condition),
          delete: (condition) => ref.delete(...condition),
        });
        return new Moment(writeTime);
      }
    }
  }

  private async within(operation: Operation, transaction: InTransaction): Promise<Result> {
    const { place } = this;
    const { db } = place;
    switch (operation.does) {
      case 'get': {
        const found = await transaction.get(db.doc(pathAt(place, operation.doc)));
        return documentResult(place, found as Document);
      }
      case 'getAll':
        return this.documents(await transaction.getAll(...this.getAll(operation)));
      case 'query':
        return this.documents(
          ((await transaction.get(this.query(operation.query, db))) as Found).docs,
        );
      case 'count': {
        const counted = await transaction.get(this.query(operation.query, db).count());
        return numberIn(counted as Counted, 'count');
      }
      case 'sum':
        return numberIn((await transaction.get(this.sum(operation, db))) as Counted, 'sum');
      case 'create':
      case 'set':
      case 'update':
      case 'delete': {
        const ref = db.doc(pathAt(place, operation.doc));
        this.write(operation, {
          create: (data) => transaction.create(ref, data),
          set: (data, options) => transaction.set(ref, data, options),
          update: (data, condition) => transaction.update(ref, data, ...condition),
          delete: (condition) => transaction.delete(ref, ...condition),
        });
        return 'taken note of';
      }
    }
  }

  private write<T>(
    operation: Exclude<Operation, Read>,
    as: {
      readonly create: (data: object) => T;
      readonly set: (data: object, options: object | undefined) => T;
      readonly update: (data: object, condition: readonly object[]) => T;
      readonly delete: (condition: readonly object[]) => T;
    },
  ): T {
    if (operation.does === 'delete') return as.delete(this.condition(operation));
    const data = dataAt(this.place, operation.data);
    if (operation.does === 'create') return as.create(data);
    if (operation.does === 'set')
      return as.set(data, operation.merge ? { merge: true } : undefined);
    return as.update(data, this.condition(operation));
  }

  private condition({
    condition,
    doc,
  }: {
    readonly condition: Condition;
    readonly doc: string;
  }): readonly object[] {
    if (condition === 'none') return [];
    if (condition === 'empty') return [{}];
    if (condition === 'exists' || condition === 'missing')
      return [{ exists: condition === 'exists' }];
    const index = this.results.length;
    const micros = this.timeOf(condition, doc, index) ?? OTHER_TIME;
    this.conditions[index] = micros;
    const seconds = Math.floor(micros / 1_000_000);
    const nanoseconds = (micros - seconds * 1_000_000) * 1000;
    return [{ lastUpdateTime: new this.place.sdk.Timestamp(seconds, nanoseconds) }];
  }

  private getAll({ docs, mask }: Read & { readonly does: 'getAll' }): unknown[] {
    const { place } = this;
    const refs = docs.map((doc) => place.db.doc(pathAt(place, doc)));
    return mask === undefined
      ? refs
      : [...refs, { fieldMask: mask.map((field) => fieldAt(place, field)) }];
  }

  private documents(found: readonly Document[]): Result {
    return found.map((document) => documentResult(this.place, document));
  }

  private sum({ query, field }: Read & { readonly does: 'sum' }, db: Database) {
    const { place } = this;
    const { AggregateField } = place.sdk;
    return this.query(query, db).aggregate({ sum: AggregateField.sum(fieldAt(place, field)) });
  }

  private query(query: Query, db: Database): Asked {
    const { place } = this;
    const { collection, isGroup } = query;
    let asked: Asked = isGroup
      ? db.collectionGroup(`${place.prefix}${collection}`)
      : db.collection(pathAt(place, collection));
    for (const [field, op, value] of query.where) {
      asked = asked.where(fieldAt(place, field), op, valueAt(place, value));
    }
    for (const [field, direction] of query.orders) {
      asked = asked.orderBy(fieldAt(place, field), direction);
    }
    for (const [kind, values] of query.cursors) {
      asked = asked[kind](...values.map((value) => valueAt(place, value)));
    }
    if (query.limit !== undefined) asked = asked.limit(query.limit);
    if (query.select === undefined) return asked;
    return asked.select(...query.select.map((field) => fieldAt(place, field)));
  }
}

/** In words, because one is not another: 0 and -0. */
function numberIn(counted: Counted, name: string): Result {
  const number = counted.data()[name];
  return Object.is(number, -0) ? '-0' : String(number);
}

/** Every document of a history, as it is in the end; but for those that nobody can ask for. */
export async function finalState(place: Place, { docs }: History): Promise<Result> {
  try {
    const refs = docs.map((doc) => place.db.doc(pathAt(place, doc)));
    const found = await place.db.getAll(...refs);
    return found.map((document) => documentResult(place, document));
  } catch (error) {
    return errorResult(error);
  }
}
