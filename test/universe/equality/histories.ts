/** Histories of a seed; pure. */
import { Random } from '../time/random.ts';
import type { Condition, History, Operation, Program, Query, Read, Write } from './operations.ts';
import { NAME } from './operations.ts';
import {
  anyData,
  anyField,
  anyMap,
  anyOperand,
  anyUpdate,
  definite,
  PLAIN_FIELDS,
} from './values.ts';

/** Ids that are taken, and some that are not. */
const PLAIN_IDS = ['x', 'y', 'z'];
const ODD_IDS = [
  ...[
    'constructor',
    'toString',
    'a.b',
    'é',
    '😀',
    '\uFFFD',
    ' ',
    '~*[]',
    '0',
    '`',
    '\\',
    '%2F',
    'X',
  ],
  ...['__proto__', '.', '..', '__a__', '__', '___'],
  ...['n'.repeat(1500), 'n'.repeat(1501), 'é'.repeat(750), 'é'.repeat(751)],
];
const ODD_COLLECTIONS = ['constructor', '__c__', '.', 'é😀'];

interface Scope {
  readonly random: Random;
  readonly docs: readonly string[];
  readonly collections: readonly string[];
}

export function historyOf(seed: number): History {
  const random = new Random(seed);
  const scope = scopeOf(random);
  const count = random.int(2, 5);
  const programs = Array.from({ length: count }, () => anyProgram(scope));
  return { seed, programs, schedule: scheduleOf(random, programs), docs: scope.docs };
}

function scopeOf(random: Random): Scope {
  const ids = random.some(PLAIN_IDS, random.int(1, 3));
  if (random.chance(0.15)) ids.push(random.pick(ODD_IDS));
  if (random.chance(0.003)) ids.push(random.pick(['____', '__id7__']));
  const docs = ids.map((id) => `a/${id}`);
  if (random.chance(0.3)) docs.push(`a/x/b/${random.pick(PLAIN_IDS)}`);
  if (random.chance(0.15)) docs.push('b/x');
  if (random.chance(0.02)) docs.push(`${random.pick(ODD_COLLECTIONS)}/x`);
  const collections = [...new Set(docs.map((path) => path.slice(0, path.lastIndexOf('/'))))];
  return { random, docs, collections };
}

/** In half of the histories one program comes after the other. */
function scheduleOf(random: Random, programs: readonly Program[]): number[] {
  const turns = programs.flatMap((program, index) => {
    const length = program.kind === 'single' ? 1 : program.operations.length + 1;
    return Array.from({ length }, () => index);
  });
  return random.chance(0.5) ? turns : random.some(turns, turns.length);
}

function anyProgram(scope: Scope): Program {
  const { random } = scope;
  if (random.chance(0.65)) {
    const operation = random.chance(0.6) ? anyWrite(scope) : anyRead(scope);
    return { kind: 'single', operation };
  }
  const isReadOnly = random.chance(0.1);
  const reads = Array.from({ length: random.int(0, 2) }, () => anyRead(scope));
  const hasWrites = !isReadOnly || random.chance(0.2);
  const writes = Array.from({ length: hasWrites ? random.int(0, 3) : 0 }, () => anyWrite(scope));
  const operations: Operation[] = [...reads, ...writes];
  // The client refuses that.
  if (random.chance(0.05)) operations.push(anyRead(scope));
  return {
    kind: 'transaction',
    operations,
    end: random.chance(0.1) ? 'throw' : 'commit',
    isReadOnly,
  };
}

function anyWrite({ random, docs }: Scope): Write {
  const doc = random.pick(docs);
  const kind = random.int(1, 100);
  if (kind <= 25) return { does: 'create', doc, data: anyData(random, docs) };
  if (kind <= 45) return { does: 'set', doc, data: anyData(random, docs), merge: false };
  if (kind <= 65) return { does: 'set', doc, data: anyMap(random, docs, true), merge: true };
  if (kind <= 90) {
    return { does: 'update', doc, data: anyUpdate(random, docs), condition: anyCondition(random) };
  }
  return { does: 'delete', doc, condition: anyCondition(random) };
}

function anyCondition(random: Random): Condition {
  if (random.chance(0.6)) return 'none';
  return random.pick<Condition>([
    'empty',
    'exists',
    'missing',
    'last',
    'last',
    'last',
    'first',
    'other',
  ]);
}

function anyRead(scope: Scope): Read {
  const { random, docs } = scope;
  const kind = random.int(1, 100);
  if (kind <= 30) return { does: 'get', doc: random.pick(docs) };
  if (kind <= 50) {
    const some = random.some(docs, random.int(1, 3));
    const all = random.chance(0.1) ? [...some, ...some] : some;
    if (random.chance(0.5)) return { does: 'getAll', docs: all };
    const mask = Array.from({ length: random.int(0, 3) }, () => anyField(random));
    return { does: 'getAll', docs: all, mask };
  }
  const query = anyQuery(scope);
  if (kind > 92) return { does: 'sum', query, field: random.pick(['n', 'n', 'v', 'm.n']) };
  return { does: kind <= 85 ? 'query' : 'count', query };
}

const COMPARISONS = ['<', '<=', '>', '>='];

/** The forms that the engine uses: equality, and one range or order, and a page by name. */
function anyQuery({ random, docs, collections }: Scope): Query {
  const isGroup = random.chance(0.1);
  const collection = isGroup ? random.pick(['a', 'b']) : random.pick(collections);
  const where: Query['where'][number][] = [];
  const orders: Query['orders'][number][] = [];
  if (random.chance(0.45)) {
    const op = random.pick(['==', '==', 'in', 'array-contains', 'array-contains-any']);
    where.push([random.pick(PLAIN_FIELDS), op, anyOperand(random, op, docs)]);
  }
  if (random.chance(0.3)) {
    const field = random.pick(PLAIN_FIELDS);
    where.push([field, random.pick(COMPARISONS), anyOperand(random, '<', docs)]);
    if (random.chance(0.2))
      where.push([field, random.pick(COMPARISONS), anyOperand(random, '<', docs)]);
    if (random.chance(0.6)) orders.push([field, direction(random)]);
    if (orders.length > 0 && random.chance(0.2)) orders.push(['m.n', direction(random)]);
  } else if (random.chance(0.35)) {
    orders.push([random.pick(PLAIN_FIELDS), direction(random)]);
  }
  if (random.chance(0.3)) orders.push([NAME, direction(random)]);
  return {
    ...{ collection, isGroup, where, orders },
    cursors:
      isGroup || orders.length === 0 || random.chance(0.4) ? [] : cursors(random, orders, docs),
    ...(random.chance(0.3) ? { limit: random.int(1, 3) } : {}),
    ...(random.chance(0.3)
      ? { select: Array.from({ length: random.int(0, 2) }, () => anyField(random)) }
      : {}),
  };
}

function direction(random: Random): 'asc' | 'desc' {
  return random.chance(0.7) ? 'asc' : 'desc';
}

function cursors(
  random: Random,
  orders: Query['orders'],
  docs: readonly string[],
): Query['cursors'] {
  const at = () =>
    orders.slice(0, random.int(1, orders.length)).map(([field]) => {
      return field === NAME ? random.pick(PLAIN_IDS) : definite(random, docs);
    });
  const all: Query['cursors'][number][] = [];
  if (random.chance(0.7)) all.push([random.pick(['startAt', 'startAfter', 'startAfter']), at()]);
  if (random.chance(0.4)) all.push([random.pick(['endAt', 'endAt', 'endBefore']), at()]);
  return all;
}
