/**
 * Every field that the present release declares of what it keeps, checked by the compiler: whoever renames or removes one has to
 * change it here, and then hears which earlier releases have written it (`fields.test.ts`).
 */
import type {
  Coverage,
  DeliveryDocument,
  PendingAddress,
  Resends,
  Sender,
  ShownAs,
  Withheld,
} from '../../kit/src/delivery/delivery-document.ts';
import type { ItemDocument } from '../../kit/src/delivery/digest-items.ts';
import type { WindowDocument } from '../../kit/src/delivery/digests.ts';
import type { Answer, RoundNote } from '../../kit/src/delivery/answers.ts';
import { ERROR_CODES } from '../../kit/src/delivery/error-code.ts';
import { deliveryTaskSchema } from '../../kit/src/delivery/tasks.ts';
import type { DeviceDocument } from '../../kit/src/devices/device-document.ts';
import type { AddressKind } from '../../kit/src/model/address.ts';
import type { Counts } from '../../kit/src/model/counts.ts';
import type { Choice, LocalTime, Way } from '../../kit/src/model/notification/choice.ts';
import type { ApnsExtras, Draft, ExpoFormat } from '../../kit/src/model/notification/content.ts';
import type { Digest } from '../../kit/src/model/notification/digest.ts';
import type { UserFilter } from '../../kit/src/model/notification/recipients.ts';
import { senderFieldNames } from '../../kit/src/outbox/fields.ts';
import { PUSH_STATES, type PushServerFields } from '../../kit/src/outbox/push-document.ts';
import { pushTaskSchema } from '../../kit/src/outbox/tasks.ts';
import { DEFAULT_NAMES } from '../../kit/src/store/collections.ts';
import type { UserDocument } from '../../kit/src/store/user-document.ts';
import type { Fixture } from './fixture.ts';

/**
 * What was declared once and is not any more, by path, each with how the present release does without it: a field that is read under
 * another name, or a value that means another by now.
 */
export const RETIRED: Readonly<Record<string, string>> = {};

/** What is declared and stands in no scene, each with why it need not. */
export const IN_NO_SCENE: Readonly<Record<string, string>> = {};

type Node =
  /** A value that may be anything. */
  | 'any'
  /** One of these words. */
  | { readonly oneOf: readonly string[] }
  /** A list or map of such values. */
  | { readonly each: Node }
  /** An object of these fields, and perhaps of others, which are not ours. */
  | { readonly fields: Readonly<Record<string, Node>>; readonly mayHaveOthers?: true }
  /** An object of whichever fields the word in one of them says. */
  | { readonly by: string; readonly of: Readonly<Record<string, Node>> };

type KeysOf<T> = T extends unknown ? keyof T & string : never;
type OfKind<K extends Coverage['kind']> = Extract<Coverage, { readonly kind: K }>;

const fields = <T>(nodes: Readonly<Record<KeysOf<T>, Node>>): Node => ({ fields: nodes });
const oneOf = <T extends string>(words: Readonly<Record<T, true>>): Node => ({
  oneOf: Object.keys(words),
});
const allAny = (names: readonly string[]): Record<string, Node> =>
  Object.fromEntries(names.map((name) => [name, 'any']));

const COUNTS = fields<Counts>({
  recipients: 'any',
  addresses: 'any',
  delivered: 'any',
  unregistered: 'any',
  rejected: 'any',
  failed: 'any',
  expired: 'any',
  unreachable: 'any',
  skipped: 'any',
});

const CONTENT = fields<Draft>({
  type: 'any',
  deliveryId: 'any',
  style: oneOf<Draft['style']>({ alert: true, data: true }),
  title: 'any',
  subtitle: 'any',
  body: 'any',
  image: 'any',
  data: 'any',
  requiredData: 'any',
  link: 'any',
  tag: 'any',
  collapseKey: 'any',
  channelId: 'any',
  category: 'any',
  threadId: 'any',
  launchImage: 'any',
  interruptionLevel: oneOf<NonNullable<Draft['interruptionLevel']>>({
    ...{ passive: true, active: true, 'time-sensitive': true, critical: true },
  }),
  relevanceScore: 'any',
  targetContentId: 'any',
  sound: 'any',
  criticalVolume: 'any',
  badge: 'any',
  priority: oneOf<Draft['priority']>({ high: true, normal: true }),
  expiresAt: 'any',
  analyticsLabel: 'any',
  apns: fields<ApnsExtras>({ pushType: 'any', topic: 'any', aps: 'any', custom: 'any' }),
  expo: fields<ExpoFormat>({ experienceId: 'any', icon: 'any' }),
  validateOnly: 'any',
  choice: fields<Choice>({
    target: 'any',
    mandatory: 'any',
    withdraw: oneOf<NonNullable<Choice['withdraw']>>({ before: true, shown: true }),
    way: oneOf<Way>({ push: true, silent: true, digest: true, off: true }),
    notBefore: fields<LocalTime>({ date: 'any', time: 'any' }),
    overBudget: oneOf<NonNullable<Choice['overBudget']>>({ wait: true }),
    digest: fields<Digest>({
      key: oneOf<NonNullable<Digest['key']>>({ target: true, kind: true }),
      window: 'any',
      leadingEdge: 'any',
      closesAt: 'any',
      title: 'any',
      body: 'any',
    }),
    actorName: 'any',
  }),
});

const FILTER = fields<UserFilter>({
  field: 'any',
  op: oneOf<UserFilter['op']>({
    ...{ '==': true, in: true, 'array-contains': true, 'array-contains-any': true },
  }),
  value: 'any',
});

const COVERAGE: Node = {
  by: 'kind',
  of: {
    listed: fields<OfKind<'listed'>>({ kind: 'any', uids: 'any' }),
    addresses: fields<OfKind<'addresses'>>({ kind: 'any' }),
    topic: fields<OfKind<'topic'>>({ kind: 'any', topic: 'any' }),
    condition: fields<OfKind<'condition'>>({ kind: 'any', condition: 'any' }),
    range: fields<OfKind<'range'>>({
      ...{ kind: 'any', collection: 'any', where: FILTER, after: 'any', until: 'any' },
    }),
    'hashed-shards': fields<OfKind<'hashed-shards'>>({ kind: 'any', shards: 'any' }),
    'paged-shards': fields<OfKind<'paged-shards'>>({
      ...{ kind: 'any', collection: 'any', where: FILTER, shards: 'any' },
    }),
  } satisfies Record<Coverage['kind'], Node>,
};

const ENTRY = fields<DeliveryDocument>({
  type: 'any',
  state: oneOf<DeliveryDocument['state']>({ sending: true, done: true, failed: true }),
  content: CONTENT,
  coverage: COVERAGE,
  actor: 'any',
  leaseUntil: 'any',
  claim: 'any',
  attempts: 'any',
  isUntouched: 'any',
  resends: fields<Resends>({
    retry: fields<NonNullable<Resends['retry']>>({
      ...{ times: 'any', isSent: 'any', unsent: 'any', dueBy: 'any' },
    }),
    next: fields<NonNullable<Resends['next']>>({
      ...{ times: 'any', isSent: 'any', unsent: 'any', until: 'any' },
    }),
  }),
  reached: 'any',
  sender: fields<Sender>({ actor: 'any', size: 'any', once: 'any', at: 'any' }),
  sent: 'any',
  pending: {
    each: fields<PendingAddress>({
      ...{
        uid: 'any',
        fingerprint: 'any',
        attempts: 'any',
        since: 'any',
        dueAt: 'any',
        code: 'any',
      },
    }),
  },
  retryAt: 'any',
  due: 'any',
  round: 'any',
  counts: COUNTS,
  reasons: 'any',
  shownAs: fields<ShownAs>({
    ...{ tag: 'any', isShared: 'any', expiresAt: 'any', topic: 'any' },
    expo: fields<ExpoFormat>({ experienceId: 'any', icon: 'any' }),
  }),
  withdraws: 'any',
  withheld: oneOf<Withheld>({
    repeated: true,
    'over-budget': true,
    withdrawn: true,
    'digest-empty': true,
  }),
  error: 'any',
  errorCode: { oneOf: ERROR_CODES },
  digest: 'any',
  document: 'any',
  eventAt: 'any',
  findBy: 'any',
  answers: {
    each: fields<Answer>({
      ...{ uid: 'any', device: 'any', code: 'any', detail: 'any', at: 'any', tries: 'any' },
      kind: oneOf<AddressKind>({ fcm: true, fid: true, apns: true }),
      outcome: oneOf<Answer['outcome']>({
        ...{ delivered: true, unregistered: true, rejected: true, failed: true },
        ...{ expired: true, gone: true },
      }),
      prune: oneOf<NonNullable<Answer['prune']>>({
        ...{ pruned: true, breaker: true, 're-registered': true, error: true, 'dry-run': true },
      }),
    }),
  },
  rounds: {
    each: fields<RoundNote>({ at: 'any', waiting: 'any', code: 'any', dueAt: 'any' }),
  },
  codes: 'any',
  recompose: 'any',
  reopenedAt: 'any',
  parent: 'any',
  audienceBegan: 'any',
  after: 'any',
  outbox: 'any',
  createdAt: 'any',
  updatedAt: 'any',
  expiresAt: 'any',
});

const WINDOW = fields<WindowDocument>({
  state: oneOf<WindowDocument['state']>({ digest: true }),
  window: 'any',
  from: 'any',
  closesAt: 'any',
  latestAt: 'any',
  isArmed: 'any',
  isClosed: 'any',
  history: 'any',
  expiresAt: 'any',
});

const ITEM = fields<ItemDocument>({
  actor: 'any',
  name: 'any',
  document: 'any',
  // As an entry's `content` has it.
  push: 'any',
  eventAt: 'any',
  at: 'any',
  slot: 'any',
  leads: 'any',
  expiresAt: 'any',
});

const PUSH_STATE: Node = { oneOf: PUSH_STATES };

const SERVER_FIELDS: Readonly<Record<keyof PushServerFields, Node>> = {
  state: PUSH_STATE,
  accepted: fields<NonNullable<PushServerFields['accepted']>>({
    ...{ hash: 'any', state: PUSH_STATE, revision: 'any', dueAt: 'any' },
  }),
  createdAt: 'any',
  scheduledAt: 'any',
  sendingAt: 'any',
  finishedAt: 'any',
  nextAt: 'any',
  counts: COUNTS,
  reasons: 'any',
  error: 'any',
  errors: 'any',
  refused: fields<NonNullable<PushServerFields['refused']>>({
    ...{ at: 'any', reason: 'any', hash: 'any' },
  }),
  note: 'any',
  expiresAt: 'any',
};

const DEVICE = fields<DeviceDocument>({
  uid: 'any',
  address: 'any',
  kind: oneOf<DeviceDocument['kind']>({ apns: true, fid: true, fcm: true }),
  platform: oneOf<NonNullable<DeviceDocument['platform']>>({ android: true, ios: true, web: true }),
  appId: 'any',
  appVersion: 'any',
  locale: 'any',
  timeZone: 'any',
  environment: oneOf<NonNullable<DeviceDocument['environment']>>({
    ...{ production: true, sandbox: true },
  }),
  experienceId: 'any',
  topics: 'any',
  createdAt: 'any',
  refreshedAt: 'any',
  refreshedBy: oneOf<DeviceDocument['refreshedBy']>({ call: true, array: true }),
  imported: fields<NonNullable<DeviceDocument['imported']>>({
    ...{ writtenAt: 'any', refreshedAt: 'any' },
  }),
  takenOverAt: 'any',
  takeovers: 'any',
  formerOwners: {
    each: fields<NonNullable<DeviceDocument['formerOwners']>[number]>({
      ...{ uid: 'any', lostAt: 'any' },
    }),
  },
  replaces: 'any',
  foundDeadAt: 'any',
});

const USER: Node = {
  fields: {
    [DEFAULT_NAMES.tokensField]: 'any',
    ...({
      locale: 'any',
      timeZone: 'any',
      takeovers: { fields: { count: 'any', since: 'any', addresses: 'any' } },
    } satisfies Record<keyof UserDocument, Node>),
  },
  // All others are the app's.
  mayHaveOthers: true,
};

/** What is kept, by where: collections, and the tasks of queues. */
const KEPT = (): Readonly<Record<string, Node>> => ({
  deliveries: ENTRY,
  digests: WINDOW,
  digestItems: ITEM,
  pushes: { fields: { ...allAny(senderFieldNames()), ...SERVER_FIELDS } },
  devices: DEVICE,
  users: USER,
  deliveryTasks: {
    by: 'kind',
    of: Object.fromEntries(
      deliveryTaskSchema().options.map(({ shape }) => [
        shape.kind.value,
        { fields: allAny(Object.keys(shape)) },
      ]),
    ),
  },
  pushTasks: { fields: allAny(Object.keys(pushTaskSchema().shape)) },
});

/** Everything declared, by path, e.g. `deliveries.pending.uid`; words are declared only where fields hang on them. */
export function declaredPaths(): string[] {
  return Object.entries(KEPT()).flatMap(([name, node]) => pathsIn(node, name));
}

function pathsIn(node: Node, path: string): string[] {
  if (node === 'any' || 'oneOf' in node) return [];
  if ('each' in node) return pathsIn(node.each, path);
  const inner = 'by' in node ? node.of : node.fields;
  return Object.entries(inner).flatMap(([name, each]) => [
    `${path}.${name}`,
    ...pathsIn(each, `${path}.${name}`),
  ]);
}

/** Every field of a fixture that is declared, and every field and word that is not; by path. */
export function pathsOf({
  documents,
  tasks,
}: Fixture): Record<'declared' | 'unknown', Set<string>> {
  const kept = KEPT();
  const found = { declared: new Set<string>(), unknown: new Set<string>() };
  const see = (name: string, value: unknown) => {
    const node = kept[name];
    if (node !== undefined) visit(value, node, name, found);
  };
  for (const [path, document] of Object.entries(documents)) see(keptAs(path), document);
  for (const { queue, task } of tasks)
    see(queue === 'pushes' ? 'pushTasks' : 'deliveryTasks', task);
  return found;
}

/** Windows of digests stand among the deliveries, and their items below them. */
function keptAs(path: string): string {
  const [collection = '', id = '', below] = path.split('/');
  if (below !== undefined) return below;
  return collection === 'deliveries' && id.startsWith('digest~') ? 'digests' : collection;
}

function visit(value: unknown, node: Node, path: string, found: ReturnType<typeof pathsOf>): void {
  if (node === 'any') return;
  if ('oneOf' in node) {
    if (!node.oneOf.includes(String(value))) found.unknown.add(`${path}: ${String(value)}`);
    return;
  }
  if ('each' in node) {
    for (const each of Object.values(value as object)) visit(each, node.each, path, found);
    return;
  }
  const object = value as Readonly<Record<string, unknown>>;
  if ('by' in node) {
    const word = String(object[node.by]);
    const chosen = node.of[word];
    (chosen === undefined ? found.unknown : found.declared).add(`${path}.${word}`);
    if (chosen !== undefined) visit(value, chosen, `${path}.${word}`, found);
    return;
  }
  for (const [name, each] of Object.entries(object)) {
    const inner = node.fields[name];
    if (inner !== undefined) {
      found.declared.add(`${path}.${name}`);
      visit(each, inner, `${path}.${name}`, found);
    } else if (node.mayHaveOthers !== true) {
      found.unknown.add(`${path}.${name}`);
    }
  }
}
