/**
 * Checks JSON against a protobuf message as strictly as Google's APIs do; pure. (`fromObject` of protobufjs takes nearly anything.)
 */
import protobuf, { type Field, type Type } from 'protobufjs';

type Json = Readonly<Record<string, unknown>>;

const BEHAVIOUR = '(google.api.field_behavior)';
const INT64 = /^-?\d{1,19}$/;
const BASE64 = /^[A-Za-z0-9+/]*={0,2}$/;
const RANGES: Readonly<Record<string, readonly [min: number, max: number]>> = {
  int32: [-(2 ** 31), 2 ** 31 - 1],
  sint32: [-(2 ** 31), 2 ** 31 - 1],
  uint32: [0, 2 ** 32 - 1],
  fixed32: [0, 2 ** 32 - 1],
};
/** Types that have a form of their own in JSON. */
const WELL_KNOWN: Readonly<Record<string, (value: unknown) => boolean>> = {
  '.google.protobuf.Duration': (value) => isText(value, /^-?\d{1,12}(\.\d{1,9})?s$/),
  '.google.protobuf.Timestamp': (value) =>
    isText(value, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/),
};

/** What is wrong with `value` as a message of this type, each with the path to it; empty if nothing is. */
export function problemsOf(type: Type, value: unknown, path = type.name): string[] {
  const isWellKnown = WELL_KNOWN[type.fullName];
  if (isWellKnown !== undefined) {
    return isWellKnown(value) ? [] : [`${path}: expected the JSON form of ${type.fullName}`];
  }
  if (!isObject(value)) return [`${path}: expected an object`];
  return [
    ...Object.entries(value).flatMap(([key, inner]) => problemsOfEntry(type, key, inner, path)),
    ...type.fieldsArray
      .filter(({ name, options }) => options?.[BEHAVIOUR] === 'REQUIRED' && !(name in value))
      .map(({ name }) => `${path}.${name}: required`),
    ...type.oneofsArray
      .map(({ oneof }) => oneof.filter((name) => name in value))
      .filter((names) => names.length > 1)
      .map((names) => `${path}: expected one of ${names.join(', ')}`),
  ];
}

function problemsOfEntry(type: Type, key: string, value: unknown, path: string): string[] {
  const field = type.fields[key];
  const here = `${path}.${key}`;
  if (field === undefined) return [`${here}: unknown field`];
  if (field.options?.[BEHAVIOUR] === 'OUTPUT_ONLY') return [`${here}: set by Google only`];
  if (field instanceof protobuf.MapField) {
    if (!isObject(value)) return [`${here}: expected an object`];
    return Object.entries(value).flatMap(([name, inner]) =>
      problemsOfValue(field, inner, `${here}.${name}`),
    );
  }
  if (field.repeated) {
    if (!Array.isArray(value)) return [`${here}: expected an array`];
    return value.flatMap((inner, index) => problemsOfValue(field, inner, `${here}[${index}]`));
  }
  return problemsOfValue(field, value, here);
}

function problemsOfValue(field: Field, value: unknown, path: string): string[] {
  const { resolvedType, type } = field;
  if (resolvedType instanceof protobuf.Type) return problemsOf(resolvedType, value, path);
  if (resolvedType instanceof protobuf.Enum) {
    const isName = typeof value === 'string' && Object.hasOwn(resolvedType.values, value);
    return isName ? [] : [`${path}: expected a name of ${resolvedType.fullName}`];
  }
  return isScalar(type, value) ? [] : [`${path}: expected ${type}`];
}

function isScalar(type: string, value: unknown): boolean {
  const range = RANGES[type];
  if (range !== undefined) {
    const [min, max] = range;
    return Number.isInteger(value) && (value as number) >= min && (value as number) <= max;
  }
  switch (type) {
    case 'string':
      return typeof value === 'string';
    case 'bool':
      return typeof value === 'boolean';
    case 'double':
    case 'float':
      return Number.isFinite(value);
    case 'bytes':
      return isText(value, BASE64);
    default:
      return isText(value, INT64) || Number.isSafeInteger(value);
  }
}

function isText(value: unknown, form: RegExp): boolean {
  return typeof value === 'string' && form.test(value);
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
