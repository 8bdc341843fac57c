/** The numbers of `status` as the page shows them; pure. */
import { estimate } from '../status/estimate';
import { OLD_MS, type LargeDelivery, type Numbers } from '../status/numbers';
import { iso } from '../words';
import type { OldestDelivery, Status } from './source';

type Shown = Pick<Numbers, 'at' | 'backlog' | 'large' | 'lastHour' | 'lastDay'> &
  Pick<Status, 'waiting'>;

export function statusOf({ at, backlog, waiting, lastHour, lastDay, large }: Shown): Status {
  const { oldest } = backlog;
  return {
    at: iso(at),
    backlog: backlog.count,
    ...(oldest === undefined ? {} : { oldest: oldestOf(oldest, at) }),
    waiting,
    failures: { hour: failuresOf(lastHour), day: failuresOf(lastDay) },
    large: large.map((each) => largeOf(each, at)),
  };
}

function oldestOf(
  { delivery, since }: NonNullable<Numbers['backlog']['oldest']>,
  now: number,
): OldestDelivery {
  return { id: delivery, at: iso(since), isOverdue: now - since > OLD_MS };
}

function failuresOf({ codes, isCut, deliveries }: Numbers['lastHour']): Status['failures']['hour'] {
  return { deliveries, isCut, codes: codes.map(({ code, count }) => ({ code, count })) };
}

function largeOf(large: LargeDelivery, now: number): Status['large'][number] {
  const { delivery, type, done, total } = large;
  const endAt = estimate(large, now)?.endAt;
  return {
    ...{ id: delivery, type, done },
    ...(total === undefined ? {} : { all: total }),
    ...(endAt === undefined ? {} : { endsAt: iso(endAt) }),
  };
}
