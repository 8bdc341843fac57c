/** The numbers of `status` as the page shows them; pure. */
import { estimate } from '../status/estimate';
import type { LargeDelivery, Numbers } from '../status/numbers';
import { iso } from '../why/words';
import type { Status } from './source';

type Shown = Pick<Numbers, 'at' | 'backlog' | 'large' | 'lastHour' | 'lastDay'> &
  Pick<Status, 'waiting'>;

export function statusOf({ at, backlog, waiting, lastHour, lastDay, large }: Shown): Status {
  const { oldest } = backlog;
  return {
    at: iso(at),
    backlog: backlog.count,
    ...(oldest === undefined ? {} : { oldest: { id: oldest.delivery, at: iso(oldest.since) } }),
    waiting,
    failures: { hour: failuresOf(lastHour), day: failuresOf(lastDay) },
    large: large.map((each) => largeOf(each, at)),
  };
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
