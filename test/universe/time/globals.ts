/**
 * What kit modules have in the place of real time and randomness: those of the world that is being played.
 *
 * The bundle (soak/bundle.ts) puts these names into each kit module. State of the module, because the kit's own words for them are
 * global: the world says whose they are before each event, and promises go on between two events only.
 */
import { createHash as realHash, type Hash } from 'node:crypto';

/** Where time and chance come from: usually one instance's clock and waits. */
export interface Globals {
  /** ms since 1970. */
  now(): number;
  /** From 0 up to, not including, 1. */
  random(): number;
  /** Has something happen after `ms`, unless it is cancelled. */
  after(ms: number, run: () => void): { cancel(): void };
}

let current: Globals | undefined;

/** Whose time and chance are meant from now on; undefined: nobody's, and whoever asks fails. */
export function setGlobals(globals: Globals | undefined): void {
  current = globals;
}

function present(): Globals {
  if (current === undefined) {
    throw new Error('A kit module asked for time or chance outside of a world.');
  }
  return current;
}

/** In the place of the global timer. */
export class VirtualTimer {
  private handle: { cancel(): void } | undefined;
  private readonly begin: () => { cancel(): void };

  constructor(begin: () => { cancel(): void }) {
    this.begin = begin;
    this.handle = begin();
  }

  /** Virtual time keeps no process alive. */
  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }

  hasRef(): boolean {
    return false;
  }

  refresh(): this {
    this.stop();
    this.handle = this.begin();
    return this;
  }

  stop(): void {
    this.handle?.cancel();
    this.handle = undefined;
  }
}

export function setTimeout<Args extends unknown[]>(
  run: (...args: Args) => void,
  ms = 0,
  ...args: Args
): VirtualTimer {
  const globals = present();
  return new VirtualTimer(() => globals.after(ms, () => run(...args)));
}

export function clearTimeout(timer: VirtualTimer | undefined): void {
  timer?.stop();
}

/** `setTimeout` of node:timers/promises. */
export async function sleep<T>(ms = 0, value?: T): Promise<T | undefined> {
  const globals = present();
  await new Promise<void>((resolve) => globals.after(ms, resolve));
  return value;
}

export function virtualRandom(): number {
  return present().random();
}

/** `Date` by the world's clock where nobody says which. */
export const Date = new Proxy(globalThis.Date, {
  construct: (real, args: [number?]) =>
    args.length === 0 ? new real(present().now()) : (Reflect.construct(real, args) as object),
  apply: (real) => new real(present().now()).toString(),
  get: (real, name) =>
    name === 'now' ? () => present().now() : (Reflect.get(real, name) as unknown),
});

/** A version 4 UUID of the world's chance. */
export function randomUUID(): string {
  const hex = randomBytes(16).toString('hex');
  const variant = '89ab'.charAt(Number.parseInt(hex.charAt(16), 16) % 4);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20),
  ].join('-');
}

export function randomBytes(size: number): Buffer {
  const globals = present();
  return Buffer.from(Array.from({ length: size }, () => Math.floor(globals.random() * 256)));
}

/** Hashes that are remembered: worlds ask for the same few addresses and ids again and again. */
const MOST_HASHES = 20_000;
const hashes = new Map<string, string>();

/** SHA-256 of one text, remembered; all else as Node does it. */
export function createHash(algorithm: string): Hash | RememberedHash {
  return algorithm === 'sha256' ? new RememberedHash() : realHash(algorithm);
}

class RememberedHash {
  private text = '';

  update(text: string): this {
    this.text += text;
    return this;
  }

  digest(): Buffer;
  digest(encoding: BufferEncoding): string;
  digest(encoding?: BufferEncoding): Buffer | string {
    let hash = hashes.get(this.text);
    if (hash === undefined) {
      hash = realHash('sha256').update(this.text).digest('hex');
      if (hashes.size >= MOST_HASHES) hashes.clear();
      hashes.set(this.text, hash);
    }
    if (encoding === 'hex') return hash;
    const bytes = Buffer.from(hash, 'hex');
    return encoding === undefined ? bytes : bytes.toString(encoding);
  }
}
