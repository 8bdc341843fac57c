/** The hours in which somebody sleeps, as their own clock has them; pure. */
import type { Random } from '../time/random.ts';
import type { NightPlan } from './plan.ts';
import { wallTime } from './wall-clock.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** With quarters and halves of hours, on both sides of the date line, summer time in both halves of the year; and none that is one. */
const ZONES = [
  ...(['UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata', 'Asia/Kathmandu'] as const),
  ...(['Pacific/Apia', 'Pacific/Marquesas', 'Australia/Lord_Howe', 'Mars/Olympus'] as const),
  undefined,
];
const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

/** A night around the beginning of a world, or a little after that. */
export function nightOf(random: Random, startAt: number): NightPlan {
  const from = random.pick([-9 * HOUR, -HOUR, -MINUTE, MINUTE, 10 * MINUTE]);
  const until = random.pick([2 * MINUTE, 12 * MINUTE, HOUR, 3 * HOUR, 8 * HOUR]);
  return nightFrom(random, startAt + from, startAt + Math.max(until, from + 2 * MINUTE));
}

/** From one moment to another, ms since 1970, as somebody's clock has it: on each day, or on that one. */
export function nightFrom(random: Random, from: number, until: number): NightPlan {
  const zone = random.pick(ZONES);
  const begin = wallTime(zone, from);
  const window = `${inWords(begin.minute)}-${inWords(wallTime(zone, until).minute)}`;
  const days = random.chance(0.7) ? DAYS : [begin.day];
  return {
    ...(zone === undefined ? {} : { zone }),
    hours: Object.fromEntries(days.map((day) => [day, window])),
  };
}

/** `HH:MM`. */
function inWords(minute: number): string {
  const two = (number: number): string => String(number).padStart(2, '0');
  return `${two(Math.floor(minute / 60))}:${two(minute % 60)}`;
}
