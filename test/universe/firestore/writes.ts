/** The writes that the client makes of calls; pure. */
import { Encoder } from './encode.ts';
import { isMap, segmentsOf, type Fields, type Segments } from './fields.ts';
import { pathRefusal } from './limits.ts';
import { FieldValue, type Timestamp } from './values.ts';
import type { FieldChange, Write } from './write.ts';

/** A document's data as the client is given them. */
export type Data = Readonly<Record<string, unknown>>;

export interface Precondition {
  readonly exists?: boolean;
  readonly lastUpdateTime?: Timestamp;
}

export interface SetOptions {
  readonly merge?: boolean;
}

export function creating(path: string, data: Data): Write {
  return { ...replacing(path, data), precondition: { exists: false } };
}

export function setting(path: string, data: Data, options: SetOptions | undefined): Write {
  if (options?.merge !== true) return replacing(path, data);
  checkData(data);
  const encoder = new Encoder();
  const changes: FieldChange[] = [];
  noteLeaves(data, [], encoder, changes);
  return merge(path, changes, encoder);
}

export function updating(path: string, data: Data, precondition: Precondition | undefined): Write {
  checkData(data);
  const entries = Object.entries(data);
  if (entries.length === 0) throw new Error('At least one field must be updated.');
  const encoder = new Encoder();
  const changes: FieldChange[] = [];
  const fields: Segments[] = [];
  let hasInherited = false;
  for (const [field, given] of entries) {
    if (field === '') throw new Error('Element at index 0 should not be an empty string.');
    if (given === undefined) continue;
    const segments = segmentsOf(field);
    hasInherited ||= segments.some((each) => each in Object.prototype);
    fields.push(segments);
    if (given === FieldValue.delete()) changes.push({ segments, value: undefined });
    else {
      const value = encoder.at(segments, given, segments.length - 1);
      if (!(given instanceof FieldValue)) changes.push({ segments, value });
    }
  }
  checkNoConflict(fields);
  const write = { ...merge(path, changes, encoder), precondition: forUpdate(precondition) };
  // The client takes what every object has for a value that is there already.
  return hasInherited
    ? { ...write, defect: new Error("Can't merge current value into a nested object") }
    : write;
}

export function deleting(path: string, precondition: Precondition | undefined): Write {
  const checked = checkedPrecondition(precondition);
  return { path, kind: 'delete', ...(checked && { precondition: checked }) };
}

function replacing(path: string, data: Data): Write {
  checkData(data);
  const encoder = new Encoder();
  const fields = encoder.document(data);
  const { transforms, refusal } = encoder;
  return { path, kind: 'replace', fields, transforms, refusal: refusal ?? refusalOf(transforms) };
}

function merge(
  path: string,
  changes: readonly FieldChange[],
  encoder: Encoder,
): Write & { readonly kind: 'merge' } {
  const { transforms } = encoder;
  // Fields that go have names, too.
  const refusal = encoder.refusal ?? refusalOf(changes) ?? refusalOf(transforms);
  return { path, kind: 'merge', changes, transforms, refusal };
}

function refusalOf(fields: readonly { readonly segments: Segments }[]): Encoder['refusal'] {
  for (const { segments } of fields) {
    const refusal = pathRefusal(segments);
    if (refusal !== undefined) return refusal;
  }
  return undefined;
}

/** The fields that a merge writes: of maps their own fields, an empty map itself. */
function noteLeaves(map: Fields, above: Segments, encoder: Encoder, changes: FieldChange[]): void {
  for (const [name, given] of Object.entries(map)) {
    if (name === '') throw new Error('Element at index 0 should not be an empty string.');
    if (given === undefined) continue;
    const segments = [...above, name];
    if (isMap(given) && Object.keys(given).length > 0)
      noteLeaves(given, segments, encoder, changes);
    else if (given === FieldValue.delete()) changes.push({ segments, value: undefined });
    else {
      const value = encoder.at(segments, given);
      if (!(given instanceof FieldValue)) changes.push({ segments, value });
    }
  }
}

function checkData(data: unknown): asserts data is Data {
  if (!isMap(data)) {
    throw new Error(
      'Value for argument "data" is not a valid Firestore document. Input is not a plain JavaScript object.',
    );
  }
}

function checkNoConflict(fields: readonly Segments[]): void {
  if (fields.every(({ length }) => length === 1)) return;
  const paths = fields.map((segments) => `${segments.join('\0')}\0`).sort();
  for (let index = 1; index < paths.length; index += 1) {
    if (paths[index]?.startsWith(paths[index - 1] as string) === true) {
      throw new Error(`Field "${paths[index - 1]}" was specified multiple times.`);
    }
  }
}

function forUpdate(precondition: Precondition | undefined): NonNullable<Write['precondition']> {
  if (precondition?.exists === false) {
    throw new Error('"exists" is not allowed to have the value false (allowed values: true)');
  }
  // One that is given and says nothing leaves nothing of the client's own.
  return precondition === undefined ? { exists: true } : (checkedPrecondition(precondition) ?? {});
}

function checkedPrecondition(precondition: Precondition | undefined): Write['precondition'] {
  if (precondition === undefined) return undefined;
  const { exists, lastUpdateTime } = precondition;
  if (exists !== undefined && lastUpdateTime !== undefined) {
    throw new Error('Input specifies more than one precondition.');
  }
  if (lastUpdateTime !== undefined) return { updateTime: lastUpdateTime.toMicros() };
  return exists === undefined ? {} : { exists };
}

/** @throws what the client finds when it sends them. */
export function checkSendable(writes: readonly Write[]): void {
  for (const write of writes) {
    if (write.kind !== 'delete' && write.defect !== undefined) throw write.defect;
  }
}
