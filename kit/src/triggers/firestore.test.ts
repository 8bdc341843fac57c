import { Firestore, type DocumentSnapshot } from '@google-cloud/firestore';
import { idOf, onCreated, onWritten, type CreationEvent, type WriteEvent } from './firestore';

const db = new Firestore({ projectId: 'demo-triggers' });

/** The document as the SDK makes it of an event: named by the garbled attribute where it does not exist. */
function snapshot(path: string, fields: object | undefined): DocumentSnapshot {
  const state = { exists: fields !== undefined, ref: db.doc(path), data: () => fields };
  return state as unknown as DocumentSnapshot;
}

const GARBLED = 'users/Ã\u0089lectre';
const EVENT = { id: 'e1', time: '2026-01-01T00:00:00Z', document: GARBLED, params: { uid: 'x' } };

async function created(data: DocumentSnapshot | undefined): Promise<CreationEvent> {
  let heard: CreationEvent | undefined;
  const trigger = onCreated({ document: 'users/{uid}' }, (event) => {
    heard = event;
    return Promise.resolve();
  });
  await trigger.run({ ...EVENT, data } as never);
  return heard!;
}

async function written(
  data: { before: DocumentSnapshot; after: DocumentSnapshot } | undefined,
): Promise<WriteEvent> {
  let heard: WriteEvent | undefined;
  const trigger = onWritten({ document: 'users/{uid}' }, (event) => {
    heard = event;
    return Promise.resolve();
  });
  await trigger.run({ ...EVENT, data } as never);
  return heard!;
}

const THERE = snapshot('users/Électre', { a: 1 });
const GONE = snapshot(GARBLED, undefined);

describe('a creation', () => {
  it('is named by its document', async () => {
    expect(await created(THERE)).toEqual({
      ...{ id: 'e1', time: EVENT.time },
      ...{ paths: ['users/Électre'], data: { a: 1 } },
    });
  });

  it.each([undefined, GONE])(
    'that came without it is named by what the attribute says',
    async (data) => {
      expect(await created(data)).toMatchObject({ paths: ['users/Électre'], data: undefined });
    },
  );
});

describe('a write', () => {
  it.each([
    ['creates', GONE, THERE],
    ['changes', THERE, THERE],
    ['deletes', THERE, GONE],
  ])('that %s a document is named by it', async (_what, before, after) => {
    expect(await written({ before, after })).toMatchObject({
      paths: ['users/Électre'],
      isComplete: true,
      before: before === GONE ? undefined : before,
      after: after === GONE ? undefined : after,
    });
  });

  it.each([undefined, { before: GONE, after: GONE }])(
    'that came without it says so',
    async (data) => {
      expect(await written(data)).toMatchObject({
        ...{ paths: ['users/Électre'], isComplete: false, before: undefined, after: undefined },
      });
    },
  );
});

it('the id of a path is its last segment', async () => {
  expect((await created(THERE)).paths.map(idOf)).toEqual(['Électre']);
});
