/** The processes of one run: tells when one of them dies before its time, and ends all of them. */

import { readFile } from 'node:fs/promises';

import { waitUntil, within } from './condition.ts';
import { StackError } from './error.ts';
import { isFree } from './ports.ts';
import type { Ports, Service } from './ports.ts';
import type { Exit, Running } from './processes.ts';

/** An orderly stop takes about two seconds; after this the rest is killed, which loses nothing. */
const STOP_TIMEOUT_MS = 15_000;
/** A killed process gives its port back at once; this is for a slow machine. */
const RELEASE_TIMEOUT_MS = 10_000;
/** So much of a log stands under an error. */
const LOG_TAIL_LINES = 20;

export interface Member {
  /** As a person would call it: `The simulator`. */
  name: string;
  process: Running;
  /** Where everything it printed is. */
  log: string;
  /** What to tell in addition when it dies. */
  advice?: string;
  /** Asks it to end by itself. */
  askToStop(): void;
  /** Kills it with everything that it started. */
  kill: () => Promise<void>;
}

export interface Run {
  /**
   * Begins a member and keeps it; whoever ends the run waits for it to have begun, so that none slips through.
   *
   * @throws StackError `interrupted` when the run is ending.
   */
  add(begin: () => Promise<Member>): Promise<void>;
  /** Tells that something the members keep among themselves has failed; ignored once the run is ending. */
  fail: (error: StackError) => void;
  /** Resolves, with what to tell, when a member exits while nobody has asked it to. */
  failed: Promise<StackError>;
  /** Asks every member to stop, waits, kills what is left; the ports are free afterwards. */
  stop: () => Promise<void>;
  /** Kills every member at once; the ports are free afterwards. */
  kill: () => Promise<void>;
}

/**
 * @param services whose ports the members take.
 * @param releaseTimeoutMs how long a port may stay taken after the last kill, in milliseconds.
 */
export function createRun(
  ports: Ports,
  services: readonly Service[],
  releaseTimeoutMs = RELEASE_TIMEOUT_MS,
): Run {
  const members: Member[] = [];
  const beginnings: Promise<void>[] = [];
  let ending = false;
  const { promise: failed, resolve } = Promise.withResolvers<StackError>();
  const fail = (error: StackError): void => {
    if (!ending) resolve(error);
  };

  const kill = async (): Promise<void> => {
    ending = true;
    await Promise.allSettled(beginnings);
    // Once more until the ports are free: firebase-tools may die just as it starts something.
    const freed = await waitUntil(async () => {
      await Promise.all(members.map((member) => member.kill()));
      const states = await Promise.all(services.map((service) => isFree(ports[service])));
      return !states.includes(false) && members.every((member) => member.process.hasExited());
    }, releaseTimeoutMs);
    if (!freed) {
      throw new StackError(
        'stop-failed',
        `Expected every port to be free after stopping, but something still holds one of ` +
          services.map((service) => `${ports[service]} (${service})`).join(', '),
      );
    }
  };

  let stopped: Promise<void> | undefined;
  const stop = (): Promise<void> =>
    (stopped ??= (async () => {
      ending = true;
      await Promise.allSettled(beginnings);
      for (const member of members) member.askToStop();
      await within(Promise.all(members.map((member) => member.process.exited)), STOP_TIMEOUT_MS);
      await kill();
    })());

  const watch = async (member: Member): Promise<void> => {
    const exit = await member.process.exited;
    if (ending) return;
    fail(new StackError('part-died', await explainDeath(member, exit)));
  };

  return {
    async add(begin) {
      const refuseWhenEnding = (): void => {
        if (ending) throw new StackError('interrupted', 'Interrupted while starting.');
      };
      refuseWhenEnding();
      const beginning = begin().then((member) => {
        members.push(member);
        void watch(member);
      });
      beginnings.push(beginning);
      await beginning;
      refuseWhenEnding();
    },
    fail,
    failed,
    stop,
    kill,
  };
}

async function explainDeath({ name, log, advice }: Member, exit: Exit): Promise<string> {
  const how = exit.signal ? `was killed by ${exit.signal}` : `exited with code ${exit.code}`;
  return `${name} ${how} while it was needed.\n${await tailOf(log)}${advice ? `\n${advice}` : ''}`;
}

/** The end of a log, indented, with where to find the whole; says so when there is no such file. */
export async function tailOf(log: string): Promise<string> {
  try {
    const lines = (await readFile(log, 'utf8')).trimEnd().split('\n').slice(-LOG_TAIL_LINES);
    return `The end of ${log}:\n${lines.map((line) => `  ${line}`).join('\n')}`;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return `Its log ${log} is gone.`;
    throw error;
  }
}
