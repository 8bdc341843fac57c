/** Tells what became of an event, from what Firestore has about it; pure. */
import { iso } from '../words';
import { answerOf, type StoryAnswer } from './answer';
import type { DeviceRecord, EventRecord, Findings } from './record';
import type { Story } from './story';
import { timelineOf } from './timeline';

export interface TellOptions {
  /** Who was asked about; without it the story is about all. */
  readonly person?: string | undefined;
  /** Devices by fingerprint. */
  readonly devices: ReadonlyMap<string, DeviceRecord>;
  /** ms since 1970. */
  readonly now: number;
}

export function tell(record: EventRecord, { person, devices, now }: TellOptions): Story {
  const { id, entry, nobody, compose } = record;
  const known = entry ?? compose ?? nobody;
  const document = known?.document;
  const theirs = [...devices.values()].filter(({ uid }) => uid === person);
  const asked = { person, now, devices: theirs };
  return {
    delivery: id,
    type: known?.type ?? '',
    ...(document === undefined ? {} : { document }),
    at: iso((known?.eventAt ?? known?.createdAt)?.toMillis() ?? now),
    ...withdrawing(entry, answerOf(record, asked)),
    lines: timelineOf(record, { ...asked, records: devices }),
  };
}

/** Of a withdrawal nobody hears: it removes what they were told. */
function withdrawing(entry: EventRecord['entry'], answer: StoryAnswer): StoryAnswer {
  if (entry?.withdraws === undefined) return answer;
  return {
    ...answer,
    answer: `This withdraws delivery ${entry.withdraws}, whose document was deleted, and shows nothing. ${answer.answer}`,
  };
}

/** Every story of what was found, the newest first. */
export function tellAll(
  { events, devices, person }: Pick<Findings, 'events' | 'devices' | 'person'>,
  now: number,
): Story[] {
  return events.map((event) => tell(event, { person: person?.uid, devices, now }));
}
