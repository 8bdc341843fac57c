/** What the examples for phones remove when a push is withdrawn; the systems that show notifications are played. */
import { withdrawalOf } from '../kit/src/delivery/withdrawal.ts';

/** On display: the tag that the system knows it by, and the data of its push, which Android does not keep. */
interface Shown {
  readonly tag: string;
  readonly data?: Record<string, string>;
}

let displayed: Shown[] = [];
let os: 'ios' | 'android' = 'ios';
let task: (event: { data: object }) => Promise<void> = () => Promise.reject(new Error('no task'));
const remove = (tag: string | undefined) => {
  displayed = displayed.filter((each) => each.tag !== tag);
  return Promise.resolve();
};

jest.mock(
  'react-native',
  () => ({
    Platform: {
      get OS() {
        return os;
      },
    },
  }),
  { virtual: true },
);
jest.mock(
  '@notifee/react-native',
  () => ({
    getDisplayedNotifications: () =>
      Promise.resolve(
        displayed.map(({ tag, data }) =>
          os === 'ios'
            ? { id: tag, notification: { id: tag, data } }
            : { id: '0', notification: { id: '0', android: { tag } } },
        ),
      ),
    cancelDisplayedNotification: (id: string, tag?: string) => remove(os === 'ios' ? id : tag),
  }),
  { virtual: true },
);
jest.mock(
  'expo-notifications',
  () => ({
    registerTaskAsync: () => undefined,
    getPresentedNotificationsAsync: () =>
      Promise.resolve(
        displayed.map(({ tag, data }) => ({
          request: {
            identifier: os === 'ios' ? tag : `expo-notifications://foreign?tag=${tag}&id=0`,
            content: { data },
          },
        })),
      ),
    dismissNotificationAsync: remove,
  }),
  { virtual: true },
);
jest.mock(
  'expo-task-manager',
  () => ({ defineTask: (_name: string, made: typeof task) => void (task = made) }),
  { virtual: true },
);

/** The data of a withdrawal as it arrives. */
function withdrawal(tag: string, isShared = false): Data {
  const { content } = withdrawalOf({
    ...{ id: 'wave-e2-withdrawal', withdraws: 'wave-e1', type: 'wave', document: 'walls/p1' },
    ...{ deletedAt: 0, recipients: { uids: [] } },
    shownAs: { tag, expiresAt: 0, ...(isShared ? { isShared } : {}) },
  });
  return { ...content.data, type: content.type, deliveryId: content.deliveryId };
}

type Data = Record<string, string>;
type Arrives = (data: Data) => Promise<unknown>;

/** The examples are plain JavaScript, without types. */
const load = (file: string): Promise<unknown> => import(`./${file}`);

const EXAMPLES: readonly (readonly [
  name: string,
  file: string,
  arrives: (example: unknown) => Arrives,
])[] = [
  [
    'react-native-firebase',
    'react-native-firebase/withdraw.js',
    (example) => (example as { readonly withdraw: Arrives }).withdraw,
  ],
  // As each system hands it over.
  [
    'expo',
    'expo/withdraw.js',
    () => (data) => task({ data: os === 'ios' ? { aps: {}, ...data } : { data } }),
  ],
  [
    'expo, in its own formats',
    'expo/withdraw.js',
    () => (body) =>
      task({ data: os === 'ios' ? { body } : { data: { body: JSON.stringify(body) } } }),
  ],
];

describe.each(EXAMPLES)('%s', (_name, file, arrivesIn) => {
  let arrives: Arrives;
  beforeEach(async () => {
    arrives = arrivesIn(await load(file));
  });

  describe.each(['ios', 'android'] as const)('on %s', (system) => {
    beforeEach(() => {
      os = system;
      displayed = [{ tag: 'wave-e1', data: { deliveryId: 'wave-e1' } }, { tag: 'other' }];
    });

    it('removes what is withdrawn, and nothing else', async () => {
      await arrives(withdrawal('wave-e1'));
      expect(displayed).toEqual([{ tag: 'other' }]);
    });

    it('leaves alone what a newer push has replaced', async () => {
      displayed = [{ tag: 'wall-p1', data: { deliveryId: 'wave-e9' } }];
      await arrives(withdrawal('wall-p1', true));
      expect(displayed).toHaveLength(1);
    });

    it('removes nothing because of an ordinary push', async () => {
      await arrives({ type: 'wave', deliveryId: 'wave-e3' });
      expect(displayed).toHaveLength(2);
    });
  });

  it('removes one of several of the same tag where the system knows which it is', async () => {
    os = 'ios';
    displayed = [{ tag: 'wall-p1', data: { deliveryId: 'wave-e1' } }];
    await arrives(withdrawal('wall-p1', true));
    expect(displayed).toEqual([]);
  });
});
