/** Values and data by chance, ordinary and nasty; pure. */
import type { Random } from '../time/random.ts';
import type { Data, Field, Value } from './operations.ts';

export const PLAIN_FIELDS = ['s', 'n', 'l', 't', 'm.s', 'v'];

/** Names of fields that the client or the server may stumble over. */
const ODD_NAMES = [
  ...[
    'constructor',
    'toString',
    'hasOwnProperty',
    'a.b',
    'é',
    '😀',
    ' ',
    '`',
    '\\',
    '0',
    'a-b',
    '*',
  ],
  ...['__proto__', '__a__', '__', '___', '', '.', 'n'.repeat(1400), 'n'.repeat(1501)],
];
const TEXTS = ['', 'p', 'q', 'P', 'é', 'e\u0301', '😀', '\uFFFD', '\uE000', 'p\u0000', '\n', 'pp'];
const NUMBERS = [
  ...[0, -0, 1, 2, -1, 0.5, 1.5, NaN, Infinity, -Infinity, 1e-320, 1e300],
  ...[2 ** 53 - 1, -(2 ** 53 - 1), 2 ** 53, 2 ** 60, 2 ** 31, 2 ** 63],
];
const SECONDS = [0, 1, 1_600_000_000, -1, -62_135_596_800, 253_402_300_799];
const NANOSECONDS = [0, 1, 999, 1_000, 1_500, 123_456_000, 123_456_789, 999_999_999];

export function anyValue(random: Random, docs: readonly string[], depth = 0): Value {
  const kind = random.int(1, 100);
  if (kind <= 22) return random.pick(TEXTS);
  if (kind <= 44) return random.chance(0.6) ? random.int(0, 3) : random.pick(NUMBERS);
  if (kind <= 52) return random.chance(0.5);
  if (kind <= 58) return null;
  if (kind <= 68) {
    const seconds = random.pick(SECONDS);
    return { is: 'time', seconds, nanoseconds: random.pick(NANOSECONDS) };
  }
  if (kind <= 71) {
    return { is: 'bytes', bytes: random.pick([[], [0], [1, 2], [255]]) };
  }
  if (kind <= 73) {
    return { is: 'point', latitude: random.int(-1, 1), longitude: random.pick([0, 0.5, -180]) };
  }
  if (kind <= 75) return { is: 'name', doc: random.pick(docs) };
  if (kind <= 77) return { is: 'undefined' };
  if (depth >= 3) return random.int(0, 1);
  if (kind <= 89) return { is: 'list', elements: elements(random, docs, depth) };
  return { is: 'map', fields: fields(random, docs, depth, 0) };
}

function elements(random: Random, docs: readonly string[], depth: number): Value[] {
  return Array.from({ length: random.int(0, 3) }, () => {
    const value = anyValue(random, docs, depth + 1);
    const isList = typeof value === 'object' && value !== null && value.is === 'list';
    // Nobody takes a list within a list.
    return isList && random.chance(0.8) ? null : value;
  });
}

function anyTransform(random: Random, docs: readonly string[]): Value {
  const kind = random.int(1, 4);
  if (kind === 1) return { is: 'now' };
  if (kind === 2)
    return { is: 'increment', by: random.pick([1, 1, -1, 0, 2 ** -20, NaN, Infinity]) };
  return { is: kind === 3 ? 'union' : 'remove', elements: elements(random, docs, 1) };
}

/** @param transforms how likely one stands in the place of a value. */
function fields(random: Random, docs: readonly string[], depth: number, transforms: number): Data {
  const names = random.some(['s', 'n', 'l', 't', 'm', 'v'], random.int(0, 3));
  if (random.chance(0.06)) names.push(random.pick(ODD_NAMES));
  if (random.chance(0.001)) names.push('____');
  return names.map((name) => [name, fieldValue(random, docs, name, depth, transforms)] as const);
}

function fieldValue(
  random: Random,
  docs: readonly string[],
  name: string,
  depth: number,
  transforms: number,
): Value {
  if (random.chance(transforms)) return anyTransform(random, docs);
  // So that fields have what queries look for.
  if (name === 'n' && random.chance(0.6)) return random.int(0, 2);
  if (name === 's' && random.chance(0.6)) return random.pick(['p', 'q']);
  if (name === 'l' && random.chance(0.6)) {
    return { is: 'list', elements: random.some(['p', 'q', 1, 2, null], random.int(0, 3)) };
  }
  if (name === 'm' && random.chance(0.7)) {
    return { is: 'map', fields: fields(random, docs, depth + 1, transforms) };
  }
  if (random.chance(0.003)) return deep(random.int(16, 24), random);
  return anyValue(random, docs, depth);
}

function deep(levels: number, random: Random): Value {
  let value: Value = 1;
  for (let level = 0; level < levels; level += 1) {
    const isList: boolean =
      random.chance(0.3) && !(typeof value === 'object' && value?.is === 'list');
    value = isList ? { is: 'list', elements: [value] } : { is: 'map', fields: [['m', value]] };
  }
  return value;
}

export function anyData(random: Random, docs: readonly string[]): Data {
  if (random.chance(0.0007)) {
    // Around the limit of a document, by whatever is counted besides; or of a value.
    return random.chance(0.7)
      ? [
          ['s', { is: 'filler', bytes: 500_000 }],
          ['v', { is: 'filler', bytes: 548_520 - random.int(0, 30) }],
        ]
      : [['s', { is: 'filler', bytes: 1_048_487 + random.int(-1, 1) }]];
  }
  return anyMap(random, docs, random.chance(0.01));
}

/** @param mayDelete whether deletions may stand in it. */
export function anyMap(random: Random, docs: readonly string[], mayDelete: boolean): Data {
  const data = fields(random, docs, 0, 0.15);
  if (!mayDelete || !random.chance(0.3)) return data;
  return [...data.slice(1), [data[0]?.[0] ?? 'v', { is: 'delete' }]];
}

/** Fields of an update: names with dots lead into maps. */
export function anyUpdate(random: Random, docs: readonly string[]): Data {
  const names = random.some(
    ['s', 'n', 'l', 't', 'm', 'v', 'm.s', 'm.n', 'm.m.s', 's.n', 'l.m'],
    random.int(random.chance(0.05) ? 0 : 1, 3),
  );
  if (random.chance(0.06))
    names.push(random.pick([...ODD_NAMES, 'm..s', 'm.', '.m', 'm.constructor', 'm.__a__']));
  return names.map((name) => {
    if (random.chance(0.12)) return [name, { is: 'delete' }] as const;
    const last = name.split('.').at(-1) ?? '';
    return [name, fieldValue(random, docs, last, 1, 0.2)] as const;
  });
}

export function anyField(random: Random): Field {
  if (random.chance(0.05))
    return [random.pick(['a.b', 'é', '`', '\\', 'constructor', '__a__', '__name__'])];
  return random.pick([...PLAIN_FIELDS, 'm', 'm.n', 'm.m.s']);
}

export function anyOperand(random: Random, op: string, docs: readonly string[]): Value {
  if (op === 'in' || op === 'array-contains-any') {
    const list = Array.from({ length: random.int(random.chance(0.03) ? 0 : 1, 3) }, () => {
      return random.pick<Value>(['p', 'q', 0, 1, 2]);
    });
    return {
      is: 'list',
      elements: random.chance(0.9) ? list : [...list, anyValue(random, docs, 2)],
    };
  }
  const value = random.chance(0.6)
    ? random.pick<Value>(['p', 'q', 0, 1, 2])
    : definite(random, docs);
  // The client asks for something else then, and nobody does.
  return op === 'array-contains' && (value === null || Number.isNaN(value)) ? 1 : value;
}

/** A value to compare with: the client sends none in the place of what it leaves out. */
export function definite(random: Random, docs: readonly string[]): Value {
  const value = anyValue(random, docs, 2);
  const isLeftOut = typeof value === 'object' && value !== null && value.is === 'undefined';
  return !isLeftOut && JSON.stringify(value).includes('"undefined"') ? 1 : value;
}
