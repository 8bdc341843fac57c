/**
 * What lies between an instance and whom it calls: time passes, instances stop in between, answers get lost, and a client tries again
 * what it has no answer to.
 */
import { FirestoreError } from '../firestore/codes.ts';
import type { CallKind, Wire } from '../firestore/wire.ts';
import type { Random } from '../time/random.ts';
import type { Scheduler } from '../time/scheduler.ts';
import type { Instance } from './instance.ts';

/** What may befall an instance over a call, whomever it calls. */
export type InstanceTrouble =
  | { readonly what: 'crash-before' | 'crash-after' }
  | { readonly what: 'freeze-before' | 'freeze-after'; readonly forMs: number };

/** What may befall one call of Firestore. */
export type FirestoreTrouble =
  | InstanceTrouble
  /** Nothing happens, and the client is told so. */
  | { readonly what: 'unavailable' | 'aborted' | 'exhausted' | 'internal' }
  /** Nothing happens, and the client gives up after a minute. */
  | { readonly what: 'hang' }
  /** It happens, and the client hears nothing of it. */
  | { readonly what: 'answer-lost'; readonly afterMs: number }
  /** It happens, the answer gets lost on its way, and the client asks the same once more. */
  | { readonly what: 'twice' }
  | { readonly what: 'slow'; readonly byMs: number }
  /** From here on nobody's calls get through. */
  | { readonly what: 'outage'; readonly forMs: number };

/** After so long a client asks the same once more, ms. */
const ASK_AGAIN_MS = 1_000;
/** The client's limit of time for one call. */
const DEADLINE_MS = 60_000;

/** An outage this short is waited out, ms, and one that follows another within so long is the same to whoever waits. */
const WAITED_OUT_MS = 200_000;
const BETWEEN_OUTAGES_MS = 60_000;

export interface NetworkOptions {
  readonly scheduler: Scheduler;
  readonly random: Random;
  /** A call's way there or back usually takes at most so long, ms. */
  readonly latencyMs: number;
  /** What befalls the nth call. */
  readonly troubleAt: (nth: number, kind: CallKind) => FirestoreTrouble | undefined;
  readonly kill: (instance: Instance) => void;
  /** Something that no program can see through took effect. */
  readonly onTrouble: (kind: string) => void;
}

export class Network {
  private readonly options: NetworkOptions;
  private calls = 0;
  private outageFrom = 0;
  private outageUntil = -Infinity;

  constructor(options: NetworkOptions) {
    this.options = options;
  }

  /** How an instance reaches Firestore. */
  wireOf(instance: Instance): Wire {
    const { random } = this.options;
    return {
      call: (kind, atServer) => this.call(instance, kind, atServer),
      sleep: instance.sleep,
      refusesFor: () => Math.max(0, this.outageUntil - this.options.scheduler.now),
      random: random.next,
    };
  }

  /** The time that a way there or back takes, ms. */
  readonly latency = (): number => this.options.random.skewed(1, this.options.latencyMs);

  /** Does to an instance what befalls it before a call leaves it; returns whether the call leaves at all. */
  before(instance: Instance, trouble: InstanceTrouble | undefined): boolean {
    if (trouble?.what === 'crash-before') {
      this.say('crash');
      this.options.kill(instance);
      return false;
    }
    if (trouble?.what === 'freeze-before') {
      this.say('freeze');
      instance.freeze(trouble.forMs);
    }
    return true;
  }

  /** Does to an instance what befalls it once its call has taken effect. */
  after(instance: Instance, trouble: InstanceTrouble | undefined): void {
    if (instance.isDead) return;
    if (trouble?.what === 'crash-after') {
      this.say('crash');
      this.options.kill(instance);
    }
    if (trouble?.what === 'freeze-after') {
      this.say('freeze');
      instance.freeze(trouble.forMs);
    }
  }

  /** Returns whether the outage is longer than what is waited out: one that follows another soon makes it longer. */
  private breakDown(forMs: number): boolean {
    const { now } = this.options.scheduler;
    if (now > this.outageUntil + BETWEEN_OUTAGES_MS) this.outageFrom = now;
    this.outageUntil = Math.max(this.outageUntil, now + forMs);
    return this.outageUntil - this.outageFrom > WAITED_OUT_MS;
  }

  private call<T>(instance: Instance, kind: CallKind, atServer: () => T): Promise<T> {
    return new Promise((resolve, reject) => {
      if (instance.isDead) return;
      const trouble = this.options.troubleAt(this.calls, kind);
      this.calls += 1;
      if (trouble === undefined || !('what' in trouble)) {
        return this.ask(instance, atServer, undefined, resolve, reject);
      }
      switch (trouble.what) {
        case 'crash-before':
        case 'freeze-before':
          if (this.before(instance, trouble)) {
            instance.onceAwake(() => this.ask(instance, atServer, undefined, resolve, reject));
          }
          return;
        case 'outage':
          this.say(this.breakDown(trouble.forMs) ? 'firestore-outage' : 'firestore-short-outage');
          return this.ask(instance, atServer, undefined, resolve, reject);
        case 'hang':
          this.say('firestore-hang');
          return instance.later(DEADLINE_MS, () => reject(deadline()));
        case 'unavailable':
        case 'aborted':
        case 'exhausted':
        case 'internal': {
          this.say(`firestore-${trouble.what}`);
          const error = REFUSALS[trouble.what];
          return instance.later(2 * this.latency(), () => reject(error()));
        }
        case 'crash-after':
        case 'freeze-after':
        case 'slow':
        case 'twice':
        case 'answer-lost':
          return this.ask(instance, atServer, trouble, resolve, reject);
      }
    });
  }

  private ask<T>(
    instance: Instance,
    atServer: () => T,
    trouble: FirestoreTrouble | undefined,
    resolve: (answer: T) => void,
    reject: (error: unknown) => void,
  ): void {
    const { scheduler } = this.options;
    scheduler.after(this.latency(), () => {
      if (scheduler.now < this.outageUntil) {
        instance.later(this.latency(), () => reject(REFUSALS.unavailable()));
        return;
      }
      let answer = attempt(atServer);
      let back = this.latency();
      if (trouble?.what === 'crash-after' || trouble?.what === 'freeze-after') {
        this.after(instance, trouble);
      }
      if (trouble?.what === 'slow') {
        this.say('firestore-slow');
        back += trouble.byMs;
      }
      if (trouble?.what === 'twice') {
        this.say('firestore-twice');
        answer = attempt(atServer);
        back += ASK_AGAIN_MS;
      }
      if (trouble?.what === 'answer-lost') {
        this.say('firestore-answer-lost');
        back += trouble.afterMs;
        answer = { error: trouble.afterMs >= DEADLINE_MS ? deadline() : REFUSALS.unavailable() };
      }
      instance.later(back, () => {
        if ('error' in answer) reject(answer.error);
        else resolve(answer.value);
      });
    });
  }

  private say(kind: string): void {
    this.options.onTrouble(kind);
  }
}

type Answer<T> = { readonly value: T } | { readonly error: unknown };

function attempt<T>(work: () => T): Answer<T> {
  try {
    return { value: work() };
  } catch (error) {
    return { error };
  }
}

const REFUSALS = {
  unavailable: () => new FirestoreError('UNAVAILABLE', 'The service is currently unavailable.'),
  aborted: () =>
    new FirestoreError('ABORTED', 'Too much contention on these documents. Please try again.'),
  exhausted: () => new FirestoreError('RESOURCE_EXHAUSTED', 'Quota exceeded.'),
  internal: () => new FirestoreError('INTERNAL', 'An internal error occurred.'),
};

function deadline(): FirestoreError {
  return new FirestoreError('DEADLINE_EXCEEDED', 'Deadline exceeded after 60.000s');
}
