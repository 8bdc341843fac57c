/** The strip at the top: whether all is well, in numbers. */
import type { Failures, LargeDelivery, Status } from '../source.js';
import { byId, el, foreign, svg } from './elements.mjs';
import type { Told } from './live.mjs';
import { hashOf } from './route.mjs';
import { compact, duration, progressText, some } from './words.mjs';

const MOST_CODES = 3;
const MOST_LARGE = 3;

/** Width and height of the line's own coordinates. */
const LINE = { width: 120, height: 28 } as const;

export function drawStatus({ status, samples }: Told['status']): void {
  const now = Date.parse(status.at);
  byId('status').replaceChildren(
    tile('Under way', compact(status.backlog), {
      more: line(samples.map(({ backlog }) => backlog)),
    }),
    oldestTile(status.oldest, now),
    tile('Waiting for a retry', compact(status.waiting), {}),
    ...status.large.slice(0, MOST_LARGE).map((large) => largeTile(large, now)),
    ...(status.large.length > MOST_LARGE
      ? [tile('More large', compact(status.large.length - MOST_LARGE), {})]
      : []),
    failuresTile('Failed, last hour', status.failures.hour, true),
    failuresTile('Failed, last day', status.failures.day, false),
  );
}

interface TileParts {
  readonly isBad?: boolean;
  readonly more?: Node | undefined;
}

function tile(name: string, value: Node | string, { isBad = false, more }: TileParts): HTMLElement {
  return el(
    'div',
    { class: isBad ? 'tile bad' : 'tile' },
    el('p', { class: 'name' }, name),
    el('p', { class: 'value' }, value),
    more,
  );
}

function oldestTile(oldest: Status['oldest'], now: number): HTMLElement {
  if (oldest === undefined) return tile('Oldest', 'none', {});
  const { id, at, isOverdue } = oldest;
  const href = hashOf({ view: 'delivery', value: id });
  return tile('Oldest', el('a', { href }, duration(now - Date.parse(at))), {
    isBad: isOverdue,
  });
}

function failuresTile(name: string, failures: Failures, isUrgent: boolean): HTMLElement {
  const { deliveries, codes, isCut } = failures;
  const left = codes.length - MOST_CODES;
  const named = codes
    .slice(0, MOST_CODES)
    .map(({ code, count }) => el('li', {}, foreign(code), ` ${compact(count)}`));
  if (left > 0) named.push(el('li', {}, `and ${some(left, 'other code')}`));
  return tile(name, `${isCut ? 'over ' : ''}${compact(deliveries)}`, {
    isBad: isUrgent && deliveries > 0,
    more: named.length === 0 ? undefined : el('ul', { class: 'codes' }, ...named),
  });
}

function largeTile(large: LargeDelivery, now: number): HTMLElement {
  const { id, type, done, all } = large;
  return el(
    'div',
    { class: 'tile large' },
    el(
      'p',
      { class: 'name' },
      el('a', { href: hashOf({ view: 'delivery', value: id }) }, foreign(type)),
    ),
    el('progress', {
      ...(all === undefined ? {} : { value: String(done), max: String(Math.max(1, all)) }),
      'aria-label': `How far ${type} is`,
    }),
    el('p', { class: 'progress' }, progressText(large, now)),
  );
}

function line(values: readonly number[]): Node | undefined {
  if (values.length < 2) return undefined;
  const { width, height } = LINE;
  return svg(`0 0 ${width} ${height}`, [linePath(values, width, height)], 'spark');
}

/** A line through the values, the last at the right edge; one scale from 0 to the highest. */
export function linePath(values: readonly number[], width: number, height: number): string {
  const highest = Math.max(1, ...values);
  const step = width / Math.max(1, values.length - 1);
  return values
    .map((value, index) => {
      const x = (index * step).toFixed(1);
      const y = (height - 1 - (value / highest) * (height - 2)).toFixed(1);
      return `${index === 0 ? 'M' : 'L'}${x} ${y}`;
    })
    .join('');
}
