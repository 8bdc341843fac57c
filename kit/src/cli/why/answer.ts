/**
 * The answer to "why", in a sentence or two: of the person who was asked about, or of all; pure.
 */
import { UNEXPLAINED } from '../../catalogue/compose';
import { hasTrouble, type Answer } from '../../delivery/answers';
import { shardTotal } from '../../delivery/coverage';
import type { SkipReason } from '../../decision/decide';
import type { DeliveryDocument, Withheld } from '../../delivery/delivery-document';
import {
  answerReason,
  codeReason,
  errorReason,
  personReason,
  type Reason,
} from '../reasons/reason';
import { counted, iso } from '../words';
import type { DeviceRecord, EventRecord, ShardRecord } from './record';
import { standingOf, type Standing } from './standing';
import type { StoryState } from './story';
import { listed, sentence } from './words';

export interface StoryAnswer {
  readonly state: StoryState;
  readonly answer: string;
  readonly remedy?: string;
}

export interface Asked {
  /** Who was asked about. */
  readonly person?: string | undefined;
  /** Their devices, as they are now. */
  readonly devices: readonly DeviceRecord[];
  /** ms since 1970. */
  readonly now: number;
}

export function answerOf(record: EventRecord, { person, devices, now }: Asked): StoryAnswer {
  const { entry, nobody } = record;
  // Composed once more, with nobody to notify by then.
  const isForNobody =
    nobody !== undefined && entry?.state === 'done' && entry.counts.recipients === 0;
  if (entry === undefined || isForNobody) return withoutDelivery(record, person, now);
  if (person !== undefined) {
    return aboutPerson(record, entry, person, standingOf(record, person, devices));
  }
  const [only, ...others] = namesNoPeople(entry) ? [] : namedIn(entry);
  if (only !== undefined && others.length === 0) {
    return aboutPerson(record, entry, only, standingOf(record, only, devices));
  }
  const { shard } = record;
  if (shard?.document === undefined) return aboutAll(record, entry);
  const { answer, ...more } = aboutAll({ id: record.id }, shard.document);
  return { ...more, answer: `Of ${shardName(shard, entry)}: ${answer}` };
}

/** `shard 3 of 90`. */
export function shardName(
  { number }: Pick<ShardRecord, 'number'>,
  entry: Pick<DeliveryDocument, 'coverage'>,
): string {
  return `shard ${(number + 1).toLocaleString('en')} of ${totalOf(entry)}`;
}

/** Everybody whom an entry names itself. */
export function namedIn({ reasons, coverage }: Pick<DeliveryDocument, 'reasons' | 'coverage'>) {
  const uids = coverage?.kind === 'listed' ? coverage.uids : [];
  return [...new Set([...Object.keys(reasons), ...uids])];
}

/** Whether the reasons of an entry are not those of people: of a topic there is one for all, of listed addresses those of addresses. */
function namesNoPeople(entry: Pick<DeliveryDocument, 'coverage'>): boolean {
  return entry.coverage?.kind === 'addresses' || isBroadcast(entry);
}

/** Whether FCM knows whom it is for. */
export function isBroadcast({ coverage }: Pick<DeliveryDocument, 'coverage'>): boolean {
  return coverage?.kind === 'topic' || coverage?.kind === 'condition';
}

function withoutDelivery(
  { nobody, compose }: EventRecord,
  person: string | undefined,
  now: number,
): StoryAnswer {
  const who = person === undefined ? 'Nobody was told' : `${person} was not told, nor was anybody`;
  const composing = compose?.composing;
  // After a failure it may have been composed after all.
  if (composing === undefined || nobody !== undefined) {
    const why = nobody?.nobody ?? UNEXPLAINED;
    return {
      state: 'nobody',
      answer: `${who}: ${sentence(why)}`,
      ...(why === UNEXPLAINED
        ? { remedy: "Return nobody('why') in place of null, and the reason stands here." }
        : {}),
    };
  }
  const until = composing.until.toMillis();
  const { remedy } = errorReason('COMPOSE_FAILED');
  const failure = `compose failed ${counted(composing.tries, 'time')}: ${sentence(composing.error)}`;
  return {
    ...(until > now
      ? {
          state: 'under-way',
          answer: `${person ?? 'Nobody'} has ${person === undefined ? '' : 'not '}been told yet: ${failure} The event comes again until ${iso(until)}.`,
        }
      : { state: 'failed', answer: `${who}: ${failure} It did not come again.` }),
    ...(remedy === undefined ? {} : { remedy }),
  };
}

function aboutPerson(
  record: EventRecord,
  entry: DeliveryDocument,
  person: string,
  standing: Standing,
): StoryAnswer {
  const part = record.shard?.document ?? entry;
  switch (standing.kind) {
    case 'told':
      return toldPerson(part, person, standing.reason);
    case 'listed':
    case 'not-begun':
      if (part.state === 'sending') {
        const why = waitOf(part) ?? 'their turn has not come.';
        return { state: 'under-way', answer: `${person} has not been told yet: ${why}` };
      }
      return failedBefore(part, person);
    case 'absent':
      return absent(record, entry, person);
    case 'broadcast':
      return broadcast(entry, person, standing.isSubscribed);
    case 'unknown':
      if (part.state === 'failed') return failedBefore(part, person);
      return {
        state: part.state === 'sending' ? 'under-way' : 'partly',
        answer: `The ledger does not say what became of ${person}: ${UNKNOWN}`,
      };
  }
}

const UNKNOWN =
  'the entry has no reason for each person, because it is of an earlier version, lists addresses, or was too large.';

function toldPerson(part: DeliveryDocument, person: string, text: string): StoryAnswer {
  const reason = reasonOf(part, person, text);
  const { sentence: words, remedy } = reason;
  const state = personState(text);
  const verb = isDigested(text) ? 'is told with others' : VERBS[state];
  return {
    state,
    answer: `${person} ${verb}. ${words}`,
    ...(remedy === undefined ? {} : { remedy }),
  };
}

const VERBS: Readonly<Record<StoryState, string>> = {
  told: 'was told',
  partly: 'was told, but not on every device',
  failed: 'was not told',
  nobody: 'was not to be told',
  'under-way': 'has not been told yet',
};

/** Where one device answered for its person, its answer says more than what was made of it. */
function reasonOf(part: DeliveryDocument, person: string, text: string): Reason {
  const answers = part.answers?.filter(({ uid }) => uid === person) ?? [];
  const [only, ...others] = answers;
  const isWhole = only !== undefined && others.length === 0 && isSame(only, text);
  return isWhole ? answerReason(only) : personReason(text);
}

function isSame({ outcome, prune = 'pruned' }: Answer, text: string): boolean {
  if (outcome === 'unregistered') return text === 'pruned' || text === `kept:${prune}`;
  return outcome !== 'delivered' && text.startsWith(outcome);
}

/** Reasons of people who were not to be told, and of pushes that were not to be sent. */
const ON_PURPOSE: ReadonlySet<string> = new Set<SkipReason | Withheld | 'collapsed' | 'capped'>([
  ...(['is-actor', 'muted', 'muted-target', 'blocked', 'always-quiet'] as const),
  ...(['repeated', 'over-budget', 'withdrawn', 'digest-empty', 'collapsed', 'capped'] as const),
]);

/** How it went for one person, by what the ledger says of them. */
export function personState(text: string): StoryState {
  if (text.startsWith('delivered')) return text.includes(' + ') ? 'partly' : 'told';
  if (/^(?:retrying|held):/.test(text)) return 'under-way';
  return ON_PURPOSE.has(text) || isDigested(text) ? 'nobody' : 'failed';
}

/** Whether another delivery tells it, with others of its kind. */
function isDigested(text: string): boolean {
  return /^digested(?::|$)/.test(text);
}

/** Until when a delivery waits, in words; undefined: it does not. */
function waitOf(part: DeliveryDocument): string | undefined {
  return budgetWait(part) ?? digestWait(part);
}

function digestWait({ state, digest, retryAt }: DeliveryDocument): string | undefined {
  if (state !== 'sending' || digest === undefined || retryAt === undefined) return undefined;
  return `events of this kind are gathered until ${iso(retryAt.toMillis())}.`;
}

/** Until when it waits because whoever did it has used up what they may send; undefined: it does not. */
function budgetWait({ state, sender, retryAt }: DeliveryDocument): string | undefined {
  const isWaiting = state === 'sending' && sender !== undefined && sender.at === undefined;
  if (!isWaiting || retryAt === undefined) return undefined;
  return `whoever did it has used up what one person may send (SENDER_PER_MINUTE and SENDER_PER_DAY in .env); it is tried again at ${iso(retryAt.toMillis())}.`;
}

function failedBefore(part: DeliveryDocument, person: string | undefined): StoryAnswer {
  const { words, remedy } = errorWords(part);
  const who = person === undefined ? 'Nobody was told' : `${person} was not told`;
  // Nobody knows then whom it would have been for.
  const nor = person !== undefined && isBeforeAudience(part) ? ', nor was anybody' : '';
  return {
    state: 'failed',
    answer: `${who}${nor}. ${words}`,
    ...(remedy === undefined ? {} : { remedy }),
  };
}

/** Whether it failed before it was known whom to tell. */
export function isBeforeAudience({ state, coverage, counts, reasons }: DeliveryDocument): boolean {
  return (
    state === 'failed' &&
    coverage === undefined &&
    counts.recipients === 0 &&
    Object.keys(reasons).length === 0
  );
}

/** Why a delivery as a whole failed, in words; entries of earlier versions have no code. */
export function errorWords({ error, errorCode }: Pick<DeliveryDocument, 'error' | 'errorCode'>): {
  readonly words: string;
  readonly remedy?: string;
} {
  const reason = errorCode === undefined ? undefined : errorReason(errorCode);
  // Who cancels says nothing more than that.
  const more = error === undefined || errorCode === 'CANCELLED' ? undefined : sentence(error);
  const words = [reason?.sentence, more].filter((each) => each !== undefined).join(' ');
  return {
    words: words === '' ? 'Its entry does not say why.' : words,
    ...(reason?.remedy === undefined ? {} : { remedy: reason.remedy }),
  };
}

function absent({ shard }: EventRecord, entry: DeliveryDocument, person: string): StoryAnswer {
  const isTheirs = entry.actor === person;
  const others = shard === undefined ? namedIn(entry).filter((each) => each !== person) : [];
  return {
    state: 'nobody',
    answer: [
      `${person} was not among the recipients${isTheirs ? ', but the one who did it ("actor")' : ''}.`,
      ...(others.length === 0 ? [] : [`It was for ${listed(others)}.`]),
    ].join(' '),
    ...(isTheirs ? {} : { remedy: 'Look at what compose returns as "to" for this document.' }),
  };
}

function broadcast(entry: DeliveryDocument, person: string, isSubscribed: boolean): StoryAnswer {
  const whom = broadcastName(entry);
  const all = aboutAll({ id: '', entry }, entry);
  if (all.state !== 'told') return all;
  return isSubscribed
    ? {
        state: 'told',
        answer: `FCM took it for whoever is subscribed to ${whom}, and a device of ${person} is now. Whether it was then, only FCM knows.`,
      }
    : {
        state: 'nobody',
        answer: `It was for whoever is subscribed to ${whom}, and no device of ${person} is now. Whether one was then, only FCM knows.`,
        remedy: 'Subscribe the device: subscribeToTopic, docs/topics.md.',
      };
}

/** What a broadcast is for, in words. */
export function broadcastName({ coverage }: Pick<DeliveryDocument, 'coverage'>): string {
  if (coverage?.kind === 'topic') return `the topic ${coverage.topic}`;
  return coverage?.kind === 'condition' ? `the topics of ${coverage.condition}` : 'a topic';
}

function aboutAll({ shards }: EventRecord, entry: DeliveryDocument): StoryAnswer {
  const { state, counts, reasons, withheld, codes = {} } = entry;
  const wait = waitOf(entry);
  if (wait !== undefined)
    return { state: 'under-way', answer: `Nobody has been told yet: ${wait}` };
  if (withheld !== undefined && counts.delivered === 0) {
    return { state: 'nobody', answer: `Nobody was told. ${personReason(withheld).sentence}` };
  }
  if (state === 'sending') {
    const far =
      shards === undefined
        ? `${counted(counts.delivered, 'device')} so far`
        : hasTotal(entry)
          ? `${counted(shards.final, 'shard')} of ${totalOf(entry)} done`
          : `${counted(shards.final, 'shard')} done, of ${totalOf(entry)}`;
    return { state: 'under-way', answer: `It is under way: ${far}.` };
  }
  if (state === 'failed' && counts.delivered === 0) return failedBefore(entry, undefined);
  const worst = worstOf(entry);
  const withRemedy = worst?.remedy === undefined ? {} : { remedy: worst.remedy };
  const why = worst === undefined ? '' : ` For ${worst.whom}: ${worst.sentence}`;
  if (isBroadcast(entry) && counts.delivered > 0) {
    return {
      state: 'told',
      answer: `FCM took it for whoever is subscribed to ${broadcastName(entry)}.`,
    };
  }
  if (counts.delivered === 0) {
    const isWanted = Object.values(reasons).some((text) => personState(text) === 'failed');
    return {
      state: isWanted || counts.addresses > 0 || counts.unreachable > 0 ? 'failed' : 'nobody',
      answer: `Nobody of ${counted(counts.recipients, 'person', 'people')} was told.${why}`,
      ...withRemedy,
    };
  }
  const told = `${counted(counts.delivered, 'device')} of ${counted(counts.recipients, 'person', 'people')} took it`;
  if (state === 'done' && !hasTrouble(counts, codes)) {
    return { state: 'told', answer: `${told}.${why}`, ...withRemedy };
  }
  const missed = counts.rejected + counts.failed + counts.expired + keptOf(codes);
  const others = [
    ...(missed > 0 ? [`${counted(missed, 'device')} did not`] : []),
    ...(state === 'failed' ? ['then it ended'] : []),
  ];
  const failure = state === 'failed' ? ` ${errorWords(entry).words}` : why;
  return {
    state: 'partly',
    answer: `${[told, ...others].join(', ')}.${failure}`,
    ...withRemedy,
  };
}

/** Devices that the provider called gone, and that were kept all the same. */
function keptOf(codes: Readonly<Record<string, number>>): number {
  return Object.entries(codes)
    .filter(([code]) => code.startsWith('KEPT_'))
    .reduce((sum, [, count]) => sum + count, 0);
}

function hasTotal({ coverage }: Pick<DeliveryDocument, 'coverage'>): boolean {
  return coverage !== undefined && 'shards' in coverage && coverage.shards !== undefined;
}

/** Number of shards, where it is known yet. */
export function totalOf({ coverage }: Pick<DeliveryDocument, 'coverage'>): string {
  const shards = shardTotal(coverage);
  return shards === undefined ? 'a number that is not known yet' : shards.toLocaleString('en');
}

/**
 * The reason that most people have who were not told and should have been: a fault before what is nobody's, such as having no device.
 * Where the people are in shards, the most frequent code.
 */
function worstOf({
  reasons,
  codes = {},
}: DeliveryDocument): (Reason & { whom: string }) | undefined {
  const missed = Object.values(reasons).filter((text) =>
    ['failed', 'partly'].includes(personState(text)),
  );
  const found = [
    ...[...Map.groupBy(missed, (text) => text)].map(([text, all]) => ({
      ...personReason(text),
      count: all.length,
      whom: counted(all.length, 'person', 'people'),
    })),
    ...(missed.length > 0 ? [] : Object.entries(codes)).map(([code, count]) => ({
      ...codeReason(code),
      count,
      whom: counted(count, 'device'),
    })),
  ];
  const [worst] = found.sort(
    (one, other) =>
      Number(other.severity === 'problem') - Number(one.severity === 'problem') ||
      other.count - one.count,
  );
  return worst;
}
