/** Reads the command line of `npm run push`: what to do, and the push document that says it; pure. */

import { parseArgs, type ParseArgsConfig } from 'node:util';

import { HELP, type CommandName } from './help.ts';
import { readTime } from './time.ts';
import { UsageError } from './usage-error.ts';

export { UsageError };

export interface Target {
  project: string;
  /** `host:port`, when Firestore is an emulator. */
  emulator: string | undefined;
}

/** Fields of a push document; `sendAt` is a date here and a timestamp there. */
export interface PushFields {
  to: unknown;
  sendAt?: Date;
  [field: string]: unknown;
}

export interface SendCommand {
  name: 'send';
  id: string | undefined;
  fields: PushFields;
  wait: boolean;
  timeoutMs: number;
  /** Whether whoever typed it has agreed beforehand to what {@link needsConfirmation}. */
  yes: boolean;
}

export type Command = Target & { json: boolean } & (
    | SendCommand
    | { name: 'cancel'; id: string }
    | { name: 'status'; id: string }
    | { name: 'list'; limit: number; state: string | undefined }
  );

const COMMON = {
  project: { type: 'string' },
  json: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
} as const;

const MESSAGE = {
  ...COMMON,
  title: { type: 'string' },
  body: { type: 'string' },
  image: { type: 'string' },
  link: { type: 'string' },
  type: { type: 'string' },
  data: { type: 'string', multiple: true },
  field: { type: 'string', multiple: true },
  at: { type: 'string' },
  'dry-run': { type: 'boolean' },
  yes: { type: 'boolean' },
  id: { type: 'string' },
  wait: { type: 'boolean' },
  timeout: { type: 'string' },
} as const;

const OPTIONS: Readonly<Record<CommandName, NonNullable<ParseArgsConfig['options']>>> = {
  send: {
    ...MESSAGE,
    to: { type: 'string', multiple: true },
    address: { type: 'string', multiple: true },
    where: { type: 'string' },
    members: { type: 'string' },
    everyone: { type: 'boolean' },
  },
  topic: { ...MESSAGE, condition: { type: 'string' } },
  cancel: COMMON,
  status: { ...COMMON, limit: { type: 'string' }, state: { type: 'string' } },
};

type Values = Record<string, string | boolean | (string | boolean)[] | undefined>;

const DEFAULT_PROJECT = 'demo-firestore-push';
const DEFAULT_LIMIT = '20';
const DEFAULT_TIMEOUT_SECONDS = '120';

/**
 * @param args the command line without node and the script's name.
 * @param now ms since 1970, for times such as `+2h`.
 * @returns the command, or the help that was asked for.
 * @throws UsageError naming the option, what was expected and what was got.
 */
export function readCommand(
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  now: number,
): Command | { help: string } {
  const [name, ...rest] = args;
  if (name === undefined || name === '--help' || name === '-h') return { help: HELP.push };
  if (!isCommandName(name)) {
    throw new UsageError(`Expected send, topic, cancel or status, got "${name}".`);
  }
  const { values, positionals } = parsed(name, rest);
  if (values['help'] === true) return { help: HELP[name] };
  const common = { ...targetOf(values, env), json: values['json'] === true };
  switch (name) {
    case 'send':
      nothingMore(positionals, 0);
      return { ...common, ...sending(values, recipientsOf(values), now) };
    case 'topic':
      return { ...common, ...sending(values, topicOf(values, positionals), now) };
    case 'cancel':
      return { ...common, name: 'cancel', id: pushId(theOnly(positionals, 'the id of a push')) };
    case 'status': {
      if (positionals.length > 0) {
        return { ...common, name: 'status', id: pushId(theOnly(positionals, 'the id of a push')) };
      }
      const limit = whole('--limit', text(values, 'limit') ?? DEFAULT_LIMIT);
      return { ...common, name: 'list', limit, state: text(values, 'state') };
    }
  }
}

function isCommandName(name: string): name is CommandName {
  return Object.hasOwn(OPTIONS, name);
}

function parsed(
  name: CommandName,
  args: readonly string[],
): { values: Values; positionals: string[] } {
  try {
    return parseArgs({ args: [...args], options: OPTIONS[name], allowPositionals: true });
  } catch (error) {
    throw new UsageError((error as Error).message, { cause: error });
  }
}

function targetOf(values: Values, env: NodeJS.ProcessEnv): Target {
  const emulator = env['FIRESTORE_EMULATOR_HOST'] || undefined;
  const fallback = emulator === undefined ? undefined : (env['GCLOUD_PROJECT'] ?? DEFAULT_PROJECT);
  // A real project has to be named: one that happens to be set in the environment is not enough to send to its users.
  const project = text(values, 'project') ?? fallback;
  if (!project) {
    throw new UsageError(
      'Expected --project with the id of the Firebase project, or FIRESTORE_EMULATOR_HOST in the environment; got neither.',
    );
  }
  return { project, emulator };
}

function sending(values: Values, to: unknown, now: number): SendCommand {
  const fields: PushFields = { to };
  for (const name of ['title', 'body', 'image', 'link', 'type']) {
    const value = text(values, name);
    if (value !== undefined) fields[name] = value;
  }
  const data = pairs(values, 'data');
  if (data.length > 0) fields['data'] = Object.fromEntries(data);
  for (const [name, value] of pairs(values, 'field')) fields[name] = jsonOr(value);
  const at = text(values, 'at');
  if (at !== undefined) fields.sendAt = readTime(at, now);
  if (values['dry-run'] === true) fields['validateOnly'] = true;
  const timeoutMs = whole('--timeout', text(values, 'timeout') ?? DEFAULT_TIMEOUT_SECONDS) * 1000;
  const given = text(values, 'id');
  const id = given === undefined ? undefined : pushId(given);
  const [wait, yes] = [values['wait'] === true, values['yes'] === true];
  return { name: 'send', id, fields, wait, timeoutMs, yes };
}

function recipientsOf(values: Values): unknown {
  const given = ['to', 'address', 'where', 'members', 'everyone'].filter((name) => name in values);
  if (given.length !== 1) {
    throw new UsageError(
      `Expected one of --to, --address, --where, --members and --everyone, got ${given.map((name) => `--${name}`).join(' and ') || 'none'}.`,
    );
  }
  const { where, members } = { where: text(values, 'where'), members: text(values, 'members') };
  if (where !== undefined) return { users: filterOf(where) };
  if (members !== undefined) return { members };
  if (values['everyone'] === true) return { everyone: true };
  const addresses = texts(values, 'address');
  if (addresses.length > 0) return { addresses };
  const uids = texts(values, 'to').flatMap((each) => each.split(','));
  return uids.length === 1 ? uids[0] : uids;
}

function topicOf(values: Values, positionals: readonly string[]): unknown {
  const condition = text(values, 'condition');
  if (condition === undefined)
    return { topic: theOnly(positionals, 'the name of a topic, or --condition') };
  nothingMore(positionals, 0);
  return { condition };
}

/** `locale == de`, `plan in ["pro","team"]`: the value as JSON if it is some, else as text. */
function filterOf(where: string): unknown {
  const [, field, op, value] =
    /^(\S+)\s+(==|in|array-contains|array-contains-any)\s+(.+)$/.exec(where.trim()) ?? [];
  if (value === undefined) {
    throw new UsageError(
      `Expected --where "FIELD OPERATOR VALUE" with ==, in, array-contains or array-contains-any, got "${where}".`,
    );
  }
  return { field, op, value: jsonOr(value) };
}

function pairs(values: Values, name: string): [string, string][] {
  return texts(values, name).map((pair) => {
    const end = pair.indexOf('=');
    if (end < 1) throw new UsageError(`Expected --${name} KEY=VALUE, got "${pair}".`);
    return [pair.slice(0, end), pair.slice(end + 1)];
  });
}

function jsonOr(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}

function whole(name: string, value: string): number {
  if (!/^[1-9]\d{0,5}$/.test(value)) {
    throw new UsageError(`Expected ${name} with a whole number from 1 to 999999, got "${value}".`);
  }
  return Number(value);
}

function theOnly(positionals: readonly string[], what: string): string {
  const [only] = positionals;
  if (only === undefined) throw new UsageError(`Expected ${what}, got nothing.`);
  nothingMore(positionals, 1);
  return only;
}

/** An id with a "/" would name a document elsewhere, which no function looks at. */
function pushId(id: string): string {
  // As kit/src/model/document-id.ts has it, which Node cannot load from here without a warning.
  const isOne = /^(?!\.{1,2}$|__.*__$)[^/]+$/s.test(id) && Buffer.byteLength(id) <= 1500;
  if (isOne && id.isWellFormed()) return id;
  throw new UsageError(
    `Expected a push's id of 1 to 1,500 bytes without "/", not ".", ".." or "__…__", got "${id.slice(0, 100)}".`,
  );
}

function nothingMore(positionals: readonly string[], expected: number): void {
  const more = positionals[expected];
  if (more !== undefined) throw new UsageError(`Expected no further argument, got "${more}".`);
}

function text(values: Values, name: string): string | undefined {
  const value = values[name];
  return typeof value === 'string' ? value : undefined;
}

function texts(values: Values, name: string): string[] {
  const value = values[name];
  return Array.isArray(value) ? value.map(String) : [];
}
