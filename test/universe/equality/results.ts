/** What came of a history, in a form that two Firestores can agree on; pure. */
import { types } from 'node:util';
import type { Document, Place, Time } from './place.ts';

/** A time that the server gave: only its relations to others can agree. */
export class Moment {
  readonly micros: number;
  /** Whether a server timestamp was written with it, rather than that it is when something was written. */
  readonly isValue: boolean;

  constructor({ seconds, nanoseconds }: Time, isValue = false) {
    this.micros = seconds * 1_000_000 + nanoseconds / 1000;
    this.isValue = isValue;
  }
}

/** Text, numbers, and lists and dictionaries of those, with moments in between. */
export type Result =
  | string
  | number
  | boolean
  | null
  | Moment
  | readonly Result[]
  | { readonly [name: string]: Result };

/** Histories write no times between these, s since 1970: what is found there is the server's. */
const SERVER_TIMES = [1_700_000_000, 4_000_000_000] as const;

export function documentResult(place: Place, document: Document): Result {
  const { exists, createTime, updateTime, readTime, ref, id } = document;
  if (!ref.path.endsWith(`/${id}`)) return { wrongId: id };
  const path = withoutPrefix(place, ref.path);
  if (!exists || createTime === undefined || updateTime === undefined) return { path, exists };
  return {
    path,
    data: valueResult(place, document.data()),
    created: new Moment(createTime),
    updated: new Moment(updateTime),
    isReadLater: new Moment(readTime).micros >= new Moment(updateTime).micros,
  };
}

/** A code of the server's, or that the client refused. */
export function errorResult(error: unknown): Result {
  // Those of Node's own modules are of another realm than a test's.
  if (!types.isNativeError(error)) return { error: String(error) };
  const { code } = error as { readonly code?: unknown };
  return { error: typeof code === 'number' ? code : 'of the client' };
}

function withoutPrefix({ prefix }: Place, path: string): string {
  return path
    .split('/')
    .map((id, index) => (index % 2 === 0 ? id.slice(prefix.length) : id))
    .join('/');
}

function valueResult(place: Place, value: unknown): Result {
  const { Timestamp, GeoPoint, DocumentReference } = place.sdk;
  if (typeof value === 'number') return { number: Object.is(value, -0) ? '-0' : String(value) };
  if (typeof value === 'string')
    return value.length > 1_000 ? `${value.length} of ${value[0]}` : value;
  if (typeof value === 'boolean' || value === null) return value;
  if (Array.isArray(value)) return value.map((each) => valueResult(place, each));
  if (value instanceof Timestamp) {
    const { seconds, nanoseconds } = value;
    const isServers = seconds >= SERVER_TIMES[0] && seconds < SERVER_TIMES[1];
    return isServers ? new Moment(value, true) : { time: `${seconds} ${nanoseconds}` };
  }
  if (value instanceof GeoPoint) {
    const { latitude, longitude } = value as unknown as Record<string, number>;
    return { point: `${latitude} ${longitude}` };
  }
  if (value instanceof DocumentReference) {
    return { name: withoutPrefix(place, (value as unknown as { readonly path: string }).path) };
  }
  if (ArrayBuffer.isView(value)) return { bytes: Buffer.from(value as Uint8Array).toString('hex') };
  if (typeof value !== 'object') return { [typeof value]: 'is no value' };
  return {
    map: Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, each]) => [name, valueResult(place, each)]),
  };
}

/** Which moment of the one corresponds to which of the other. */
export class Correspondence {
  private readonly known = [new Map<number, number>(), new Map<number, number>()] as const;

  /** What moment of the other's is this one? */
  of(micros: number): number | undefined {
    return this.known[0].get(micros);
  }

  /** Where two results differ first, if they do; moments that nobody spoke of yet correspond from now on. */
  difference(left: Result, right: Result, where = ''): string | undefined {
    if (left instanceof Moment && right instanceof Moment) {
      if (left.isValue !== right.isValue) return `${where}: one is a server timestamp`;
      const known = this.known[left.isValue ? 1 : 0];
      const other = known.get(left.micros) ?? right.micros;
      known.set(left.micros, other);
      return other === right.micros ? undefined : `${where}: another time`;
    }
    const isTree = typeof left === 'object' && left !== null && !(left instanceof Moment);
    if (!isTree || typeof right !== 'object' || right === null || right instanceof Moment) {
      return left === right ? undefined : `${where}: ${shown(left)}, ${shown(right)}`;
    }
    const [a, b] = [left, right] as Readonly<Record<string, Result>>[] as [
      Readonly<Record<string, Result>>,
      Readonly<Record<string, Result>>,
    ];
    for (const name of new Set([...Object.keys(a), ...Object.keys(b)])) {
      const [mine, theirs] = [a[name], b[name]];
      if (mine === undefined || theirs === undefined) {
        return `${where}: ${shown(left)}, ${shown(right)}`;
      }
      const found = this.difference(mine, theirs, `${where}/${name}`);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  /** Whether moments come in the same order here and there. */
  isInOrder(): boolean {
    return this.known.every((known) => {
      const others = [...known].sort(([a], [b]) => a - b).map(([, other]) => other);
      return others.every((other, index) => index === 0 || other > (others[index - 1] as number));
    });
  }
}

export function shown(result: Result | undefined): string {
  return JSON.stringify(result)?.slice(0, 300) ?? 'nothing';
}
