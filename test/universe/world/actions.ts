/** What people do in a world, by chance; pure. */
import type { Random } from '../time/random.ts';
import type { Action } from './plan.ts';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;

/** The others are of nights only: see `nights.ts`. */
type OfDay = Exclude<
  Action['do'],
  'silence' | 'mute-target' | 'unmute-target' | 'block' | 'unblock' | 'set-night'
>;

/** What a world is about: each draws from a few kinds of actions only, so that they meet. */
const THEMES: readonly (readonly OfDay[])[] = [
  ['notify'],
  ['notify', 'notify', 'mute', 'unmute', 'edit-profile'],
  ['notify', 'login', 'logout', 'login'],
  ['notify', 'renew', 'start-app', 'uninstall'],
  ['notify', 'login', 'logout', 'renew', 'delete-account', 'logout-everywhere', 'start-app'],
  ['push', 'edit-push', 'cancel-push', 'delete-push'],
  ['push', 'push', 'edit-push', 'cancel-push'],
  ['push', 'notify', 'deploy'],
  ['notify', 'retry', 'cancel', 'deploy'],
  ['login', 'logout', 'login', 'renew', 'logout-everywhere', 'sweep-stale'],
];

/** What people do in a world that is no scene, in the order of time. @param people how many there are, and phones. */
export function actionsOf(random: Random, people: number, phones: number): Action[] {
  const theme = random.pick(THEMES);
  const spanMs = random.pick([1, 2 * SECOND, 20 * SECOND, 10 * MINUTE, 3 * HOUR]);
  // Small, so that many are played; what goes wrong in large ones mostly does in small ones, only seldom.
  const count = random.int(1, 2) + (random.chance(0.1) ? random.int(1, 6) : 0);
  const context: Context = { random, people, phones, ids: [], nextId: 1 };
  // The first of a theme is what the others are about.
  return Array.from({ length: count }, (_, index): Action => {
    const at = index === 0 ? 0 : Math.floor(random.next() * spanMs);
    return {
      at,
      ...actionOf(index === 0 ? (theme[0] as OfDay) : random.pick(theme), context),
    };
  }).sort((a, b) => a.at - b.at);
}

interface Context {
  readonly random: Random;
  readonly people: number;
  readonly phones: number;
  readonly ids: string[];
  nextId: number;
}

/** Without its time. */
type Act = Action extends infer Each ? (Each extends Action ? Omit<Each, 'at'> : never) : never;

function actionOf(what: OfDay, context: Context): Act {
  const { random } = context;
  const person = (): number => random.int(0, context.people - 1);
  const phone = (): number => random.int(0, context.phones - 1);
  switch (what) {
    case 'notify':
      return notifyOf(context);
    case 'push':
      return pushOf(context);
    case 'edit-push':
      return {
        do: what,
        id: idOf(context, 'push'),
        title: `edited ${random.int(1, 9)}`,
        ...(random.chance(0.5) ? { inMs: random.pick([0, MINUTE, HOUR]) } : {}),
      };
    case 'cancel-push':
    case 'delete-push':
      return { do: what, id: idOf(context, 'push') };
    case 'mute':
    case 'unmute':
      return { do: what, person: person(), kind: random.pick(['wave', 'offer'] as const) };
    case 'login':
      return {
        do: what,
        phone: phone(),
        person: person(),
        by: random.chance(0.75) ? 'call' : 'array',
      };
    case 'logout':
      return { do: what, phone: phone(), by: random.chance(0.75) ? 'call' : 'array' };
    case 'logout-everywhere':
    case 'delete-account':
    case 'edit-profile':
      return { do: what, person: person() };
    case 'renew':
      return {
        do: what,
        phone: phone(),
        tells: random.pick(['replaces', 'plain', 'nobody'] as const),
      };
    case 'start-app':
    case 'uninstall':
      return { do: what, phone: phone() };
    case 'deploy':
    case 'sweep-stale':
      return { do: what };
    case 'retry':
    case 'cancel':
      return { do: what, id: idOf(context, 'n') };
  }
}

function notifyOf(context: Context): Act {
  const { random } = context;
  const id = newId(context, 'n');
  const group = (): number[] => everybodyBut(random, context.people);
  const common = {
    do: 'notify',
    kind: random.chance(0.8) ? 'wave' : 'offer',
    id,
    from: random.int(0, context.people - 1),
    ...(random.chance(0.2) ? { ttl: random.pick([0, 30, 600, 7_200]) } : {}),
    ...(random.chance(0.2) ? { readsWall: true as const } : {}),
  } as const;
  const chance = random.next();
  if (chance < 0.1) return { ...common, to: 'everyone' };
  if (chance < 0.2) return { ...common, to: 'members', members: group() };
  return { ...common, to: group() };
}

function pushOf(context: Context): Act {
  const { random } = context;
  const id = newId(context, 'push');
  const chance = random.next();
  return {
    do: 'push',
    id,
    to: chance < 0.1 ? 'everyone' : chance < 0.15 ? 'topic' : everybodyBut(random, context.people),
    ...(random.chance(0.15) ? { phones: random.some([...Array(context.phones).keys()], 2) } : {}),
    title: 'as written',
    ...(random.chance(0.4) ? { inMs: random.pick([SECOND, MINUTE, HOUR, 40 * 24 * HOUR]) } : {}),
  };
}

/** Some of the people, one at least. */
function everybodyBut(random: Random, people: number): number[] {
  return random.some([...Array(people).keys()], random.int(1, people));
}

function newId(context: Context, prefix: 'n' | 'push'): string {
  const id = `${prefix}${context.nextId}`;
  context.nextId += 1;
  context.ids.push(id);
  return id;
}

/** One of those that were written before, mostly. */
function idOf({ random, ids }: Context, prefix: 'n' | 'push'): string {
  const known = ids.filter((id) => id.startsWith(prefix));
  return known.length === 0 ? `${prefix}0` : random.pick(known);
}
