/**
 * What a digest says: of how many, and whose names; pure.
 */
import type { Draft, Text } from '../../model/notification/content';
import type { Digest } from '../../model/notification/digest';

type Args = Readonly<Record<string, string | number>>;

/** What is kept of one event that is told with others. */
export interface DigestItem {
  /** Of its entry in the ledger. */
  readonly id: string;
  /** Whoever did it. */
  readonly actor?: string;
  /** Their name. */
  readonly name?: string;
  /** Path of the document that it is about. */
  readonly document?: string;
}

/** What an event's own push shows, and where a tap on it leads: as small as what the ledger keeps of it. */
export type OwnPush = Omit<Draft, NotOwn>;
type NotOwn = 'type' | 'deliveryId' | 'tag' | 'collapseKey' | 'expiresAt' | 'choice';

/** One of those whom a digest counts. */
interface Actor {
  readonly name?: string;
}

/** How many names a digest may say. */
const MAX_NAMES = 2;

/** Whoever did what the items tell of, each once, and those of whom a name is known first. @param items the newest first. */
export function actorsOf(items: readonly DigestItem[]): readonly Actor[] {
  const found = new Map<string, Actor>();
  for (const { id, actor, name } of items) {
    // Of what nobody did, each counts by itself.
    const key = actor === undefined ? `item ${id}` : `actor ${actor}`;
    if (found.get(key)?.name === undefined) found.set(key, name === undefined ? {} : { name });
  }
  const all = [...found.values()];
  const isNamed = ({ name }: Actor): boolean => name !== undefined;
  return [...all.filter(isNamed), ...all.filter((each) => !isNamed(each))];
}

/**
 * The values that a digest's texts may name: `count` in all; `name` and `name2`, of which `names` (0 to 2) are known, else they are
 * empty; `others` are those besides the first, `others2` those besides the first two.
 */
export function digestArgs(found: readonly Actor[]): Args {
  const [name = '', name2 = ''] = found.flatMap((each) => each.name ?? []);
  const names = found.filter((each) => each.name !== undefined).slice(0, MAX_NAMES).length;
  const count = found.length;
  const [others, others2] = [Math.max(0, count - 1), Math.max(0, count - 2)];
  return { count, others, others2, names, name, name2 };
}

/** What is kept of an event's push: a digest has all else of its own. */
export function ownPush(content: Draft): OwnPush {
  const {
    type: _kind,
    deliveryId: _entry,
    tag: _place,
    collapseKey: _shared,
    expiresAt: _end,
    choice: _ours,
    ...own
  } = content;
  return own;
}

/**
 * The push that tells of the items in place of one for each. What it does not say itself is as in the push of the newest that counts:
 * nothing is left of one that was taken back, or of somebody who is blocked.
 *
 * @param content what the digest's entry was made with.
 * @param items the newest first, at least one.
 * @param newest the first one's own push.
 */
export function digestContent(
  { type, deliveryId, tag, expiresAt, choice: all }: Draft,
  items: readonly DigestItem[],
  newest: OwnPush,
): Draft {
  const { digest, actorName: _one, ...choice } = all ?? {};
  const { title, body } = newest;
  const args = { ...argsOf(body), ...argsOf(title), ...digestArgs(actorsOf(items)) };
  return {
    ...newest,
    ...{ type, deliveryId, tag, expiresAt },
    ...filled('title', digest, args),
    ...filled('body', digest, args),
    choice,
  };
}

function filled(
  name: 'title' | 'body',
  digest: Digest | undefined,
  args: Args,
): Partial<Record<'title' | 'body', Text>> {
  const text = digest?.[name];
  if (text === undefined) return {};
  if (typeof text === 'string' || !('key' in text)) return { [name]: text };
  return { [name]: { key: text.key, args: { ...text.args, ...args } } };
}

function argsOf(text: Text | undefined): Args | undefined {
  return typeof text === 'object' && 'key' in text ? text.args : undefined;
}
