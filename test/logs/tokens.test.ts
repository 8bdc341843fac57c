/**
 * Runs after everything else in the stack: nothing the emulators and functions logged holds a full address.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const { STACK_LOGS: logs, SIMULATOR_URL: simulator } = process.env;

/** Shorter addresses than any real one could stand in a log by chance. */
const SHORTEST_ADDRESS = 20;

describe('the logs of the emulators and functions', () => {
  it('hold no full address of any device that was used', async () => {
    if (logs === undefined || simulator === undefined) {
      throw new Error('STACK_LOGS, SIMULATOR_URL: expected the running stack; use `npm test`.');
    }
    const response = await fetch(`${simulator}/simulator/devices`);
    const devices = (await response.json()) as { address: string }[];
    const addresses = devices
      .map(({ address }) => address)
      .filter((address) => address.length >= SHORTEST_ADDRESS);
    // The end-to-end tests have used dozens: an empty list would prove nothing.
    expect(addresses.length).toBeGreaterThan(10);

    const files = readdirSync(logs).filter((name) => name.endsWith('.log'));
    const text = files.map((name) => readFileSync(join(logs, name), 'utf8')).join('\n');
    expect(text).toContain('delivery finished');
    expect(addresses.filter((address) => text.includes(address))).toEqual([]);
  });
});
