/**
 * How an entry ends of which nothing, or nothing more, is sent, although nothing failed; pure.
 */
import { sumCounts } from '../model/counts';
import type { Choice } from '../model/notification/choice';
import { withAnswers, type Answer } from './answers';
import { isPerson, type DeliveryDocument, type Withheld } from './delivery-document';
import type { RoundResult } from './ledger-entry';
import { mergeReasons } from './reasons';

/** An event that is handled later than this after its document was written does not go out at once, ms. */
const LATE_MS = 30_000;

/** An entry, as far as it tells whether it goes out at once. */
interface Begun {
  readonly isNew: boolean;
  readonly document: Pick<DeliveryDocument, 'parent' | 'eventAt' | 'createdAt'>;
}

/**
 * Whether the document of an entry has to be looked up before anything of it is sent, because it may have been deleted meanwhile.
 *
 * What goes out at once is not looked up, unless its kind is withdrawn also from devices: the deletion's event may have been handled
 * first, and found nothing to withdraw. It either finds the entry, or the entry finds the document gone.
 *
 * @param now ms since 1970.
 */
export function mustBeThere(
  { document: { parent, eventAt, createdAt }, isNew }: Begun,
  withdraw: Choice['withdraw'],
  now: number,
): boolean {
  if (withdraw === undefined) return false;
  if (withdraw === 'shown' || !isNew || parent !== undefined) return true;
  return now - (eventAt ?? createdAt).toMillis() > LATE_MS;
}

/**
 * Whoever was not reached yet is skipped, and devices that waited are passed over. Of people who are not named in the entry only
 * the entry as a whole says it.
 *
 * @param at ms since 1970.
 */
export function withholding(
  { counts, reasons, pending, answers = [], codes = {}, coverage, reached, sent }: DeliveryDocument,
  why: Withheld,
  at: number,
): RoundResult & { readonly withheld: Withheld } {
  const uids = coverage?.kind === 'listed' && !sent ? coverage.uids : [];
  const unreached = uids.slice(reached === undefined ? 0 : uids.indexOf(reached) + 1);
  const devices = pending.filter((each) => !isPerson(each));
  const left = devices.map(({ uid, fingerprint: device }): Answer => {
    return { uid, device, outcome: 'gone', at };
  });
  const told = new Map([...unreached, ...pending.map(({ uid }) => uid)].map((uid) => [uid, why]));
  return {
    counts: sumCounts([
      counts,
      {
        recipients: unreached.length,
        skipped: unreached.length + pending.length - devices.length,
        unregistered: devices.length,
      },
    ]),
    reasons: mergeReasons(reasons, told),
    answers: withAnswers(answers, left),
    codes,
    pending: [],
    reached: undefined,
    withheld: why,
  };
}
