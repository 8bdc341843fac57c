/**
 * How the numbers are shown: as text for people, and as JSON for programs; pure.
 */
import { MARK_WIDTH, markOf, type Severity } from '../marks';
import { printable, printableJson } from '../printable';
import { codeReason } from '../reasons/reason';
import { counted, durationOf, iso } from '../words';
import { estimate } from './estimate';
import { MAX_READ, OLD_MS, type Failures, type LargeDelivery, type Numbers } from './numbers';

export interface StatusReport {
  /** `Project acme on Google Cloud`. */
  readonly place: string;
  readonly project: string;
  readonly emulator: string | undefined;
  readonly database: string;
  readonly numbers: Numbers;
}

/** Devices that were kept because too many were called gone at once. */
const BREAKER = 'KEPT_BREAKER';

export function jsonReport({ project, emulator, database, numbers }: StatusReport): string {
  const { at, backlog, waiting, scheduled, lastHour, lastDay, composing, large, sweep } = numbers;
  const json = {
    schema: 1,
    project,
    emulator: emulator ?? null,
    database,
    at: iso(at),
    backlog: withIso(backlog),
    waiting: {
      count: waiting.count,
      ...(waiting.nextAt === undefined ? {} : { nextAt: iso(waiting.nextAt) }),
      isCut: waiting.isCut,
    },
    scheduled,
    lastHour: { ...lastHour, since: iso(lastHour.since), breaker: breakerOf(lastHour) },
    lastDay: { ...lastDay, since: iso(lastDay.since), breaker: breakerOf(lastDay) },
    composing,
    large: large.map((each) => {
      const known = estimate(each, at);
      return {
        ...each,
        since: iso(each.since),
        ...(known === undefined ? {} : { perMinute: known.perMinute }),
        ...(known?.endAt === undefined ? {} : { endAt: iso(known.endAt) }),
      };
    }),
    sweep: withIso(sweep),
  };
  return `${printableJson(json)}\n`;
}

function withIso<Entry extends { readonly oldest?: { readonly since: number } }>(entry: Entry) {
  const { oldest } = entry;
  return oldest === undefined
    ? entry
    : { ...entry, oldest: { ...oldest, since: iso(oldest.since) } };
}

/** Addresses that were kept by the breaker. */
function breakerOf({ codes }: Failures): number {
  return codes.find(({ code }) => code === BREAKER)?.count ?? 0;
}

const INDENT = ' '.repeat(MARK_WIDTH + 4);

interface Line {
  readonly severity: Severity;
  readonly text: string;
  readonly more?: readonly string[];
}

export function textReport({ place, numbers }: StatusReport, isColoured: boolean): string {
  const groups: [string, Line[]][] = [
    ['Under way', underWay(numbers)],
    ['Failed', failed(numbers)],
  ];
  const parts = groups.map(([title, lines]) =>
    [title, ...lines.flatMap((line) => linesOf(line, isColoured))].join('\n'),
  );
  return `${[printable(`${place}, ${iso(numbers.at)}`), ...parts].join('\n\n')}\n`;
}

function linesOf({ severity, text, more = [] }: Line, isColoured: boolean): string[] {
  const mark = markOf(severity, isColoured);
  return [`  ${mark}  ${printable(text)}`, ...more.map((each) => `${INDENT}${printable(each)}`)];
}

/** Two runs of the sweep, and the time of a task. */
const LATE_MS = 12 * 60_000;

function underWay({ at, backlog, waiting, scheduled, large, sweep }: Numbers): Line[] {
  const { oldest } = backlog;
  const age = oldest === undefined ? 0 : at - oldest.since;
  const isOld = age > OLD_MS;
  const lag = sweep.oldest === undefined ? 0 : at - sweep.oldest.since;
  const lines: Line[] = [
    oldest === undefined
      ? { severity: 'good', text: 'Every delivery is final.' }
      : {
          severity: isOld ? 'problem' : 'note',
          text: `${counted(backlog.count, 'delivery or shard is', 'deliveries and shards are')} not final; the oldest for ${durationOf(age)}: ${oldest.delivery}`,
          more: isOld ? [`See what holds it up: ${whyOf(oldest.delivery)}`] : [],
        },
  ];
  if (waiting.count > 0) {
    const next = waiting.nextAt === undefined ? '' : `; the next goes on at ${iso(waiting.nextAt)}`;
    lines.push({
      severity: 'note',
      text: `${counted(waiting.count, 'of them waits', 'of them wait')} for a retry${next}.`,
      more: waiting.isCut ? [cutWords('the oldest', 'of them')] : [],
    });
  }
  if (sweep.oldest !== undefined) {
    const isLate = lag > LATE_MS;
    lines.push({
      severity: isLate ? 'problem' : 'note',
      text: `${counted(sweep.overdue, 'has', 'have')} no worker, the longest for ${durationOf(lag)}: ${sweep.oldest.delivery}`,
      more: isLate
        ? [
            'The sweep, which runs every 5 minutes, does not take it up: npx @firestore-push/push doctor',
          ]
        : [],
    });
  }
  lines.push(...large.map((each) => largeLine(each, at)));
  lines.push({
    severity: 'note',
    text: `${counted(scheduled, 'push waits', 'pushes wait')} for ${scheduled === 1 ? 'its' : 'their'} time (sendAt).`,
  });
  return lines;
}

function largeLine(large: LargeDelivery, now: number): Line {
  const { delivery, document, begun, done, total } = large;
  const known = estimate(large, now);
  const of =
    total === undefined
      ? `${counted(done, 'shard')} done, ${counted(begun, 'begun', 'begun')}; how many there will be is not known yet`
      : `${counted(done, 'shard')} of ${total.toLocaleString('en')} done`;
  const rate = known === undefined ? '' : `, ${rateWords(known.perMinute)} a minute`;
  const end = known?.endAt === undefined ? '' : `; at that rate it ends at ${iso(known.endAt)}`;
  return {
    severity: 'note',
    text: `${document ?? delivery}: ${of}${rate}${end}.`,
    more: [`It can be stopped: npx @firestore-push/push cancel --delivery ${delivery}`],
  };
}

function rateWords(perMinute: number): string {
  return perMinute < 10
    ? String(Math.round(perMinute * 10) / 10)
    : Math.round(perMinute).toLocaleString('en');
}

/** Codes that are shown of each time. */
const MOST_CODES = 10;

function failed({ lastHour, lastDay, composing }: Numbers): Line[] {
  const lines = [...failureLines('hour', lastHour), ...failureLines('24 hours', lastDay)];
  for (const { type, count, error } of composing.kinds) {
    lines.push({
      severity: 'problem',
      text: `compose of ${type} fails for ${counted(count, 'event')}, which come again: ${error}`,
    });
  }
  if (composing.isCut) {
    lines.push({
      severity: 'note',
      text: cutWords('the oldest', 'events for which compose fails'),
    });
  }
  return lines;
}

function failureLines(time: string, failures: Failures): Line[] {
  const { deliveries, codes, isCut } = failures;
  if (deliveries === 0) return [{ severity: 'good', text: `Nothing of the last ${time}.` }];
  const breaker = breakerOf(failures);
  const lines: Line[] = [
    {
      severity: 'note',
      text: `Of the last ${time}: something in ${counted(deliveries, 'delivery or shard', 'deliveries and shards')}.`,
      more: isCut ? [cutWords('the oldest', 'of them')] : [],
    },
  ];
  if (breaker > 0) {
    lines.push({
      severity: 'problem',
      text: `The breaker kept ${counted(breaker, 'device')} that the provider called gone.`,
    });
  }
  for (const { code, count, of, example } of codes.slice(0, MOST_CODES)) {
    const { sentence, remedy, severity } = codeReason(code);
    const what =
      of === 'addresses' ? counted(count, 'device') : counted(count, 'delivery', 'deliveries');
    lines.push({
      severity,
      text: `${code}, ${what}: ${sentence}`,
      more: [
        ...(remedy === undefined ? [] : [remedy]),
        ...(example === undefined ? [] : [`One of them: ${whyOf(example)}`]),
      ],
    });
  }
  return lines;
}

function cutWords(which: string, what: string): string {
  return `Only ${which} ${MAX_READ.toLocaleString('en')} ${what} were looked at.`;
}

function whyOf(delivery: string): string {
  return `npx @firestore-push/push why --delivery ${delivery}`;
}
