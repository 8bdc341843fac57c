import * as logger from 'firebase-functions/logger';
import { deliveryLog } from './delivery-log';
import { NO_COUNTS } from './model/counts';

jest.mock('firebase-functions/logger');

const ADDRESS = 'c0123456789abcdefghijk:APA91b-phone';

it('names a document without the address that is its id', () => {
  const { engine, notify } = deliveryLog('demo-x');
  const document = `users/ola/tokens/${ADDRESS}`;
  const about = { id: 'login-e1', type: 'login', document, eventAt: undefined };
  notify.nothingToTell(about, 'her first device');
  notify.composeFailed(about, new Error(`Document ${document}: expected a platform.`));
  notify.unusableEvent(about, { error: 'no platform', errorCode: 'INVALID_INPUT' });
  const summary = { id: 'login-e1', type: 'login', state: 'done', isShard: false } as const;
  engine.finished({ ...summary, document, counts: NO_COUNTS, codes: {}, rounds: 1 });
  const lines = jest.mocked(logger.write).mock.calls.map(([entry]) => entry);
  expect(lines).toHaveLength(4);
  for (const line of lines) {
    expect(line).toMatchObject({ document: 'users/ola/tokens/<redacted>', type: 'login' });
    expect(JSON.stringify(line)).not.toContain('APA91');
  }
});
