/**
 * What a push costs in Firestore when all goes well, counted where the client talks to the server.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseEnv } from 'node:util';
import { World } from '../faults/world.ts';

interface Cost {
  /** Documents asked for; a document that is not there costs a read as well. */
  reads: number;
  writes: number;
  /** Calls of any kind, by name. */
  calls: string[];
}

type Call = (name: string, ...args: unknown[]) => unknown;

/** The two doors through which all of a client's calls go; not part of its types. */
interface Doors {
  request: Call;
  requestStream: Call;
}

const NOW = new Date().toISOString();

let world: World;
const cost: Cost = { reads: 0, writes: 0, calls: [] };

beforeAll(async () => {
  world = await World.create();
  // As a deployed function finds its environment.
  Object.assign(
    process.env,
    parseEnv(readFileSync(join(__dirname, '../../functions/.env'), 'utf8')),
    {
      GCLOUD_PROJECT: world.project,
      FCM_EMULATOR_HOST: world.simulator.emulatorHost,
      FUNCTIONS_EMULATOR: 'true',
    },
  );
  jest.spyOn(console, 'info').mockImplementation();
  await import('../../functions/src/push.ts');
  const { firestore } = await import('../../kit/src/push.ts');
  count(firestore() as unknown as Doors);
});
afterAll(async () => {
  const { firestore } = await import('../../kit/src/push.ts');
  await firestore().terminate();
  await world.close();
});
beforeEach(async () => {
  await world.emptyDatabase();
  world.simulator.reset();
  Object.assign(cost, { reads: 0, writes: 0, calls: [] });
});

function count(doors: Doors): void {
  const { request, requestStream } = doors;
  doors.request = (name, ...args) => {
    const [body] = args as [{ writes?: unknown[] }];
    cost.calls.push(name);
    cost.writes += body.writes?.length ?? 0;
    return request.call(doors, name, ...args);
  };
  doors.requestStream = (name, ...args) => {
    const [, body] = args as [boolean, { documents?: unknown[] }];
    cost.calls.push(name);
    // The only queries are those of the limits: each finds a document at most, or sums fewer than a thousand, and costs a read then.
    cost.reads += body.documents?.length ?? 1;
    return requestStream.call(doors, name, ...args);
  };
}

/** A document as the SDK's event has it. */
function created(path: string, fields: object): object {
  return { exists: true, ref: { path }, data: () => fields };
}

describe('when all goes well', () => {
  it('a like to one owner costs 3 document reads, 2 for what limits the liker, and 2 writes; 1 read and 3 writes more to open the digest of its post, and 1 of each for those that are gathered in it', async () => {
    await world.addUser('ola', ['ola:APA91b-phone', 'ola:APA91b-tablet'], { displayName: 'Ola' });
    await world.addUser('lia', [], { displayName: 'Lia' });
    await world.db.doc('posts/p1').set({ ownerId: 'ola', text: 'hi' });
    const { notifyLike } = await import('../../functions/src/notifications/like.ts');
    await notifyLike.run({
      ...{ id: 'e1', time: NOW, document: 'posts/p1/likes/lia' },
      data: created('posts/p1/likes/lia', {}),
    } as never);
    expect(world.titles('ola:APA91b-phone')).toEqual(['Lia liked your post']);
    expect(world.titles('ola:APA91b-tablet')).toEqual(['Lia liked your post']);
    expect(cost).toEqual({
      reads: 3 + 2 + 1,
      writes: 2 + 3,
      calls: [
        ...['batchGetDocuments', 'batchGetDocuments', 'commit', 'batchGetDocuments'],
        ...['runQuery', 'runAggregationQuery', 'commit', 'batchGetDocuments', 'commit', 'commit'],
      ],
    });
    const likedBy = async (liker: string): Promise<void> => {
      Object.assign(cost, { reads: 0, writes: 0, calls: [] });
      await notifyLike.run({
        ...{ id: `e-${liker}`, time: NOW, document: `posts/p1/likes/${liker}` },
        data: created(`posts/p1/likes/${liker}`, {}),
      } as never);
    };
    // As the second like leaves it, whose task there is no queue for here.
    const { docs } = await world.db.collection('deliveries').where('state', '==', 'digest').get();
    expect(docs).toHaveLength(1);
    await docs[0]?.ref.update({ isArmed: true });
    await likedBy('kim');
    expect(world.titles('ola:APA91b-phone')).toEqual(['Lia liked your post']);
    expect({ reads: cost.reads, writes: cost.writes }).toEqual({ reads: 3 + 2 + 1, writes: 2 + 1 });
  });

  it('an invitation costs 4 reads, the name of who sends it, who gets it and 2 for what limits the sender, and 2 writes', async () => {
    await world.addUser('ola', ['ola:APA91b-phone'], { displayName: 'Ola' });
    await world.addUser('lia', [], { displayName: 'Lia' });
    const { notifyInvitation } = await import('../../functions/src/notifications/invitation.ts');
    await notifyInvitation.run({
      ...{ id: 'e3', time: NOW, document: 'invitations/ola/chats/c1' },
      data: created('invitations/ola/chats/c1', { inviterId: 'lia' }),
    } as never);
    expect(world.titles('ola:APA91b-phone')).toEqual(['Lia invited you to chat']);
    expect({ reads: cost.reads, writes: cost.writes }).toEqual({ reads: 4, writes: 2 });
  });

  it('a message in a chat of 10 costs 14 reads, one for each person, the chat, the name and 2 for what limits the sender, and 2 writes', async () => {
    const uids = [...(await world.addUsers(10)).keys()];
    await world.db.doc('chats/c1').set({ participants: uids });
    const { notifyChatMessage } = await import('../../functions/src/notifications/chat-message.ts');
    await notifyChatMessage.run({
      ...{ id: 'e2', time: NOW, document: 'chats/c1/messages/m1' },
      data: created('chats/c1/messages/m1', { senderId: uids[0], text: 'hello' }),
    } as never);
    expect(world.simulator.requestCount()).toBe(9);
    expect(cost.calls).toHaveLength(7);
    expect({ reads: cost.reads, writes: cost.writes }).toEqual({ reads: 12 + 2, writes: 2 });
  });

  it('a like that was told already costs the same, and one beyond the budget 3 reads more than one within it', async () => {
    await world.addUser('ola', ['ola:APA91b-phone']);
    await world.addUser('lia', [], { displayName: 'Lia' });
    await world.db.doc('posts/p1').set({ ownerId: 'ola', text: 'hi' });
    const { notifyLike } = await import('../../functions/src/notifications/like.ts');
    const like = (id: string, path: string): Promise<unknown> => {
      Object.assign(cost, { reads: 0, writes: 0, calls: [] });
      const event = { id, time: NOW, document: path, data: created(path, {}) };
      return Promise.resolve(notifyLike.run(event as never));
    };
    await like('e3', 'posts/p1/likes/lia');
    await like('e4', 'posts/p1/likes/lia');
    expect((await world.entry('like-e4')).withheld).toBe('repeated');
    expect({ reads: cost.reads, writes: cost.writes }).toEqual({ reads: 3 + 2, writes: 2 });

    await world.db.doc('deliveries/like-e3').update({ 'sender.size': 1_000, 'sender.once': 'x' });
    await like('e5', 'posts/p1/likes/lia');
    expect((await world.entry('like-e5')).withheld).toBe('over-budget');
    expect({ reads: cost.reads, writes: cost.writes }).toEqual({ reads: 3 + 2 + 3, writes: 2 });
    expect(world.simulator.requestCount()).toBe(1);
  });
});
