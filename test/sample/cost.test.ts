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
    // A query's documents are not known from its request.
    cost.reads += body.documents?.length ?? NaN;
    return requestStream.call(doors, name, ...args);
  };
}

/** A document as the SDK's event has it. */
function created(path: string, fields: object): object {
  return { exists: true, ref: { path }, data: () => fields };
}

describe('when all goes well', () => {
  it('a like to one owner costs at most 3 document reads and 2 writes', async () => {
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
      reads: 3,
      writes: 2,
      calls: ['batchGetDocuments', 'batchGetDocuments', 'commit', 'batchGetDocuments', 'commit'],
    });
  });

  it('an invitation costs 2 reads, the name of who sends it and who gets it, and 2 writes', async () => {
    await world.addUser('ola', ['ola:APA91b-phone'], { displayName: 'Ola' });
    await world.addUser('lia', [], { displayName: 'Lia' });
    const { notifyInvitation } = await import('../../functions/src/notifications/invitation.ts');
    await notifyInvitation.run({
      ...{ id: 'e3', time: NOW, document: 'invitations/ola/chats/c1' },
      data: created('invitations/ola/chats/c1', { inviterId: 'lia' }),
    } as never);
    expect(world.titles('ola:APA91b-phone')).toEqual(['Lia invited you to chat']);
    expect({ reads: cost.reads, writes: cost.writes }).toEqual({ reads: 2, writes: 2 });
  });

  it('a message in a chat of 10 costs 12 reads, one for each person, the chat and the name, and 2 writes', async () => {
    const uids = [...(await world.addUsers(10)).keys()];
    await world.db.doc('chats/c1').set({ participants: uids });
    const { notifyChatMessage } = await import('../../functions/src/notifications/chat-message.ts');
    await notifyChatMessage.run({
      ...{ id: 'e2', time: NOW, document: 'chats/c1/messages/m1' },
      data: created('chats/c1/messages/m1', { senderId: uids[0], text: 'hello' }),
    } as never);
    expect(world.simulator.requestCount()).toBe(9);
    expect(cost.calls).toHaveLength(5);
    expect({ reads: cost.reads, writes: cost.writes }).toEqual({ reads: 12, writes: 2 });
  });
});
