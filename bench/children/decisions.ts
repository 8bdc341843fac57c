/** One process, all kinds of person by turns: how much CPU it takes to decide about one event. */

import { built } from '../built.ts';
import { answerParent } from '../child.ts';
import { median, rotated } from '../statistics.ts';
import type { DecisionRow } from '../results.ts';
import type { About, Person } from '../../kit/src/decision/decide.ts';

export interface DecisionsInput {
  readonly rounds: number;
  /** Of each kind of person in a round. */
  readonly decisions: number;
}

const NOW = Date.parse('2026-07-14T00:00Z');
const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
/** Not measured: code is compiled, zones are read. */
const WARM_UP_ROUNDS = 3;
const ZONES = [
  'Europe/Vienna',
  'America/New_York',
  'Asia/Kolkata',
  'Australia/Sydney',
  'America/Sao_Paulo',
];
const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

const WAVE: About = { type: 'wave', actor: 'ann', expiresAt: NOW + 28 * DAY_MS };

const KINDS: readonly { readonly name: string; readonly says: Partial<Person> }[] = [
  { name: 'nothing', says: {} },
  {
    name: 'a kind off, 1,000 people blocked',
    says: {
      notificationSettings: { order: false },
      blocked: Array.from({ length: 1_000 }, (_, nth) => `person-${nth}`),
    },
  },
  { name: 'a quiet night', says: { quietHours: everyDay('22:00-07:00') } },
  {
    name: 'four windows a day',
    says: { quietHours: everyDay('22:00-07:00,07:00-08:00,12:00-13:00,13:00-14:00') },
  },
  { name: 'never to be disturbed', says: { quietHours: everyDay('00:00-00:00') } },
  {
    name: 'a quiet night, an unknown zone',
    says: { quietHours: everyDay('22:00-07:00'), timeZone: 'Mars/Olympus_Mons' },
  },
];

function everyDay(windows: string): Record<string, string> {
  return Object.fromEntries(DAYS.map((day) => [day, windows]));
}

answerParent(async ({ rounds, decisions }: DecisionsInput): Promise<DecisionRow[]> => {
  const { decide } = built('decision/decide');
  const times = await built('decision/local-times').loadLocalTimes('UTC');
  const contenders = KINDS.map(({ name, says }) => ({
    name,
    people: ZONES.map((timeZone): Person => ({ uid: 'bo', exists: true, timeZone, ...says })),
    microseconds: [] as number[],
    held: 0,
  }));
  for (let round = -WARM_UP_ROUNDS; round < rounds; round += 1) {
    for (const contender of rotated(contenders, round + WARM_UP_ROUNDS)) {
      contender.held = 0;
      const before = process.cpuUsage();
      for (let nth = 0; nth < decisions; nth += 1) {
        const person = contender.people[nth % ZONES.length] as Person;
        // All times of day, in disorder.
        const now = NOW + ((nth * 7) % 1_440) * MINUTE_MS;
        if (decide(person, WAVE, now, times).kind === 'hold') contender.held += 1;
      }
      const { user, system } = process.cpuUsage(before);
      if (round >= 0) contender.microseconds.push((user + system) / decisions);
    }
  }
  return contenders.map(({ name, microseconds, held }) => ({
    says: name,
    cpuMicroseconds: median(microseconds),
    held: held / decisions,
  }));
});
