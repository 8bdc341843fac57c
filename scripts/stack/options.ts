/** Reads the flags and environment variables that every script of the stack takes; pure. */

import { parseArgs } from 'node:util';

import { StackError } from './error.ts';
import { DEFAULT_PORTS, SERVICES, portVariable } from './ports.ts';
import type { Ports, Service } from './ports.ts';

/** What can be started; `tasks` comes with `functions`. */
export const PARTS = ['simulator', 'auth', 'firestore', 'functions'] as const;
export type Part = (typeof PARTS)[number];

export interface StackOptions {
  /** Fixed ports, or `free`: any that nobody listens on, so that two stacks can stand side by side. */
  ports: Ports | 'free';
  parts: readonly Part[];
  /** An app's folder, relative to the root, that stands in the sample's place; the sample if left out. */
  app?: string;
  /** What stands after `--`: a command to run inside the stack. */
  command: readonly string[];
  help: boolean;
}

const HIGHEST_PORT = 65_535;

/** The part of `--help` that describes the flags, one a line. */
export const OPTIONS_HELP = `Options:
  --free-ports                   any ports that are free (env FIRESTORE_PUSH_FREE_PORTS=1)
  --port-offset N                add N to every default port (env FIRESTORE_PUSH_PORT_OFFSET)
${SERVICES.map(
  (service) =>
    `  ${`--${service}-port N`.padEnd(30)} default ${String(DEFAULT_PORTS[service]).padEnd(5)} (env ${portVariable(service)})`,
).join('\n')}
  --app DIR                      the functions and rules with the app in DIR in place of the sample, e.g. test/app
  --only A,B                     start only these of: ${PARTS.join(', ')}
  --help                         this text

A flag overrides an environment variable, a service's own port overrides an offset.
`;

/**
 * @param args the command line without node and the script's name.
 * @throws StackError `option-invalid`, naming the option, what was expected and what was got.
 */
export function readOptions(args: readonly string[], env: NodeJS.ProcessEnv): StackOptions {
  const { values, positionals } = parse(args);
  const text = (name: string): string | undefined => {
    const value = values[name];
    return typeof value === 'string' ? value : undefined;
  };

  const app = text('app');
  return {
    ...(app === undefined ? {} : { app }),
    ports: readPorts(
      (service) => {
        const flag = text(`${service}-port`);
        return flag === undefined
          ? [portVariable(service), env[portVariable(service)]]
          : [`--${service}-port`, flag];
      },
      text('port-offset') === undefined
        ? ['FIRESTORE_PUSH_PORT_OFFSET', env.FIRESTORE_PUSH_PORT_OFFSET]
        : ['--port-offset', text('port-offset')],
      values['free-ports'] === true || env.FIRESTORE_PUSH_FREE_PORTS === '1',
    ),
    parts: readParts(text('only')),
    command: positionals,
    help: values.help === true,
  };
}

function parse(args: readonly string[]): ReturnType<typeof parseArgs> {
  try {
    return parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        'free-ports': { type: 'boolean' },
        'port-offset': { type: 'string' },
        only: { type: 'string' },
        app: { type: 'string' },
        help: { type: 'boolean', short: 'h' },
        ...Object.fromEntries(
          SERVICES.map((service) => [`${service}-port`, { type: 'string' as const }]),
        ),
      },
    });
  } catch (error) {
    throw new StackError('option-invalid', `${(error as Error).message}\nSee --help.`);
  }
}

/** A value with the name it was given under, so that an error can say where to correct it. */
type Named = readonly [name: string, value: string | undefined];

function readPorts(
  portOf: (service: Service) => Named,
  offset: Named,
  free: boolean,
): Ports | 'free' {
  if (free) return 'free';
  const shift = readNumber(offset, -HIGHEST_PORT, HIGHEST_PORT) ?? 0;
  const ports = Object.fromEntries(
    SERVICES.map((service) => {
      const own = portOf(service);
      const port = readNumber(own, 1, HIGHEST_PORT) ?? DEFAULT_PORTS[service] + shift;
      return [service, readNumber([offset[0], String(port)], 1, HIGHEST_PORT)];
    }),
  ) as Record<Service, number>;

  for (const service of SERVICES) {
    const twin = SERVICES.find((other) => other !== service && ports[other] === ports[service]);
    if (twin) {
      throw new StackError(
        'option-invalid',
        `Expected a port of its own for each service, got ${ports[service]} for both ${service} and ${twin}.`,
      );
    }
  }
  return ports;
}

function readNumber([name, value]: Named, lowest: number, highest: number): number | undefined {
  if (value === undefined || value === '') return undefined;
  const number = Number(value);
  if (!Number.isInteger(number) || number < lowest || number > highest) {
    throw new StackError(
      'option-invalid',
      `Expected ${name} to give a whole number from ${lowest} to ${highest}, got "${value}".`,
    );
  }
  return number;
}

function readParts(only: string | undefined): readonly Part[] {
  if (only === undefined) return PARTS;
  const names = only.split(',').map((name) => name.trim());
  const unknown = names.filter((name) => !PARTS.includes(name as Part));
  if (unknown.length > 0) {
    throw new StackError(
      'option-invalid',
      `Expected --only to name some of ${PARTS.join(', ')}, got "${unknown.join(', ')}".`,
    );
  }
  const parts = PARTS.filter((part) => names.includes(part));
  requireWhole(parts);
  return parts;
}

/** What the functions reach for: the Admin SDK goes to Google for whatever has no emulator. */
const NEEDED_BY_FUNCTIONS: readonly Part[] = ['simulator', 'auth', 'firestore'];

/**
 * Refuses to run functions without every emulator that they use, because they would use the real thing instead.
 *
 * @throws StackError `option-invalid`, naming what is missing and what to say instead.
 */
export function requireWhole(parts: readonly Part[]): void {
  if (!parts.includes('functions')) return;
  const missing = NEEDED_BY_FUNCTIONS.filter((part) => !parts.includes(part));
  if (missing.length === 0) return;
  throw new StackError(
    'option-invalid',
    `Expected functions to run beside the emulators of all that they use, got them without ${missing.join(' and ')}: ` +
      `they would connect to the real services. Use --only ${PARTS.filter((part) => part === 'functions' || NEEDED_BY_FUNCTIONS.includes(part)).join(',')}.`,
  );
}
