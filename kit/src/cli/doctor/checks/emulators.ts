/** Whether the emulators run what they should. */
import { FUNCTIONS } from '../expected';
import type { EmulatorFacts, Facts } from '../facts';
import { found, listed, type Finding } from '../finding';

const START = 'npx firebase emulators:start';

export function emulatorFindings(facts: Facts, emulators: EmulatorFacts): Finding[] {
  return [...functions(facts, emulators), simulator(emulators)];
}

function functions({ installation: { prefix } }: Facts, { functions }: EmulatorFacts): Finding[] {
  if (functions.kind !== 'known') {
    const why = functions.kind === 'unreachable' ? ` (${functions.why})` : '';
    return [
      found(
        'emulators.unread',
        `The Functions emulator did not say what it has loaded${why}.`,
        START,
      ),
    ];
  }
  const loaded = new Set(functions.value);
  const missing = FUNCTIONS.map(({ name }) => `${prefix}${name}`).filter((id) => !loaded.has(id));
  if (missing.length === 0) {
    return [found('emulators.functions', `All ${FUNCTIONS.length} functions are loaded.`)];
  }
  const text = `The Functions emulator has not loaded ${listed(missing)}.`;
  return [
    found('emulators.missing', text, 'Build the functions, and look at the log of the emulators.'),
  ];
}

function simulator({ simulator: { address, reading } }: EmulatorFacts): Finding {
  if (reading.kind === 'known') {
    return found('simulator.reachable', `The simulator of FCM answers at ${address}.`);
  }
  const text = `No answer at ${address}, where FCM is simulated (FCM_EMULATOR_HOST): pushes cannot be sent.`;
  return found(
    'simulator.unreachable',
    text,
    'Start the simulator, or set FCM_EMULATOR_HOST to where it runs.',
  );
}
