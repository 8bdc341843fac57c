import { itIsAProvider } from '../../testing/provider-contract';
import { ApnsProvider } from './provider';
import { NO_SERVER, settings } from '../../testing/apns-settings';

describe('ApnsProvider', () => {
  itIsAProvider({
    make: (client) =>
      new ApnsProvider(settings({ servers: { production: { client }, sandbox: NO_SERVER } }).made),
    address: (nth) => nth.toString(16).padStart(64, '0'),
    addressOf: ({ path }) => path.slice('/3/device/'.length),
    accepted: '',
    dead: { status: 410, body: { reason: 'Unregistered', timestamp: Date.now() } },
  });
});
