/** How the page words states, times and numbers; pure. */
import type { LargeDelivery, Row, RowCounts } from '../source.js';
import type { StoryDevice, StoryState } from '../../why/story.js';

/** A state is shown by all three: its word, its icon and, by the state itself, its colour. */
export const STATES: Readonly<
  Record<StoryState, { readonly word: string; readonly hint: string }>
> = {
  told: { word: 'Told', hint: 'everybody who should be notified was' },
  partly: { word: 'Partly told', hint: 'some devices could not be reached' },
  failed: { word: 'Failed', hint: 'nobody was notified although somebody should be' },
  nobody: { word: 'Nobody', hint: 'nobody was to be notified, and the story says why' },
  'under-way': { word: 'Under way', hint: 'it is being sent, or waits to be tried again' },
};

export const STATE_NAMES = Object.keys(STATES) as StoryState[];

/** What an entry came to, in a few words. */
export function outcomeText({ counts, why }: Pick<Row, 'counts' | 'why'>): string {
  if (why !== undefined) return visible(why);
  if (counts === undefined) return '';
  return countsText(counts);
}

function countsText({ recipients, addresses, delivered, failed, waiting }: RowCounts): string {
  const devices = addresses === 0 ? [] : [`${compact(delivered)} of ${some(addresses, 'device')}`];
  return [
    recipients === 0 ? 'a topic' : some(recipients, 'person', 'people'),
    ...(recipients === 0 ? [] : devices),
    ...(failed > 0 ? [`${compact(failed)} failed`] : []),
    ...(waiting > 0 ? [`${compact(waiting)} waiting`] : []),
  ].join(' · ');
}

export function deviceText({ fingerprint, kind, platform }: StoryDevice): string[] {
  const kinds = { apns: 'APNs token', fid: 'Firebase installation id', fcm: 'FCM token' };
  const platforms = new Map([
    ['ios', 'iOS'],
    ['android', 'Android'],
    ['web', 'Web'],
  ]);
  return [
    visible(fingerprint),
    ...(kind === undefined ? [] : [kinds[kind]]),
    ...(platform === undefined ? [] : [platforms.get(platform) ?? visible(platform)]),
  ];
}

export function some(count: number, one: string, many = `${one}s`): string {
  return `${compact(count)} ${count === 1 ? one : many}`;
}

/** 9,999 as it is, beyond that 12.3k. */
export function compact(count: number): string {
  if (count < 10_000) return count.toLocaleString('en');
  if (count < 1_000_000) return `${tenths(count / 1_000)}k`;
  return `${tenths(count / 1_000_000)}M`;
}

function tenths(value: number): string {
  return String(Math.floor(value * 10) / 10);
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A length of time in its largest two units that matter: `40 s`, `3 min`, `2 h 5 min`, `4 d`. */
export function duration(ms: number): string {
  const length = Math.max(0, ms);
  if (length < 10 * SECOND) return `${(Math.round(length / 100) / 10).toFixed(1)} s`;
  if (length < MINUTE) return `${Math.floor(length / SECOND)} s`;
  if (length < HOUR) return `${Math.floor(length / MINUTE)} min`;
  const hours = Math.floor(length / HOUR);
  const minutes = Math.floor((length % HOUR) / MINUTE);
  if (length < DAY) return minutes === 0 ? `${hours} h` : `${hours} h ${minutes} min`;
  const days = Math.floor(length / DAY);
  return hours % 24 === 0 ? `${days} d` : `${days} d ${hours % 24} h`;
}

const CLOCK = new Intl.DateTimeFormat('en-GB', {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});
const DATE = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short' });

/** In the time zone of whoever looks; with the day where that is not today's. */
export function clock(iso: string, now: number): string {
  const date = new Date(iso);
  if (Number.isNaN(date.getTime())) return '';
  const isToday = date.toDateString() === new Date(now).toDateString();
  return isToday ? CLOCK.format(date) : `${DATE.format(date)} ${CLOCK.format(date)}`;
}

/** How a large delivery gets on. */
export function progressText({ done, all, endsAt }: LargeDelivery, now: number): string {
  const parts =
    all === undefined ? `${compact(done)} parts` : `${compact(done)} of ${compact(all)} parts`;
  if (endsAt === undefined) return parts;
  const left = Date.parse(endsAt) - now;
  return left > 0 ? `${parts}, about ${duration(left)} left` : `${parts}, nearly done`;
}

/** Not the two joiners: emoji and several scripts are written with them. As `printable` has it for terminals. */
const UNSEEN = /(?!\u200c|\u200d)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu;

/** Text of others with what cannot be seen, or turns around what stands beside it, shown as its escape. */
export function visible(text: string): string {
  return text.replace(UNSEEN, (character) =>
    Array.from(
      { length: character.length },
      (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`,
    ).join(''),
  );
}

/** What came since the last announcement, for those who hear the page. */
export function announcementOf(rows: readonly Pick<Row, 'state'>[]): string {
  const parts = STATE_NAMES.flatMap((state) => {
    const count = rows.filter((row) => row.state === state).length;
    return count === 0 ? [] : [`${count} ${STATES[state].word.toLowerCase()}`];
  });
  return parts.length === 0
    ? ''
    : `${some(rows.length, 'delivery', 'deliveries')}: ${parts.join(', ')}`;
}
