/** Small parts of the sentences that stories are made of; pure. */
import type { AddressKind } from '../../model/address';
import { redact } from '../../model/redact';
import { counted } from '../words';
import type { DeviceRecord } from './record';

/** A line that only points at a place in the line above. */
const POINTER = /^\s*\^\s*$/;

/** Somebody else's words as the end of a sentence: on one line, without addresses, and with one full stop. */
export function sentence(words: string): string {
  const lines = redact(words).split(/\r?\n/);
  const said = lines
    .filter((line) => !POINTER.test(line))
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .join(' ');
  return /[.!?…]$/.test(said) ? said : `${said}.`;
}

const KIND_WORDS: Readonly<Record<AddressKind, string>> = {
  apns: 'APNs token',
  fid: 'Firebase installation id',
  fcm: 'FCM token',
};
const PLATFORM_WORDS = new Map([
  ['android', 'Android device'],
  ['ios', 'iOS device'],
  ['web', 'Browser'],
]);

/** A device by platform, fingerprint and what its address is: `Android device 0123456789abcdef (FCM token)`. */
export function deviceWords({
  fingerprint,
  kind,
  platform,
}: Pick<DeviceRecord, 'fingerprint' | 'kind' | 'platform'>): string {
  const name = PLATFORM_WORDS.get(platform ?? '') ?? 'Device';
  return `${name} ${fingerprint}${kind === undefined ? '' : ` (${KIND_WORDS[kind]})`}`;
}

/** `a, b and c`; of many the first few. */
export function listed(names: readonly string[], most = 5): string {
  const shown = names.slice(0, most);
  const rest = names.length - shown.length;
  if (rest > 0) return `${shown.join(', ')} and ${counted(rest, 'other')}`;
  return shown.length < 2
    ? shown.join('')
    : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1) ?? ''}`;
}
