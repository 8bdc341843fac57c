/** Reads the command line of the soak; pure. */

import { parseArgs } from 'node:util';

import { StackError } from '../stack/error.ts';

export interface SoakOptions {
  /** Offers to write. */
  events: number;
  /** People who have an order each and offer to bring each other's. */
  users: number;
  /** The part of the provider's answers that is a fault, 0 to 1. */
  faultRate: number;
  /** Decides who offers what and whose devices are dead; which requests a fault strikes also depends on their order. */
  seed: number;
  /** Instead of offers: the long tests of test/cloud. */
  cloud: boolean;
  help: boolean;
}

/** A device in the simulator shows its newest items only, so nobody can get more offers than that. */
const SHOWN_BY_A_DEVICE = 50;

const DEFAULTS = { events: 2_000, users: 200, 'fault-rate': 0.05, seed: 1 } as const;

export const SOAK_HELP = `Usage: npm run soak [-- options]

Starts the simulator and the emulators on free ports, writes offers, makes the provider fail, and checks every inbox
and the whole ledger afterwards. Exits 1 if a push was lost or shown twice, if a live address was pruned, or if the
ledger is incomplete. Takes a few minutes: a failed push waits 10 s or more before it is retried.

Options:
  --events N        offers to write (default ${DEFAULTS.events})
  --users N         users, each with one to three devices (default ${DEFAULTS.users})
  --fault-rate R    share of the provider's answers that are faults, 0 to 1 (default ${DEFAULTS['fault-rate']})
  --seed N          the same seed makes the same users and offers (default ${DEFAULTS.seed})
  --cloud           instead: the long tests of test/cloud, in which instances die and sleep, FCM answers late and Firestore
                    does not answer; takes about half an hour, and the options above are ignored
  --help            this text
`;

/**
 * @param args the command line without node and the script's name.
 * @throws StackError `option-invalid`, naming the option, what was expected and what was got.
 */
export function readSoakOptions(args: readonly string[]): SoakOptions {
  const values = parse(args);
  const users = number('users', values.users, 2, 100_000);
  return {
    users,
    events: number('events', values.events, 1, users * Math.min(users - 1, SHOWN_BY_A_DEVICE)),
    faultRate: number('fault-rate', values['fault-rate'], 0, 1, false),
    seed: number('seed', values.seed, 0, 2 ** 32 - 1),
    cloud: values.cloud === true,
    help: values.help === true,
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: [...args],
      options: {
        events: { type: 'string' },
        users: { type: 'string' },
        'fault-rate': { type: 'string' },
        seed: { type: 'string' },
        cloud: { type: 'boolean' },
        help: { type: 'boolean', short: 'h' },
      },
    }).values;
  } catch (error) {
    throw new StackError('option-invalid', `${(error as Error).message}\nSee --help.`);
  }
}

function number(
  name: keyof typeof DEFAULTS,
  text: string | undefined,
  lowest: number,
  highest: number,
  isWhole = true,
): number {
  const value = text === undefined ? DEFAULTS[name] : Number(text);
  if (
    text === '' ||
    !(value >= lowest && value <= highest) ||
    (isWhole && !Number.isInteger(value))
  ) {
    throw new StackError(
      'option-invalid',
      `Expected --${name} to give a ${isWhole ? 'whole ' : ''}number from ${lowest} to ${highest}, got "${text}".`,
    );
  }
  return value;
}
