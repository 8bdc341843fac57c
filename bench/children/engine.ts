/**
 * One process with the deployed functions, the naive sample, a queue and a Firestore client that counts: events of every kind,
 * by turns, each checked in the ledger and at the provider.
 */

import type { Firestore } from '@google-cloud/firestore';
import { join } from 'node:path';
import { built, firestoreSdk, FUNCTIONS } from '../built.ts';
import { benchApp } from '../admin-sdk.ts';
import { PROJECT_ID } from '../wire/account.ts';
import { rotated, median } from '../statistics.ts';
import { reset, requireEachOnce, type ProviderServer } from '../wire/provider.ts';
import { redirectTo } from '../wire/redirect.ts';
import { answerParent } from '../child.ts';
import {
  backendFirestore,
  takeDeliveries,
  tellEveryone,
  tellOfLike,
  tellOfMessage,
} from '../engine/events.ts';
import { measuredTriggers } from '../engine/notifications.ts';
import { NaiveSample } from '../engine/naive.ts';
import { OperationCounter } from '../engine/operations.ts';
import { measurePlanning } from '../engine/planning.ts';
import { serveQueue, TaskRunner } from '../engine/queue.ts';
import * as population from '../engine/population.ts';
import type { EngineResults, EngineRow, Operations } from '../results.ts';

export interface EngineInput {
  readonly server: ProviderServer;
  readonly firestoreHost: string;
  readonly quick: boolean;
}

type Sender = EngineRow['by'];

/** One kind of event, and how each sender tells of the `nth`. */
interface Kind {
  readonly kind: string;
  readonly recipients: number;
  /** Addresses that are sent to. */
  readonly addresses: number;
  readonly rounds: number;
  readonly eventsARound: number;
  readonly atOnce: number;
  readonly tell: Readonly<Record<Sender, (nth: number) => Promise<void>>>;
}

interface Round {
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly operations: Operations;
  readonly tasks: number;
}

const SENDERS: readonly Sender[] = ['this project', 'naive sample'];

answerParent(async ({ server, firestoreHost, quick }: EngineInput): Promise<EngineResults> => {
  // As `firebase deploy` gives them to the functions.
  process.loadEnvFile(join(FUNCTIONS, '.env'));
  const { deliveryTasks } = built('triggers/delivery');
  const runner = new TaskRunner<unknown>((data) => deliveryTasks.run({ data }));
  const queue = await serveQueue(runner);
  Object.assign(process.env, {
    FIRESTORE_EMULATOR_HOST: firestoreHost,
    CLOUD_TASKS_EMULATOR_HOST: queue.host,
    GCLOUD_PROJECT: PROJECT_ID,
    // No Google machine is asked who we are.
    METADATA_SERVER_DETECTION: 'none',
  });
  redirectTo(server);
  benchApp();
  const { Firestore } = firestoreSdk();
  const db = new Firestore({ projectId: PROJECT_ID });
  const counted = backendFirestore();
  const bench = {
    server,
    db,
    runner,
    counter: new OperationCounter(counted),
    naive: new NaiveSample(counted),
  };

  const rows: EngineRow[] = [];
  for (const one of await smallKinds(bench, quick)) rows.push(...(await measure(bench, one)));
  let users = SMALL_POPULATION;
  for (const everyone of quick ? [2_000] : [10_000, 100_000]) {
    await population.addUsers(db, users, everyone);
    users = everyone;
    rows.push(...(await measure(bench, everyoneOf(bench, everyone))));
  }
  const planning = await measurePlanning(quick ? 20_000 : 1_000_000);
  return { rows, planning };
});

interface Bench {
  readonly server: ProviderServer;
  /** Not counted. */
  readonly db: Firestore;
  readonly runner: TaskRunner<unknown>;
  readonly counter: OperationCounter;
  readonly naive: NaiveSample;
}

/** Enough for a room of a thousand, and for an owner to each like. */
const SMALL_POPULATION = 1_200;
const ROOM = 1_000;
const CHAT = 10;

async function smallKinds({ db, naive }: Bench, quick: boolean): Promise<Kind[]> {
  const { like, chatMessage } = measuredTriggers();
  const rounds = quick ? 1 : 5;
  const likes = quick ? 10 : 40;
  const dead = { from: 900, to: 900 + 2 * rounds * 20 };
  await population.addUsers(db, 0, SMALL_POPULATION);
  await population.addPosts(db, 0, SMALL_POPULATION);
  await population.addDeadAddresses(db, dead.from, dead.to);
  await population.addSmallChats(db, 2 * rounds * CHAT, CHAT);
  await population.addRoom(db, ROOM);
  const both = (
    ours: (nth: number) => Promise<void>,
    theirs: (nth: number) => Promise<void>,
  ): Kind['tell'] => ({ 'this project': ours, 'naive sample': theirs });
  return [
    {
      kind: 'like',
      recipients: 1,
      addresses: 1,
      rounds,
      eventsARound: likes,
      atOnce: CONCURRENCY,
      tell: both(
        (nth) => tellOfLike(like, 1 + nth),
        (nth) => naive.tellOfLike(1 + nth),
      ),
    },
    {
      kind: 'like, one of two addresses dead',
      recipients: 1,
      addresses: 2,
      rounds,
      eventsARound: 20,
      atOnce: CONCURRENCY,
      tell: both(
        (nth) => tellOfLike(like, dead.from + nth),
        (nth) => naive.tellOfLike(dead.from + nth),
      ),
    },
    {
      kind: `chat of ${CHAT}`,
      recipients: CHAT,
      addresses: CHAT,
      rounds,
      eventsARound: CHAT,
      atOnce: CONCURRENCY,
      tell: both(
        (nth) => tellOfMessage(chatMessage, `small-${nth}`),
        (nth) => naive.tellOfMessage(`small-${nth}`),
      ),
    },
    {
      kind: `chat of ${thousands(ROOM)}`,
      recipients: ROOM,
      addresses: ROOM,
      rounds: quick ? 1 : 3,
      eventsARound: 1,
      atOnce: 1,
      tell: both(
        () => tellOfMessage(chatMessage, 'room'),
        () => naive.tellOfMessage('room'),
      ),
    },
  ];
}

/** Events under way at once, well below the 80 that one instance takes. */
const CONCURRENCY = 10;

function everyoneOf({ naive }: Bench, users: number): Kind {
  return {
    kind: `everyone of ${thousands(users)}`,
    recipients: users,
    // The dead ones were pruned by then.
    addresses: users,
    rounds: 1,
    eventsARound: 1,
    atOnce: 1,
    tell: { 'this project': tellEveryone, 'naive sample': () => naive.tellEveryone() },
  };
}

async function measure(bench: Bench, one: Kind): Promise<EngineRow[]> {
  const rounds = new Map<Sender, Round[]>(SENDERS.map((sender) => [sender, []]));
  let nth = 0;
  for (let round = 0; round < one.rounds; round += 1) {
    for (const sender of rotated(SENDERS, round)) {
      const numbers = Array.from({ length: one.eventsARound }, () => nth++);
      rounds.get(sender)?.push(await playRound(bench, one, sender, numbers));
    }
  }
  return SENDERS.map((by) => rowOf(one, by, rounds.get(by) ?? []));
}

async function playRound(
  { server, db, runner, counter }: Bench,
  { kind, recipients, addresses, atOnce, tell }: Kind,
  sender: Sender,
  numbers: readonly number[],
): Promise<Round> {
  await reset(server);
  counter.take();
  const tasks = runner.count;
  const cpu = process.cpuUsage();
  const begin = performance.now();
  const waiting = [...numbers];
  await Promise.all(
    Array.from({ length: atOnce }, async () => {
      for (let nth = waiting.shift(); nth !== undefined; nth = waiting.shift()) {
        await tell[sender](nth);
      }
    }),
  );
  await runner.finished();
  const seconds = (performance.now() - begin) / 1000;
  const { user, system } = process.cpuUsage(cpu);
  const operations = counter.take();

  const events = numbers.length;
  if (atOnce > 1) await requireEachOnce(server, events * addresses);
  else await requireEachOnce(server, addresses);
  if (sender === 'this project') await requireDone(db, takeDeliveries(), recipients, kind);
  return {
    seconds,
    cpuSeconds: (user + system) / 1e6,
    operations,
    tasks: runner.count - tasks,
  };
}

/** @throws unless the ledger says of every delivery that it is done, and how many heard of it. */
async function requireDone(
  db: Firestore,
  deliveries: readonly string[],
  recipients: number,
  kind: string,
): Promise<void> {
  const entries = await db.getAll(...deliveries.map((id) => db.doc(`deliveries/${id}`)));
  for (const entry of entries) {
    const state: unknown = entry.get('state');
    const counts = entry.get('counts') as { recipients: number; delivered: number } | undefined;
    if (state !== 'done' || counts?.delivered !== recipients) {
      throw new Error(
        `${kind}: expected ${recipients} delivered, got ${JSON.stringify(counts)} in state ${String(state)}.`,
      );
    }
  }
}

function rowOf(
  { kind, recipients, addresses, eventsARound: events, atOnce }: Kind,
  by: Sender,
  rounds: readonly Round[],
): EngineRow {
  const perEvent = (of: (round: Round) => number): number => median(rounds.map(of)) / events;
  return {
    kind,
    by,
    recipients,
    addresses,
    events: events * rounds.length,
    atOnce,
    eventsPerSecond: events / median(rounds.map(({ seconds }) => seconds)),
    cpuMsPerEvent: perEvent(({ cpuSeconds }) => cpuSeconds * 1000),
    operations: {
      reads: perEvent(({ operations }) => operations.reads),
      writes: perEvent(({ operations }) => operations.writes),
      deletes: perEvent(({ operations }) => operations.deletes),
    },
    tasks: perEvent(({ tasks }) => tasks),
  };
}

function thousands(count: number): string {
  return count.toLocaleString('en');
}
