/**
 * Makes a typed message of JSON as Google's front end does, and finds the same faults in it.
 *
 * Accepts snake_case and lowerCamelCase names, enum names in any case and enum numbers, numbers as
 * strings, and `null` for "not set", as proto3 JSON does.
 */
import type { FieldViolation } from './envelope.ts';
import type { EnumType, Field, FieldType, MessageType } from './schema.ts';

/** A conforming value, or what is wrong with it. */
export type Conformed =
  { readonly value: Record<string, unknown> } | { readonly violations: readonly FieldViolation[] };

/** Checks a parsed JSON value against a message of the schema. Pure. */
export function conform(type: MessageType, json: unknown): Conformed {
  const violations: FieldViolation[] = [];
  const value = isObject(json)
    ? messageValue(type, json, '', violations)
    : report(violations, '', ROOT_NOT_OBJECT);
  return violations.length > 0 || value === undefined ? { violations } : { value };
}

const ROOT_NOT_OBJECT = 'Invalid JSON payload received. Root element must be a message.';

type JsonObject = Readonly<Record<string, unknown>>;
type Violations = FieldViolation[];

interface NamedField {
  readonly name: string;
  readonly field: Field;
}

const fieldsBySpelling = new WeakMap<MessageType, ReadonlyMap<string, NamedField>>();

/** The fields of a message by both spellings of their names. */
function spellings(type: MessageType): ReadonlyMap<string, NamedField> {
  const known = fieldsBySpelling.get(type);
  if (known !== undefined) return known;
  const fields = new Map<string, NamedField>();
  for (const [name, field] of Object.entries(type.fields)) {
    fields.set(name, { name, field });
    fields.set(lowerCamelCase(name), { name, field });
  }
  fieldsBySpelling.set(type, fields);
  return fields;
}

function lowerCamelCase(name: string): string {
  return name.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase());
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function report(violations: Violations, field: string, description: string): undefined {
  violations.push(field === '' ? { description } : { field, description });
}

function messageValue(
  type: MessageType,
  json: JsonObject,
  path: string,
  violations: Violations,
): Record<string, unknown> {
  const fields = spellings(type);
  const result: Record<string, unknown> = {};
  let oneofSet = false;
  for (const key of Object.keys(json)) {
    const named = fields.get(key);
    if (named === undefined) {
      reportUnknown(violations, path, key, 'Cannot find field.');
      continue;
    }
    const raw = json[key];
    if (raw === null) continue;
    const { name, field } = named;
    if (field.oneof !== undefined) {
      if (oneofSet) {
        const clash = `oneof field '${field.oneof}' is already set. Cannot set '${name}'`;
        report(violations, path, `Invalid value at '${path}' (oneof), ${clash}`);
      }
      oneofSet = true;
    }
    const value = fieldValue(field, raw, path, name, violations);
    if (value !== undefined) result[name] = value;
  }
  return result;
}

function reportUnknown(violations: Violations, path: string, key: string, why: string): undefined {
  const at = path === '' ? '' : ` at '${path}'`;
  return report(
    violations,
    path,
    `Invalid JSON payload received. Unknown name ${JSON.stringify(key)}${at}: ${why}`,
  );
}

function fieldValue(
  field: Field,
  json: unknown,
  parent: string,
  name: string,
  violations: Violations,
): unknown {
  const path = parent === '' ? name : `${parent}.${name}`;
  if (field.repeated) {
    // A single value stands for a list of one, as in Google's parser.
    const list: readonly unknown[] = Array.isArray(json) ? json : [json];
    return list.map((entry, index) => {
      return singleValue(field.type, entry, `${path}[${index}]`, parent, name, violations);
    });
  }
  if (Array.isArray(json)) {
    if (field.type === 'stringMap' || field.type === 'struct') {
      const why = `Cannot bind a list to map for field '${name}'.`;
      return report(violations, path, `Invalid value at '${path}' (Map), ${why}`);
    }
    return reportUnknown(
      violations,
      parent,
      name,
      'Proto field is not repeating, cannot start list.',
    );
  }
  return singleValue(field.type, json, path, parent, name, violations);
}

function singleValue(
  type: FieldType,
  json: unknown,
  path: string,
  parent: string,
  name: string,
  violations: Violations,
): unknown {
  const isMap = type === 'stringMap' || type === 'struct';
  if (isMap || (typeof type === 'object' && 'message' in type)) {
    if (!isObject(json)) return reportValue(violations, path, typeUrl(type), json);
    if (type === 'struct') return json;
    if (type === 'stringMap') return stringMapValue(json, path, violations);
    return messageValue(type, json, path, violations);
  }
  if (isObject(json)) {
    return reportUnknown(violations, parent, name, 'Starting an object on a scalar field.');
  }
  const value = typeof type === 'object' ? enumValue(type, json) : scalars[type](json);
  return value ?? reportValue(violations, path, typeUrl(type), json);
}

function reportValue(violations: Violations, path: string, type: string, json: unknown): undefined {
  return report(violations, path, `Invalid value at '${path}' (${type}), ${JSON.stringify(json)}`);
}

function stringMapValue(
  json: JsonObject,
  path: string,
  violations: Violations,
): Record<string, string> {
  const result: Record<string, string> = {};
  Object.entries(json).forEach(([key, value], index) => {
    if (typeof value === 'string') setOwn(result, key, value);
    else reportValue(violations, `${path}[${index}].value`, 'TYPE_STRING', value);
  });
  return result;
}

/** Sets a key that a client chose, `__proto__` included. */
function setOwn(record: Record<string, string>, key: string, value: string): void {
  Object.defineProperty(record, key, { value, enumerable: true, writable: true });
}

type Scalar =
  Extract<FieldType, string> extends infer Name ? Exclude<Name, 'stringMap' | 'struct'> : never;

const MAX_INT32 = 2 ** 31 - 1;
const DURATION = /^-?\d+(\.\d{1,9})?s$/;
const TIMESTAMP = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/;

/** Reads a scalar; undefined if it is not one. */
const scalars: Record<Scalar, (json: unknown) => unknown> = {
  string: (json) => (typeof json === 'string' ? json : undefined),
  bool: (json) => {
    if (typeof json === 'boolean') return json;
    return json === 'true' ? true : json === 'false' ? false : undefined;
  },
  int32: (json) => {
    const number = finiteNumber(json);
    return Number.isInteger(number) && Math.abs(number!) <= MAX_INT32 ? number : undefined;
  },
  float: finiteNumber,
  duration: (json) => (typeof json === 'string' && DURATION.test(json) ? json : undefined),
  timestamp: (json) =>
    typeof json === 'string' && TIMESTAMP.test(json) && !Number.isNaN(Date.parse(json))
      ? json
      : undefined,
};

function finiteNumber(json: unknown): number | undefined {
  if (typeof json !== 'number' && (typeof json !== 'string' || json.trim() === ''))
    return undefined;
  const number = Number(json);
  return Number.isFinite(number) ? number : undefined;
}

function enumValue(type: EnumType, json: unknown): string | undefined {
  if (typeof json === 'number') return type.values[json];
  if (typeof json !== 'string') return undefined;
  const name = json.toUpperCase();
  return type.values.includes(name) ? name : undefined;
}

/** How Google names a type in an error. */
function typeUrl(type: FieldType): string {
  if (typeof type === 'object') {
    return `type.googleapis.com/${'message' in type ? type.message : type.enum}`;
  }
  return typeNames[type];
}

const typeNames: Record<Extract<FieldType, string>, string> = {
  string: 'TYPE_STRING',
  bool: 'TYPE_BOOL',
  int32: 'TYPE_INT32',
  float: 'TYPE_FLOAT',
  duration: 'type.googleapis.com/google.protobuf.Duration',
  timestamp: 'type.googleapis.com/google.protobuf.Timestamp',
  stringMap: 'Map',
  struct: 'type.googleapis.com/google.protobuf.Struct',
};
