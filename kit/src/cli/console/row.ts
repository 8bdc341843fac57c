/** What the live list says of an entry of the ledger; pure. */
import type { DocumentData, Timestamp } from '@google-cloud/firestore';
import { hasTrouble } from '../../delivery/answers';
import type { DeliveryDocument, NoteDocument } from '../../delivery/delivery-document';
import { NO_COUNTS, type Counts } from '../../model/counts';
import { redact } from '../../model/redact';
import type { StoryState } from '../why/story';
import type { Row } from './source';

/** All that is read of an entry: without this, one of many people would be a megabyte. */
export const ROW_FIELDS = [
  'type',
  'document',
  'state',
  'counts',
  'codes',
  'error',
  'nobody',
  'composing',
  'createdAt',
] as const;

type Read = Partial<
  Pick<DeliveryDocument, 'type' | 'document' | 'counts' | 'codes' | 'error'> &
    Pick<NoteDocument, 'nobody' | 'composing'>
> & { readonly state?: DeliveryDocument['state'] | NoteDocument['state'] };

/** @param now ms since 1970. */
export function rowOf(id: string, data: DocumentData, now: number): Row {
  const entry = data as Read;
  const { type = '', document, state } = entry;
  const at = (data['createdAt'] as Timestamp).toDate().toISOString();
  return {
    ...{ id, type, at },
    ...(document === undefined ? {} : { document }),
    ...(state === 'noted' ? noteParts(entry, now) : deliveryParts(entry)),
  };
}

function noteParts({ nobody, composing }: Read, now: number): Pick<Row, 'state' | 'why'> {
  if (composing === undefined) {
    return { state: 'nobody', why: redact(nobody ?? 'compose told nobody, and did not say why') };
  }
  const why = redact(`compose failed: ${composing.error}`);
  return { state: composing.until.toMillis() > now ? 'under-way' : 'failed', why };
}

function deliveryParts({
  state,
  counts: known,
  codes = {},
  error,
}: Read): Pick<Row, 'state' | 'why' | 'counts'> {
  const counts = { ...NO_COUNTS, ...known };
  const { recipients, addresses, delivered, unregistered } = counts;
  const failed = counts.rejected + counts.failed + counts.expired;
  const waiting = state === 'sending' ? addresses - delivered - unregistered - failed : 0;
  return {
    state: stateOf(state, counts, codes),
    counts: { recipients, addresses, delivered, failed, waiting: Math.max(0, waiting) },
    ...(state === 'failed' && error !== undefined ? { why: redact(error) } : {}),
  };
}

/** As `why` says it of everybody whom the delivery is for. */
function stateOf(
  state: Read['state'],
  counts: Counts,
  codes: Readonly<Record<string, number>>,
): StoryState {
  if (state === 'sending') return 'under-way';
  if (counts.delivered > 0) {
    return hasTrouble(counts, codes) || state === 'failed' ? 'partly' : 'told';
  }
  const isWanted = state === 'failed' || counts.addresses > 0 || counts.unreachable > 0;
  return isWanted ? 'failed' : 'nobody';
}
