/**
 * How the person and the document that were asked about stand now, in words; and what it can mean that no event was found; pure.
 */
import { DAY_MS } from '../../model/durations';
import { PACKAGE } from '../installation';
import { personReason, pushReason } from '../reasons/reason';
import { counted, iso } from '../words';
import type { Question } from './options';
import type { Findings, PersonFacts } from './record';
import type { StoryLine } from './story';
import { deviceWords, listed } from './words';

/** Something that is so now. */
export type Fact = Pick<StoryLine, 'severity' | 'text' | 'remedy'>;

/** Where was looked, as far as it matters for what was not found. */
export interface Place {
  /** `project acme on Google Cloud`. */
  readonly words: string;
  readonly database: string;
  /** Path of the users' collection. */
  readonly users: string;
  readonly ledgerDays: number;
  /** Whether and which events that told nobody are recorded: the setting RECORD_NOBODY. */
  readonly recordNobody: string;
}

export function factsOf(
  { person, document }: Pick<Findings, 'person' | 'document'>,
  { users }: Pick<Place, 'users'>,
): Fact[] {
  return [
    ...(document === undefined ? [] : documentFacts(document)),
    ...(person === undefined ? [] : personFacts(person, users)),
  ];
}

function documentFacts({
  path,
  exists,
  createdAt,
  push,
}: NonNullable<Findings['document']>): Fact[] {
  if (!exists) return [note(`${path} does not exist (any more).`)];
  const since = createdAt === undefined ? '' : `, since ${iso(createdAt)}`;
  if (push === undefined) return [note(`${path} exists${since}.`)];
  const { sentence, remedy, severity } = pushReason(push.state);
  const text = `${path} is "${push.state}": ${sentence}`;
  return [{ severity, text, ...(remedy === undefined ? {} : { remedy }) }];
}

function personFacts(facts: PersonFacts, users: string): Fact[] {
  const { uid, hasDocument, addresses, notAddresses, muted, devices } = facts;
  const lines: Fact[] = [];
  if (hasDocument) {
    lines.push(note(`${users}/${uid} exists, with ${counted(addresses, 'address', 'addresses')}.`));
  } else {
    lines.push(problem(`${users}/${uid} does not exist.`, NO_DOCUMENT));
  }
  if (notAddresses > 0) {
    lines.push(note(`${counted(notAddresses, 'entry', 'entries')} in its list can be no address.`));
  }
  if (hasDocument && addresses === 0) {
    const { sentence, remedy } = personReason('no-address');
    lines.push(problem(sentence, remedy));
  }
  for (const device of devices) {
    const { refreshedAt } = device;
    const since = refreshedAt === undefined ? '' : `, last registered ${iso(refreshedAt)}`;
    lines.push(note(`${deviceWords(device)}${since}.`));
  }
  if (muted.length > 0) lines.push(note(`${uid} has switched off: ${listed(muted, 20)}.`));
  return lines;
}

/** It may be the question that is wrong. */
const NO_DOCUMENT =
  'Is this their id of Firebase Authentication, and no e-mail address or name? Then have the app create the document at sign-up. USERS_COLLECTION in .env names the collection.';

function note(text: string): Fact {
  return { severity: 'note', text };
}

function problem(text: string, remedy: string | undefined): Fact {
  return { severity: 'problem', text, ...(remedy === undefined ? {} : { remedy }) };
}

/** What it can mean that nothing was found, the likeliest first. */
export function hintsFor(
  question: Question,
  { document }: Pick<Findings, 'document'>,
  place: Place,
  now: number,
): string[] {
  const { user, kind, delivery, since } = question;
  const where = `${place.words}, database ${place.database}`;
  const hints: string[] = [];
  if (document !== undefined && !document.exists) {
    hints.push(
      `There is no such document in ${where}: check the path, --project and --instance. If it was deleted, its event may have been told nobody for that.`,
    );
  }
  if (document?.createdAt !== undefined && now - document.createdAt > place.ledgerDays * DAY_MS) {
    hints.push(
      `The document is older than the ${place.ledgerDays} days that the ledger is kept (LEDGER_DAYS).`,
    );
  }
  if (document !== undefined) {
    hints.push(
      'Perhaps no function listens to such documents: the "document" of defineNotification has to match its path, and only its creation counts, not a change. Check what is deployed: npx ' +
        `${PACKAGE} doctor`,
      'Or it was written before the functions were deployed.',
    );
  }
  if (delivery !== undefined) {
    hints.push(
      `There is no entry of this id in ${where}; entries are deleted after ${place.ledgerDays} days (LEDGER_DAYS).`,
    );
  }
  if (user !== undefined && since !== undefined) {
    hints.push(
      `No event since ${iso(since)} names ${user}. Look further back with --since 3d, or from the document that should have told them: --document.`,
    );
  }
  if (user === undefined && kind !== undefined && since !== undefined) {
    hints.push(
      `No event since ${iso(since)} is of the kind ${kind}: check its name in defineNotification.`,
    );
  }
  if (delivery === undefined) {
    hints.push(...nobodyHints(place.recordNobody));
    hints.push(
      'Entries that an earlier version of the functions wrote are found by their id only, which the log has: --delivery ID.',
    );
  }
  return hints;
}

function nobodyHints(recordNobody: string): string[] {
  switch (recordNobody) {
    case 'all':
      return [];
    case 'none':
      return [
        'Events for which compose told nobody are not recorded: RECORD_NOBODY is none. With explained or all they are found here.',
      ];
    default:
      return [
        "Events for which compose returned null are not recorded, only those with a reason: return nobody('why') in place of null, or set RECORD_NOBODY to all.",
      ];
  }
}
