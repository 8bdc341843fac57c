/** How an instance reaches what it works with, each way with the troubles that the plan has for it. */
import type { Server } from '../firestore/server.ts';
import { isKnownTask, type CloudTasksModel } from '../platform/cloud-tasks.ts';
import type { Instance } from '../platform/instance.ts';
import type { Network } from '../platform/network.ts';
import type { ApnsModel } from '../providers/apns-model.ts';
import type { Client } from '../providers/exchange.ts';
import type { FcmModel } from '../providers/fcm-model.ts';
import type { Random } from '../time/random.ts';
import type { AppWires } from './app.ts';
import type { Trouble, TroubleIn } from './troubles.ts';

/** What of a world instances reach. */
interface Reached {
  readonly random: Random;
  readonly network: Network;
  readonly fcm: FcmModel;
  readonly apns: ApnsModel;
  readonly queues: Readonly<Record<'deliveries' | 'pushes', CloudTasksModel>>;
  /** Accounts that were deleted. */
  readonly deletedAccounts: ReadonlySet<string>;
  /** Kinds of faults that took effect. */
  readonly faults: Set<string>;
  say(...words: readonly unknown[]): void;
  judgeSecret(said: unknown): void;
  readonly newClaim: () => string;
  nextTrouble<In extends Trouble['in'] & ('request' | 'queue')>(
    where: In,
  ): TroubleIn<In> | undefined;
}

/** @param server what it writes through. */
export function wiresOf(world: Reached, instance: Instance, server: Server): AppWires {
  const { random, network } = world;
  const answer = (ms: number, run: () => void): void => instance.later(ms, run);
  const { production, sandbox } = world.apns.serversFor(answer);
  return {
    instance,
    server,
    wire: network.wireOf(instance),
    random: random.next,
    fcm: sending(world, instance, world.fcm.clientFor(answer)),
    apns: sending(world, instance, production.client),
    apnsSandbox: sending(world, instance, sandbox.client),
    enqueue: (queue, task, name, at) => enqueue(world, instance, queue, task, name, at),
    accounts: {
      exists: async (uid) => {
        await instance.sleep(network.latency());
        return !world.deletedAccounts.has(uid);
      },
    },
    say: (...words) => {
      world.say('log', ...words);
      world.judgeSecret(words);
    },
    newClaim: world.newClaim,
  };
}

/** A provider's client as an instance has it, which may die or freeze over a request. */
function sending(world: Reached, instance: Instance, client: Client): Client {
  const { network } = world;
  return {
    capacity: client.capacity,
    request: (request) =>
      new Promise((resolve) => {
        if (instance.isDead) return;
        const trouble = world.nextTrouble('request');
        if (!network.before(instance, trouble)) return;
        instance.onceAwake(() => {
          void client.request(request).then(resolve);
          network.after(instance, trouble);
        });
      }),
  };
}

async function enqueue(
  world: Reached,
  instance: Instance,
  queue: 'deliveries' | 'pushes',
  task: object,
  name: string,
  at: number,
): Promise<void> {
  const trouble = world.nextTrouble('queue');
  if (trouble !== undefined) world.faults.add(`queue-${trouble.what}`);
  const plain = JSON.parse(JSON.stringify(task)) as unknown;
  await instance.sleep(world.network.latency());
  world.say('enqueue', queue, plain, trouble);
  if (trouble?.what === 'refused') throw queueError();
  try {
    world.queues[queue].take(plain, name, at, trouble);
  } catch (error) {
    if (!isKnownTask(error)) throw error;
  }
  await instance.sleep(world.network.latency());
  if (trouble?.what === 'answer-lost') throw queueError();
}

function queueError(): Error {
  return Object.assign(new Error('The service is currently unavailable.'), {
    code: 'functions/unavailable',
  });
}
