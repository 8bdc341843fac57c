/** One event in order of time, a line for each step; pure. */
import type { Answer, RoundNote } from '../../delivery/answers';
import { isSpread } from '../../delivery/coverage';
import {
  EVERY_DEVICE,
  type DeliveryDocument,
  type PendingAddress,
} from '../../delivery/delivery-document';
import { answerReason, codeReason, personReason } from '../reasons/reason';
import { counted, iso } from '../words';
import {
  broadcastName,
  errorWords,
  isBeforeAudience,
  isBroadcast,
  namedIn,
  personState,
  type Asked,
} from './answer';
import { audienceLines, composeLines, eventLines } from './opening';
import type { DeviceRecord, EventRecord } from './record';
import { standingOf } from './standing';
import type { StoryLine } from './story';
import { deviceWords } from './words';

/** People and devices that are named one by one where nobody in particular was asked about. */
const MOST = 25;

export interface Teller extends Asked {
  /** Devices by fingerprint. */
  readonly records: ReadonlyMap<string, DeviceRecord>;
}

export function timelineOf(record: EventRecord, teller: Teller): StoryLine[] {
  const { entry } = record;
  const first = [...eventLines(record), ...composeLines(record, teller.now)];
  if (entry === undefined) return first;
  if (isBeforeAudience(entry)) return [...first, ...againLines(entry), ...endLines(entry)];
  const part = record.shard?.document ?? entry;
  const steps = [...deviceLines(part, teller), ...roundLines(part), ...againLines(part)].sort(
    (one, other) => Date.parse(one.at ?? '') - Date.parse(other.at ?? ''),
  );
  return [
    ...first,
    ...audienceLines(record, entry, teller.person),
    ...personLines(record, part, teller),
    ...steps,
    ...nextLines(part, teller),
    ...endLines(part),
    ...(part === entry ? [] : endLines(entry, 'The delivery as a whole')),
  ];
}

function personLines(record: EventRecord, part: DeliveryDocument, teller: Teller): StoryLine[] {
  const { person, devices } = teller;
  if (person !== undefined) {
    const standing = standingOf(record, person, devices);
    if (standing.kind === 'told') return [personLine(person, standing.reason)];
    const text = STANDING_WORDS[standing.kind];
    return [{ what: 'person', severity: 'note', person, text: `${person}: ${text}` }];
  }
  if (isBroadcast(part)) return [];
  const reasons = Object.entries(part.reasons).sort(
    ([, one], [, other]) => rankOf(one) - rankOf(other),
  );
  const lines = reasons.slice(0, MOST).map(([uid, text]) => personLine(uid, text));
  const rest = reasons.length - lines.length;
  const open = part.state === 'sending' ? namedIn(part).length - reasons.length : 0;
  if (rest > 0) lines.push(remark(`${counted(rest, 'further person', 'further people')}.`));
  if (open > 0) {
    lines.push(remark(`${counted(open, 'person', 'people')} whose turn has not come.`));
  }
  return lines;
}

const STANDING_WORDS = {
  listed: 'their turn has not come.',
  'not-begun': 'their part of the audience is not begun.',
  absent: 'not among the recipients.',
  broadcast: 'only FCM knows whether it went to one of their devices.',
  unknown: 'the entry does not say what became of them.',
} as const;

function remark(text: string): StoryLine {
  return { what: 'person', severity: 'note', text };
}

function personLine(person: string, text: string): StoryLine {
  const { sentence: words, remedy, severity } = personReason(text);
  return {
    what: 'person',
    severity,
    person,
    text: `${person}: ${words}`,
    code: text,
    ...(remedy === undefined ? {} : { remedy }),
  };
}

/** What failed comes first, where not everybody is named. */
function rankOf(text: string): number {
  return ['failed', 'partly', 'under-way', 'nobody', 'told'].indexOf(personState(text));
}

function deviceLines({ answers = [] }: DeliveryDocument, { person, records }: Teller): StoryLine[] {
  const meant = answers.filter(({ uid }) => person === undefined || uid === person);
  const shown = [...meant].sort((one, other) => weight(one) - weight(other)).slice(0, MOST);
  return shown.map((answer) => deviceLine(answer, records));
}

function weight({ outcome }: Answer): number {
  return outcome === 'delivered' ? 1 : 0;
}

function deviceLine(answer: Answer, records: Teller['records']): StoryLine {
  const { uid, device: fingerprint, at, tries = 1, code } = answer;
  const record = records.get(fingerprint);
  const kind = answer.kind ?? record?.kind;
  const platform = record?.platform;
  const device = {
    fingerprint,
    ...(kind === undefined ? {} : { kind }),
    ...(platform === undefined ? {} : { platform }),
  };
  const { sentence: words, remedy, severity } = answerReason(answer);
  const name = `${deviceWords(device)} of ${uid}: `;
  return {
    at: iso(at),
    what: 'device',
    severity,
    text: `${name}${words}${tries > 1 ? ` It was tried ${counted(tries, 'time')}.` : ''}`,
    ...(remedy === undefined ? {} : { remedy }),
    ...(code === undefined ? {} : { code }),
    person: uid,
    device,
  };
}

function roundLines({ rounds = [] }: DeliveryDocument): StoryLine[] {
  return rounds.map(({ at, waiting, code, dueAt }: RoundNote) => {
    const reason = code === undefined ? undefined : codeReason(code);
    const why = reason === undefined ? '' : ` ${reason.sentence}`;
    const remedy = reason?.remedy;
    return {
      at: iso(at),
      what: 'round',
      severity: reason?.severity ?? 'note',
      text: `${counted(waiting, 'device')} to be tried again, not before ${iso(dueAt)}.${why}`,
      ...(code === undefined ? {} : { code }),
      ...(remedy === undefined ? {} : { remedy }),
    };
  });
}

function againLines({ reopenedAt }: DeliveryDocument): StoryLine[] {
  if (reopenedAt === undefined) return [];
  const at = iso(reopenedAt.toMillis());
  const text = 'Somebody had it sent again: npx @firestore-push/push retry.';
  return [{ at, what: 'round', severity: 'note', text }];
}

function nextLines(part: DeliveryDocument, { person, now }: Teller): StoryLine[] {
  if (part.state !== 'sending') return [];
  const { pending, retryAt, leaseUntil, sent, coverage } = part;
  const line = (text: string, severity: StoryLine['severity'] = 'note'): StoryLine => ({
    what: 'next',
    severity,
    text,
  });
  const waiting = pending.filter(({ uid }) => person === undefined || uid === person);
  const lines = soonest(waiting).map(({ text, code }) => ({ ...line(text), code }));
  if (leaseUntil.toMillis() < now) {
    const late = 'Nobody works on it: the sweep, which runs every 5 minutes, has it taken up.';
    return [
      ...lines,
      { ...line(late, 'problem'), remedy: 'If it stays so: npx @firestore-push/push doctor' },
    ];
  }
  if (isSpread(coverage)) return [...lines, line('It is done when all of its shards are.')];
  if (lines.length > 0) return lines;
  if (retryAt !== undefined) {
    return [line(`It goes on at ${iso(retryAt.toMillis())}.`)];
  }
  const until = iso(leaseUntil.toMillis());
  const rest = sent ? 'A worker tries the rest again' : 'A worker is sending it';
  return [line(`${rest}; if that ends, the sweep has it taken up after ${until}.`)];
}

/** When those that wait are tried again: by code, the soonest first. */
function soonest(waiting: readonly PendingAddress[]): { text: string; code: string }[] {
  return [...Map.groupBy(waiting, ({ code }) => code)].map(([code, all]) => {
    const dueAt = Math.min(...all.map((each) => each.dueAt));
    const tries = Math.max(...all.map((each) => each.attempts));
    const [only] = all;
    const isHeld = all.every((each) => each.fingerprint === EVERY_DEVICE);
    const which =
      all.length === 1 && only !== undefined
        ? `${only.fingerprint === EVERY_DEVICE ? '' : `Device ${only.fingerprint} of `}${only.uid} is`
        : `${counted(all.length, isHeld ? 'person' : 'device', isHeld ? 'people' : 'devices')} are`;
    const so = tries === 0 ? '' : ` after ${counted(tries, 'try', 'tries')}`;
    return {
      text: `${which} ${isHeld ? 'notified' : 'tried again'} at ${iso(dueAt)}${so}. ${codeReason(code).sentence}`,
      code,
    };
  });
}

function endLines(part: DeliveryDocument, whole = 'It'): StoryLine[] {
  const { state, counts, updatedAt } = part;
  if (state === 'sending') return [];
  const at = iso(updatedAt.toMillis());
  if (state === 'failed') {
    const { words, remedy } = errorWords(part);
    return [
      {
        at,
        what: 'end',
        // Somebody wanted it so.
        severity: part.errorCode === 'CANCELLED' ? 'note' : 'problem',
        text: `${whole} ${part.errorCode === 'CANCELLED' ? 'ended' : 'failed'}. ${words}`,
        ...(remedy === undefined ? {} : { remedy }),
        ...(part.errorCode === undefined ? {} : { code: part.errorCode }),
      },
    ];
  }
  if (isBroadcast(part) && counts.delivered > 0) {
    const text = `${whole} is done: FCM took it for ${broadcastName(part)}.`;
    return [{ at, what: 'end', severity: 'note', text }];
  }
  const numbers = [
    `${counts.delivered.toLocaleString('en')} took it`,
    ...(
      [
        ['unregistered', 'gone'],
        ['rejected', 'rejected'],
        ['failed', 'failed'],
        ['expired', 'expired'],
      ] as const
    ).flatMap(([name, word]) => {
      const count = counts[name];
      return count === 0 ? [] : [`${count.toLocaleString('en')} ${word}`];
    }),
  ];
  const missed = counts.rejected + counts.failed + counts.expired;
  const why = part.withheld === undefined ? '' : ` ${personReason(part.withheld).sentence}`;
  return [
    {
      at,
      what: 'end',
      severity: missed > 0 ? 'problem' : 'note',
      text: `${whole} is done: ${counted(counts.recipients, 'person', 'people')}, ${counted(counts.addresses, 'device')}: ${numbers.join(', ')}.${why}`,
    },
  ];
}
