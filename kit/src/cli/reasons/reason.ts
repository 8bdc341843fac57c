/**
 * What every reason and code means that the ledger, push documents and the log can hold, and what to do about it; pure.
 *
 * Codes of people are composed: `delivered + failed:CODE (detail)`. What each part means stands in the tables beside this file;
 * docs/reasons.md lists them.
 */
import type { Answer } from '../../delivery/answers';
import type { ErrorCode } from '../../delivery/error-code';
import { split } from '../../delivery/reasons';
import type { PushState } from '../../outbox/push-document';
import { findCode, unknownCode } from './codes';
import { DELIVERY_REASONS } from './deliveries';
import { refined, withWords } from './details';
import { inGeneral, inTheEnd, quoted, reason, type CodeEntry, type Reason } from './entry';
import { KEPT_REASONS, PERSON_REASONS } from './persons';
import { PUSH_REASONS } from './pushes';

export type { Reason } from './entry';

/** What became of a person: a string of `reasons`, in the ledger or a push document. */
export function personReason(text: string): Reason {
  const [best, other] = split(text);
  const main = partReason(best);
  if (other === undefined) return main;
  // Else it is a part of somebody’s words.
  if (!/^(?:kept|rejected|failed|retrying|held):|^expired$/.test(other)) return partReason(text);
  const beside = partReason(other);
  const { remedy = main.remedy } = beside;
  const first = best === 'delivered' ? 'Delivered to at least one device.' : main.sentence;
  return reason(
    `${first} Another device: ${beside.sentence}`,
    remedy,
    worse(main.severity, beside.severity),
  );
}

function partReason(part: string): Reason {
  if (Object.hasOwn(PERSON_REASONS, part)) return PERSON_REASONS[part as PersonReason];
  const [, kind, rest = ''] =
    /^(kept|rejected|failed|retrying|held|expired|digested):(.*)$/s.exec(part) ?? [];
  switch (kind) {
    case 'kept':
      if (Object.hasOwn(KEPT_REASONS, rest)) return KEPT_REASONS[rest as keyof typeof KEPT_REASONS];
      break;
    case 'expired':
      return expiredAfter(rest);
    case 'digested':
      return {
        sentence: `One push tells it with others of its kind: the delivery ${quoted(rest)}.`,
        severity: 'note',
      };
    case 'retrying':
    case 'held':
      return inGeneral(entryOf(rest));
    case 'rejected':
    case 'failed': {
      const [code, detail] = codeAndDetail(rest);
      return inTheEnd(entryOf(code, detail));
    }
    case undefined:
  }
  return {
    sentence: `The ledger says "${quoted(part)}", which this version of the command line does not know.`,
    remedy:
      'Call the version that is deployed: npx @firestore-push/push doctor says which that is.',
    severity: 'problem',
  };
}

type PersonReason = keyof typeof PERSON_REASONS;

/** `CODE (detail)`, of which the end may have been cut off. */
function codeAndDetail(text: string): [string, string | undefined] {
  const at = text.indexOf(' (');
  if (at === -1) return [text, undefined];
  return [text.slice(0, at), text.slice(at + 2).replace(/\)$/, '')];
}

const SEVERITIES = ['good', 'note', 'problem'] as const;

function worse(one: Reason['severity'], other: Reason['severity']): Reason['severity'] {
  return SEVERITIES.indexOf(one) > SEVERITIES.indexOf(other) ? one : other;
}

/** What a device's answer means. */
export function answerReason({
  outcome,
  code,
  detail,
  prune,
  kind,
}: Pick<Answer, 'outcome' | 'code' | 'detail' | 'prune' | 'kind'>): Reason {
  switch (outcome) {
    case 'delivered':
      return code === undefined
        ? { sentence: acceptedBy(kind), severity: 'good' }
        : inGeneral(entryOf(code));
    case 'gone':
      return PERSON_REASONS['address-removed'];
    case 'expired':
      // It says the same.
      if (code === undefined || code === 'TOO_LATE') return PERSON_REASONS.expired;
      return expiredAfter(code);
    case 'unregistered': {
      const { sentence } =
        code === undefined ? { sentence: 'The provider says that it is gone.' } : entryOf(code);
      if (prune === undefined || prune === 'pruned') {
        return { sentence: `${sentence} Its address was removed.`, severity: 'note' };
      }
      const kept = KEPT_REASONS[prune];
      return { ...kept, sentence: `${sentence} ${STAYS[prune]}` };
    }
    case 'rejected':
    case 'failed':
      return code === undefined ? NO_CODE : inTheEnd(entryOf(code, detail));
  }
}

/** It waited for what the code says until its time was over. */
function expiredAfter(code: string): Reason {
  const { sentence, remedy, severity } = PERSON_REASONS.expired;
  return reason(`${sentence} It had to wait: ${entryOf(code).sentence}`, remedy, severity);
}

/** Why an address stays although the provider called it gone, after the words of the provider. */
const STAYS: Readonly<Record<keyof typeof KEPT_REASONS, string>> = {
  breaker: 'So did too many others at once to be believed: none was removed.',
  're-registered': 'But the app has registered it again meanwhile: it stays.',
  error: 'It could not be removed from Firestore: the next push finds it gone again.',
  'dry-run': 'A dry run removes nothing.',
};

const NO_CODE: Reason = {
  sentence: 'It was not delivered, and the entry does not say why.',
  remedy: 'Look for the id of the delivery in the functions’ log.',
  severity: 'problem',
};

function acceptedBy(kind: Answer['kind']): string {
  switch (kind) {
    case 'apns':
      return 'APNs accepted the push for this device.';
    case 'fcm':
    case 'fid':
      return 'FCM accepted the push for this device.';
    case undefined:
      return 'FCM accepted the push for whoever has subscribed.';
  }
}

/** One code by itself: of a waiting retry, of `codes`, of a line of the log. */
export function codeReason(code: string): Reason {
  if (findCode(code) === undefined && Object.hasOwn(DELIVERY_REASONS, code)) {
    return DELIVERY_REASONS[code as ErrorCode];
  }
  return inGeneral(entryOf(code));
}

/** Why a delivery as a whole failed. */
export function errorReason(code: ErrorCode): Reason {
  return DELIVERY_REASONS[code];
}

/** How far a push document of the outbox has come. */
export function pushReason(state: PushState): Reason {
  return PUSH_REASONS[state];
}

/** The meaning of a code with what its detail adds. */
function entryOf(code: string, detail?: string): CodeEntry {
  const entry = findCode(code) ?? unknownCode(code);
  if (detail === undefined) return entry;
  return refined(code, entry, detail) ?? withWords(entry, detail);
}
