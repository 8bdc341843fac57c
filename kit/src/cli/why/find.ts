/** Finds the events that a question is about; thin: what they mean is told in `tell.ts`. */
import type { QueryDocumentSnapshot, Timestamp } from '@google-cloud/firestore';
import { EVERY_DEVICE } from '../../delivery/delivery-document';
import { rootOf, shardNumberOf } from '../../delivery/entry-ids';
import { documentKey, groupKeys, idsIn, kindKeys, personKey } from '../../delivery/find-by';
import { withoutDelivery } from '../../delivery/ledger-search';
import type { Collections } from '../../store/collections';
import { readEvent } from './find-event';
import type { Question } from './options';
import { readDevices, readDocument, readPerson } from './read-facts';
import type { EventRecord, Findings, PersonFacts, UnnamedEvent } from './record';
import { newest } from './search';
import { standingOf } from './standing';

/** Events that are read at once. */
const AT_ONCE = 10;
/** Large deliveries that are looked into for a person, the newest first: two reads each. */
const MAX_SPREAD = 200;
/** Events that name nobody, of each group. */
const MAX_UNNAMED = 50;

/** An event that may be meant. */
interface Candidate {
  readonly id: string;
  /** When its entry was made, ms since 1970. */
  readonly at: number;
  /** Whether it counts only if the person turns out to be among its recipients. */
  readonly isPerhaps: boolean;
  /** Of the shard that was asked for. */
  readonly number?: number;
}

/** @param now ms since 1970. */
export async function find(
  collections: Collections,
  question: Question,
  now: number,
): Promise<Findings> {
  const cut: string[] = [];
  const [person, document] = await Promise.all([
    question.user === undefined ? undefined : readPerson(collections, question.user),
    question.document === undefined ? undefined : readDocument(collections, question.document),
  ]);
  const candidates = await candidatesFor(collections, question, now, cut);
  const events = await eventsOf(collections, candidates, question, person);
  const isPersonAlone =
    question.user !== undefined &&
    question.document === undefined &&
    question.delivery === undefined;
  const unnamed = isPersonAlone ? await unnamedEvents(collections, question, now, cut) : [];
  const known = new Map(person?.devices.map((device) => [device.fingerprint, device]));
  const others = fingerprintsIn(events, question.user).filter((each) => !known.has(each));
  for (const device of await readDevices(collections, others)) {
    known.set(device.fingerprint, device);
  }
  return {
    events,
    unnamed,
    devices: known,
    ...(person === undefined ? {} : { person }),
    ...(document === undefined ? {} : { document }),
    cut,
  };
}

async function candidatesFor(
  collections: Collections,
  { document, user, kind, delivery, since, until, limit }: Question,
  now: number,
  cut: string[],
): Promise<Candidate[]> {
  if (delivery !== undefined) {
    const number = shardNumberOf(delivery);
    return [
      {
        ...{ id: rootOf(delivery), at: now, isPerhaps: false },
        ...(number === undefined ? {} : { number }),
      },
    ];
  }
  const asked = { fields: ['createdAt'], since, until: until ?? now };
  if (document !== undefined) {
    const search = { ...asked, keys: [documentKey(document)], wanted: limit };
    const { found, isCut } = await newest(collections, search);
    if (isCut) cut.push(`events of ${document}`);
    return inOrder(found.map((each) => candidate(each, false)));
  }
  if (user === undefined) {
    if (kind === undefined) return [];
    const search = { ...asked, keys: kindKeys(kind), wanted: limit * NOTES_TOO };
    const { found, isCut } = await newest(collections, search);
    if (isCut) cut.push(`events of the kind ${kind}`);
    return inOrder(found.map((each) => candidate(each, false)));
  }
  const [named, spread] = await Promise.all([
    newest(collections, { ...asked, keys: [personKey(user)], wanted: limit * NOTES_TOO }),
    newest(collections, { ...asked, keys: groupKeys('spread'), wanted: MAX_SPREAD }),
  ]);
  if (named.isCut) cut.push(`events that name ${user}`);
  if (spread.isCut || spread.found.length > MAX_SPREAD) cut.push('large deliveries');
  return inOrder([
    ...named.found.map((each) => candidate(each, false)),
    ...spread.found.slice(0, MAX_SPREAD).map((each) => candidate(each, true)),
  ]);
}

/** A delivery and a note of it are one event. */
const NOTES_TOO = 2;

function candidate(found: QueryDocumentSnapshot, isPerhaps: boolean): Candidate {
  return { id: rootOf(found.id), at: millis(found.get('createdAt')), isPerhaps };
}

/** The newest first, each event once: certainly meant where one of its entries says so. */
function inOrder(candidates: readonly Candidate[]): Candidate[] {
  const byId = new Map<string, Candidate>();
  for (const each of candidates) {
    const known = byId.get(each.id);
    const isPerhaps = each.isPerhaps && known?.isPerhaps !== false;
    byId.set(each.id, { ...each, at: Math.max(each.at, known?.at ?? 0), isPerhaps });
  }
  return [...byId.values()].sort((one, other) => other.at - one.at);
}

async function eventsOf(
  collections: Collections,
  candidates: readonly Candidate[],
  { user, kind, limit }: Question,
  person: PersonFacts | undefined,
): Promise<EventRecord[]> {
  const events: EventRecord[] = [];
  for (let start = 0; start < candidates.length && events.length < limit; start += AT_ONCE) {
    const part = candidates.slice(start, start + AT_ONCE);
    const read = await Promise.all(
      part.map(({ id, number }) =>
        readEvent(collections, id, { person: user, ...(number === undefined ? {} : { number }) }),
      ),
    );
    for (const [index, event] of read.entries()) {
      const isMeant = part[index]?.isPerhaps === false || isAbout(event, user, person);
      const isOfKind = kind === undefined || typeOf(event) === kind;
      if (isThere(event) && isMeant && isOfKind) events.push(event);
    }
  }
  return events.slice(0, limit);
}

function isThere({ entry, nobody, compose }: EventRecord): boolean {
  return entry !== undefined || nobody !== undefined || compose !== undefined;
}

function typeOf({ entry, nobody, compose }: EventRecord): string | undefined {
  return (entry ?? nobody ?? compose)?.type;
}

/** Whether a large delivery is one that the person is, or may be, among. */
function isAbout(event: EventRecord, user: string | undefined, person: PersonFacts | undefined) {
  if (user === undefined) return true;
  const standing = standingOf(event, user, person?.devices ?? []);
  if (standing.kind === 'broadcast') return standing.isSubscribed;
  return standing.kind !== 'absent' && standing.kind !== 'unknown';
}

/** Fingerprints in answers and retries that the stories will show. */
function fingerprintsIn(events: readonly EventRecord[], person: string | undefined): string[] {
  const all = events.flatMap(({ entry, shard }) =>
    [entry, shard?.document].flatMap((each) => [
      ...(each?.answers ?? []).map(({ uid, device }) => ({ uid, device })),
      ...(each?.pending ?? []).map(({ uid, fingerprint }) => ({ uid, device: fingerprint })),
    ]),
  );
  const meant = all.filter(({ uid }) => person === undefined || uid === person);
  return [...new Set(meant.map(({ device }) => device))].filter(
    (device) => device !== EVERY_DEVICE,
  );
}

const UNNAMED_FIELDS = [
  ...['type', 'document', 'state', 'error', 'nobody', 'composing', 'createdAt', 'eventAt'],
  ...['findBy', 'parent', 'coverage.kind', 'counts.recipients'],
];

/**
 * Events that told nobody, or failed, before anybody's name was known: a post without an owner names nobody, so that no search for its
 * owner finds it otherwise.
 */
async function unnamedEvents(
  collections: Collections,
  { since, until }: Question,
  now: number,
  cut: string[],
): Promise<UnnamedEvent[]> {
  const searches = (['nobody', 'compose', 'trouble'] as const).map((group) =>
    newest(collections, {
      keys: groupKeys(group),
      fields: UNNAMED_FIELDS,
      ...{ since, until: until ?? now, wanted: MAX_UNNAMED, accept: namesNobody },
    }),
  );
  const [nobody, compose, failed] = await Promise.all(searches);
  if ([nobody, compose, failed].some((each) => isMore(each))) cut.push('events that name nobody');
  const notes = compose?.found.slice(0, MAX_UNNAMED) ?? [];
  const composing = await withoutDelivery(collections.deliveries, notes);
  const found = [
    ...(nobody?.found.slice(0, MAX_UNNAMED) ?? []),
    ...composing,
    ...(failed?.found.slice(0, MAX_UNNAMED) ?? []),
  ];
  return found.map(unnamedEvent).sort((one, other) => other.at - one.at);
}

function isMore(result: { found: readonly unknown[]; isCut: boolean } | undefined): boolean {
  return result !== undefined && (result.isCut || result.found.length > MAX_UNNAMED);
}

/** Whether its keys name nobody but what may be a person in the document's own path. */
function namesNobody(found: QueryDocumentSnapshot): boolean {
  const keys = found.get('findBy') as readonly string[];
  const document = found.get('document') as string | undefined;
  const inPath = new Set(document === undefined ? [] : idsIn(document).map(personKey));
  if (keys.some((key) => key.startsWith(personKey('')) && !inPath.has(key))) return false;
  const isNote = found.get('state') === 'noted';
  const isBeforeAudience =
    found.get('state') === 'failed' &&
    found.get('parent') === undefined &&
    found.get('coverage.kind') === undefined &&
    found.get('counts.recipients') === 0;
  return isNote || isBeforeAudience;
}

function unnamedEvent(found: QueryDocumentSnapshot): UnnamedEvent {
  const document = found.get('document') as string | undefined;
  const composing = found.get('composing') as { readonly error: string } | undefined;
  const nobody: unknown = found.get('nobody');
  const why: unknown = composing?.error ?? nobody ?? found.get('error');
  return {
    delivery: rootOf(found.id),
    type: String(found.get('type')),
    at: millis(found.get('eventAt') ?? found.get('createdAt')),
    isFailure: nobody === undefined && typeof why === 'string',
    ...(document === undefined ? {} : { document }),
    ...(typeof why === 'string' ? { why } : {}),
  };
}

function millis(time: unknown): number {
  return (time as Timestamp).toMillis();
}
