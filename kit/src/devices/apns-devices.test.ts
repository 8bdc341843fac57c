import { Timestamp, type Firestore } from '@google-cloud/firestore';
import { addressId } from '../model/address';
import { Collections } from '../store/collections';
import { ApnsDeviceStore } from './apns-devices';

const A = 'aa'.repeat(32);
const B = 'bb'.repeat(32);

/** As much of Firestore as the store uses: documents by path, with every call noted. */
function firestore(documents: Readonly<Record<string, Record<string, unknown>>>) {
  const calls: unknown[] = [];
  const doc = (path: string) => ({
    path,
    update: (fields: object) => {
      calls.push(['update', path, fields]);
      if (documents[path] !== undefined) return Promise.resolve();
      return Promise.reject(Object.assign(new Error('NOT_FOUND'), { code: 5 }));
    },
  });
  const db = {
    collection: (name: string) => ({ doc: (id: string) => doc(`${name}/${id}`) }),
    getAll: (...refs: unknown[]) => {
      const { fieldMask } = refs.pop() as { fieldMask: string[] };
      calls.push(['getAll', refs.length, fieldMask]);
      return Promise.resolve(
        (refs as { path: string }[]).map(({ path }) => ({
          get: (field: string) => documents[path]?.[field],
        })),
      );
    },
  };
  return { store: new ApnsDeviceStore(new Collections(db as unknown as Firestore)), calls };
}

const path = (address: string): string => `devices/${addressId(address)}`;

describe('ApnsDeviceStore', () => {
  it('reads four fields of each record, in order, and nothing of an unknown device', async () => {
    const { store, calls } = firestore({
      [path(B)]: {
        uid: 'ola',
        environment: 'sandbox',
        appId: 'com.example.birds',
        experienceId: '@lia/birds',
        refreshedAt: Timestamp.fromMillis(1_700_000_000_000),
      },
    });
    expect(await store.read([A, B])).toEqual([
      {},
      {
        environment: 'sandbox',
        appId: 'com.example.birds',
        experienceId: '@lia/birds',
        refreshedAt: 1_700_000_000_000,
      },
    ]);
    expect(calls).toEqual([['getAll', 2, ['environment', 'appId', 'experienceId', 'refreshedAt']]]);
  });

  it.each([
    ['1:123:ios:abc'],
    ['com.example\r\nx-header: 1'],
    ['com.example.ünicode'],
    [''],
    ['x'.repeat(156)],
    [42],
  ])(
    'takes no topic from the app id %j, which no header could carry or Apple would know',
    async (appId) => {
      const { store } = firestore({ [path(A)]: { appId } });
      expect(await store.read([A])).toEqual([{}]);
    },
  );

  it('passes over what is of another type', async () => {
    const { store } = firestore({ [path(A)]: { environment: 'staging', experienceId: 1 } });
    expect(await store.read([A])).toEqual([{}]);
  });

  it('reads many in parts', async () => {
    const { store, calls } = firestore({});
    const facts = await store.read(Array.from({ length: 1001 }, (_, nth) => `${nth}`));
    expect(facts).toHaveLength(1001);
    expect(calls.map((call) => (call as [string, number])[1])).toEqual([500, 500, 1]);
  });

  it('writes where an address was accepted, and touches nothing else', async () => {
    const { store, calls } = firestore({ [path(A)]: {} });
    await store.rememberEnvironment(A, 'sandbox');
    expect(calls).toEqual([['update', path(A), { environment: 'sandbox' }]]);
  });

  it('makes no record for a device that has none', async () => {
    const { store } = firestore({});
    await expect(store.rememberEnvironment(A, 'sandbox')).resolves.toBeUndefined();
  });

  it('says when Firestore failed', async () => {
    const db = {
      collection: () => ({ doc: () => ({ update: () => Promise.reject(new Error('no')) }) }),
    };
    const store = new ApnsDeviceStore(new Collections(db as unknown as Firestore));
    await expect(store.rememberEnvironment(A, 'sandbox')).rejects.toThrow('no');
  });
});
