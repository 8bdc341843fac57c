/** What the emulator does otherwise than the Firestore in memory, on purpose: each as narrow as it can be told. */
import type { Difference } from './emulator.ts';
import type { Data, Operation, Program, Query, Value } from './operations.ts';

export interface KnownDifference {
  readonly what: string;
  readonly reason: string;
  readonly source: string;
  readonly isIt: (difference: Difference) => boolean;
}

const REFUSED = '{"error":3}';

/** In memory the request is refused for what it is; the emulator goes on to look at what is there. */
function isRefusedInMemoryOnly({ inMemory, onEmulator }: Difference): boolean {
  return JSON.stringify(inMemory) === REFUSED && JSON.stringify(onEmulator) !== REFUSED;
}

export const DIFFERENCES: readonly KnownDifference[] = [
  {
    what: 'The emulator takes ids and fields that are called ____, and ids such as __id7__.',
    reason:
      'Names that match __.*__ are reserved, as is documented; the emulator wants something in between, and knows numeric ids of Datastore.',
    source: 'https://firebase.google.com/docs/firestore/quotas#collections_documents_and_fields',
    isIt: (difference) =>
      isRefusedInMemoryOnly(difference) &&
      namesOf(difference).some((name) => name === '____' || name === '__id7__'),
  },
  {
    what: 'The emulator takes a field with a name of more than 1,500 bytes, and too many levels, where a transform makes it, or within what a transform adds.',
    reason:
      'The limits are documented for every field, and the emulator has them where a value is written.',
    source: 'https://firebase.google.com/docs/firestore/quotas#collections_documents_and_fields',
    isIt: (difference) =>
      isRefusedInMemoryOnly(difference) &&
      transformsOf(difference).some(
        ([name, value]) =>
          [name, ...within(value).map(([inner]) => inner)].some(isLong) || levelsOf(value) > DEEP,
      ),
  },
  {
    what: 'The emulator takes too long names, and too many levels, in a write that a later one of the same commit and document replaces.',
    reason:
      'It puts writes of one document together before it looks at them; the limits are documented for every write.',
    source: 'https://firebase.google.com/docs/firestore/quotas#collections_documents_and_fields',
    isIt: (difference) => isRefusedInMemoryOnly(difference) && isOverwritten(difference),
  },
];

/** The documents' ids and fields' names in what differs; all of them, where only the history as a whole does. */
function namesOf({ program, history }: Difference): readonly string[] {
  const programs = program === undefined ? history.programs : [program];
  const docs = program === undefined ? history.docs : [];
  return [
    ...docs.flatMap((doc) => doc.split('/')),
    ...programs.flatMap(operationsOf).flatMap((operation) => [
      ...('doc' in operation ? operation.doc.split('/') : []),
      ...('docs' in operation ? operation.docs.flatMap((doc) => doc.split('/')) : []),
      ...('data' in operation ? fieldsOf(operation.data).map(([name]) => name) : []),
      ...('query' in operation
        ? operandsOf(operation.query)
            .flatMap(within)
            .map(([name]) => name)
        : []),
    ]),
  ];
}

/** Whether a write that has too long a name, or too many levels, is followed by another one of its document. */
function isOverwritten({ program }: Difference): boolean {
  const operations = program?.kind === 'transaction' ? program.operations : [];
  return operations.some(
    (operation, index) =>
      'data' in operation &&
      (operation.doc.split('/').some(isLong) ||
        fieldsOf(operation.data).some(([name]) => isLong(name)) ||
        operation.data.some(([, value]) => levelsOf(value) > DEEP)) &&
      operations.slice(index + 1).some((later) => {
        return 'doc' in later && later.does !== 'get' && later.doc === operation.doc;
      }),
  );
}

/** What stands below a field's own path may have fewer levels than twenty. */
const DEEP = 17;

function levelsOf(value: Value): number {
  if (typeof value !== 'object' || value === null) return 0;
  const inner = value.is === 'map' ? value.fields.map(([, each]) => each) : undefined;
  const values = inner ?? ('elements' in value ? value.elements : []);
  return 1 + Math.max(0, ...values.map(levelsOf));
}

function isLong(name: string): boolean {
  return Buffer.byteLength(name) > 1_500;
}

function transformsOf({ program }: Difference): Data {
  const operations = program === undefined ? [] : operationsOf(program);
  return operations.flatMap((operation) =>
    'data' in operation ? fieldsOf(operation.data).filter(([, value]) => isTransform(value)) : [],
  );
}

function operandsOf({ where, cursors }: Query): readonly Value[] {
  return [...where.map(([, , value]) => value), ...cursors.flatMap(([, values]) => values)];
}

function isTransform(value: Value): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return ['now', 'increment', 'union', 'remove'].includes(value.is);
}

function operationsOf(program: Program): readonly Operation[] {
  return program.kind === 'single' ? [program.operation] : program.operations;
}

function fieldsOf(data: Data): Data {
  return data.flatMap(([name, value]) => [[name, value] as const, ...within(value)]);
}

function within(value: Value): Data {
  if (typeof value !== 'object' || value === null) return [];
  if (value.is === 'map') return fieldsOf(value.fields);
  if (value.is === 'name') return [...value.doc.split('/')].map((id) => [id, null] as const);
  return 'elements' in value ? value.elements.flatMap(within) : [];
}
