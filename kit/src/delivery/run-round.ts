/**
 * One round of an entry, by where its recipients are found: listed or in a range of a collection, listed as addresses, or known to FCM.
 */
import type { Draft } from '../model/notification/content';
import type { EngineDeps } from './deps';
import { addressSource, byOwner } from './direct';
import { releaseOnError } from './hold';
import type { GivenUp, HeldEntry } from './ledger-entry';
import { userSource, type ReadRecords } from './recipients';
import { Round } from './round';

/** What a broadcast's ledger entry calls it, since there is no recipient whom it could name. */
const BROADCAST_NAMES = { topic: 'the topic', condition: 'the condition' } as const;

export interface RoundLimits {
  /** When the function that works on this has to come to its end, ms since 1970. */
  readonly until: number;
  /** Recipients who were read already. */
  readonly records: ReadRecords | undefined;
}

/** Sends what is to be sent now; else says what of it is missing for good. */
export async function runRound(
  deps: EngineDeps,
  entry: HeldEntry,
  content: Draft,
  { until, records }: RoundLimits,
): Promise<GivenUp | undefined> {
  const { addressBook, topics, users, localiser, clock, devices } = deps;
  const { coverage, outbox } = entry.document;
  switch (coverage?.kind) {
    case 'topic':
    case 'condition': {
      if (topics === undefined) {
        return { error: 'no provider for topics', errorCode: 'NO_TOPIC_PROVIDER' };
      }
      // One message for all: texts by key are in the default language. Those by locKey are put into each device's on the device.
      const localised = await releaseOnError(deps, entry, () =>
        localiser.localise(content, localiser.localeFor(undefined)),
      );
      await new Round(deps, entry, content, until).broadcast(BROADCAST_NAMES[coverage.kind], () =>
        topics.broadcast(localised, coverage),
      );
      return undefined;
    }
    case 'addresses': {
      const source =
        addressBook && outbox !== undefined
          ? await releaseOnError(deps, entry, () =>
              addressSource(addressBook, outbox, entry.document, clock.now),
            )
          : undefined;
      if (source === undefined || addressBook === undefined) {
        const error = 'the push document that lists its addresses is gone';
        return { error, errorCode: 'ADDRESSES_GONE' };
      }
      const ofOwners = { ...deps, devices: byOwner(devices, addressBook) };
      await new Round(ofOwners, entry, content, until).run(source);
      return undefined;
    }
    case 'listed':
    case 'range': {
      const source = userSource(users, coverage, clock.now, records);
      await new Round(deps, entry, content, until).run(source);
      return undefined;
    }
    case 'hashed-shards':
    case 'paged-shards':
    case undefined:
      return { error: 'the entry does not say whom it covers', errorCode: 'NO_COVERAGE' };
  }
}
