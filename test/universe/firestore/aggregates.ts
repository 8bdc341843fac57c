/** What is made of the documents that a query finds: their number, or the sum of a field; pure. */
import { fieldAt, segmentsOf, type Fields, type Segments } from './fields.ts';
import type { FieldPath } from './values.ts';

export class AggregateField {
  readonly kind: 'count' | 'sum';
  readonly segments: Segments;

  private constructor(kind: 'count' | 'sum', segments: Segments) {
    this.kind = kind;
    this.segments = segments;
  }

  static count(): AggregateField {
    return new AggregateField('count', []);
  }

  static sum(field: string | FieldPath): AggregateField {
    return new AggregateField('sum', segmentsOf(field));
  }
}

export function aggregated(
  { kind, segments }: AggregateField,
  found: readonly { readonly fields: Fields }[],
): number {
  if (kind === 'count') return found.length;
  return sumOf(found.map(({ fields }) => fieldAt(fields, segments)));
}

const MAX_INTEGER = 2n ** 63n - 1n;
const MIN_INTEGER = -(2n ** 63n);

/** Of whole numbers exactly, for as long as 64 bits hold it; what is no number counts for nothing. */
function sumOf(values: readonly unknown[]): number {
  const numbers = values.filter((value) => typeof value === 'number');
  const whole = numbers.filter(isInteger).reduce((sum, each) => sum + BigInt(each), 0n);
  const others = numbers.filter((each) => !isInteger(each));
  if (others.length === 0 && whole >= MIN_INTEGER && whole <= MAX_INTEGER) return Number(whole);
  return others.reduce((sum, each) => sum + each, Number(whole));
}

/** As the client sends it. */
function isInteger(value: number): boolean {
  return Number.isSafeInteger(value) && !Object.is(value, -0);
}
