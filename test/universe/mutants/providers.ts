/** Faults of what a provider's answers are taken for. */
import type { Mutant } from './mutant.ts';

export const PROVIDER_MUTANTS: readonly Mutant[] = [
  {
    name: 'fcm-quota-is-final',
    area: 'retry-class',
    file: 'providers/fcm/classify.ts',
    from: "return retry('fcm-quota', code, wait);",
    to: "return outcome({ kind: 'failed', code });",
    breaks: 'phones are not told because FCM asked for a minute',
  },
  {
    name: 'fcm-trouble-is-final',
    area: 'retry-class',
    file: 'providers/fcm/classify.ts',
    from: 'if (errorCode !== undefined && FCM_TROUBLE.has(errorCode)) {',
    to:
      'if (errorCode !== undefined && FCM_TROUBLE.has(errorCode)) {' +
      " return outcome({ kind: 'failed', code });",
    also: [
      {
        file: 'providers/fcm/classify.ts',
        from: '    default:\n      // Whatever',
        to: "    case 500:\n    case 503:\n      return outcome({ kind: 'failed', code });\n    default:\n      // Whatever",
      },
    ],
    breaks: 'phones are not told because FCM was in trouble for a moment',
  },
  {
    name: 'fcm-unregistered-is-retried',
    area: 'retry-class',
    file: 'providers/fcm/classify.ts',
    from: "if (errorCode === 'UNREGISTERED') return outcome({ kind: 'unregistered', code });",
    to: "if (errorCode === 'UNREGISTERED') return retry('fcm-unavailable', code, wait);",
    breaks: 'dead phones are sent to for ever',
  },
  {
    name: 'fcm-silence-is-success',
    area: 'retry-class',
    file: 'providers/fcm/classify.ts',
    from: "return retry(answer.processed === 'never' ? 'unprocessed' : 'unknown', answer.reason);",
    to: 'return answer.reason === "" ? retry("unknown", "") : ACCEPTED;',
    breaks: 'phones are not told because a connection broke, and read as delivered',
  },
  {
    name: 'fcm-garbage-is-dead',
    area: 'retry-class',
    file: 'providers/fcm/classify.ts',
    from: "return retry('unknown', `HTTP_${answer.status}_UNREADABLE`, wait);",
    to: "return outcome({ kind: 'unregistered', code: `HTTP_${answer.status}` });",
    breaks: 'phones are forgotten because Google’s front end was in trouble',
  },
  {
    name: 'fcm-credential-is-final',
    area: 'retry-class',
    file: 'providers/fcm/classify.ts',
    from: "return errorCode === undefined ? { kind: 'credential' } : outcome({ kind: 'failed', code });",
    to: "return outcome({ kind: 'failed', code });",
    breaks: 'phones are not told because an access token had to be renewed',
  },
  {
    name: 'apns-gone-is-refused',
    area: 'retry-class',
    file: 'providers/apns/classify.ts',
    from: ": { kind: 'unregistered', code },",
    to: ": { kind: 'rejected', code },",
    breaks: 'dead iPhones are sent to for ever',
  },
  {
    name: 'apns-gone-before-it-came-back',
    area: 'retry-class',
    file: 'providers/apns/classify.ts',
    from: 'timestamp !== undefined && refreshedAt !== undefined && refreshedAt >= timestamp',
    to: 'timestamp !== undefined && refreshedAt !== undefined && refreshedAt < 0',
    breaks: 'an iPhone whose app was installed again is never told again',
  },
  {
    name: 'apns-trouble-is-final',
    area: 'retry-class',
    file: 'providers/apns/classify.ts',
    from: "case 'retry-later':\n      return outcome(retry('apns-unavailable', code, wait));",
    to: "case 'retry-later':\n      return outcome({ kind: 'failed', code });",
    breaks: 'iPhones are not told because APNs was in trouble for a moment',
  },
  {
    name: 'apns-quota-is-final',
    area: 'retry-class',
    file: 'providers/apns/classify.ts',
    from: "case 'slow-down':\n      return outcome(retry('apns-quota', code, wait));",
    to: "case 'slow-down':\n      return outcome({ kind: 'failed', code });",
    breaks: 'iPhones are not told because they had several pushes within a second',
  },
  {
    name: 'apns-silence-is-success',
    area: 'retry-class',
    file: 'providers/apns/classify.ts',
    from: "return outcome(retry(answer.processed === 'never' ? 'unprocessed' : 'unknown', answer.reason));",
    to: 'return answer.reason === "" ? outcome(retry("unknown", "")) : ACCEPTED;',
    breaks: 'iPhones are not told because a connection broke, and read as delivered',
  },
];
