/** The code of docs/your-data.md is that of files which are compiled and tested, and its two ways of sending replace each other. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rehearse } from '../../kit/src/catalogue/rehearse.ts';
import type { Content } from '../../kit/src/model/notification/content.ts';
import { complete } from '../../kit/src/model/notification/complete.ts';
import { fcmMessage } from '../../kit/src/providers/fcm/compile.ts';
import { notifyShipment, topicMessage } from '../../test/lifecycle/your-data/topic-overlap.ts';

const read = (file: string): string => readFileSync(join(__dirname, '../..', file), 'utf8');
const FIXTURES = ['imports.ts', 'topic-overlap.ts'].map((file) =>
  read(`test/lifecycle/your-data/${file}`),
);
const blocks = [...read('docs/your-data.md').matchAll(/^```ts\n(.*?)^```$/gms)];
/** Declarations, each on its own. */
const pieces = blocks.flatMap(([, code = '']) => code.trim().split(/\n\n(?=\S)/));

it('the guide has blocks of code', () => {
  expect(pieces.length).toBeGreaterThanOrEqual(9);
});

it.each(pieces)('the guide quotes test/lifecycle/your-data: %s', (piece) => {
  expect(FIXTURES.some((fixture) => fixture.includes(piece))).toBe(true);
});

it('every import that is tested is in the guide', () => {
  const [imports = ''] = FIXTURES;
  const names = [...imports.matchAll(/^export const (\w+)/gm)].map(([, name = '']) => name);
  const quoted = pieces.join('\n');
  expect(names.filter((name) => !quoted.includes(`export const ${name} `))).toEqual([]);
});

it('a push to the list and one to the topic replace each other on every platform', async () => {
  const { notification } = await rehearse(notifyShipment, {
    path: 'shipments/s7',
    document: { customerId: 'maya' },
  });
  if (notification === null) throw new Error('Expected a notification, got none.');
  const context = { type: 'shipment', deliveryId: 'shipment-e1', eventTime: 0 };
  const direct = fcmMessage(complete(notification, context).content as Content, 0);
  const old = topicMessage('s7', 'maya');
  expect(old.topic).toBe(`user_${notification.to as string}`);
  expect(direct.android?.notification).toMatchObject(old.android.notification);
  expect(direct.apns?.headers).toMatchObject(old.apns.headers);
  expect(direct.webpush?.notification).toMatchObject(old.webpush.notification);
  expect(direct.notification).toEqual(old.notification);
});
