/**
 * A push as somebody gets it who wants to see this kind and not to hear it; pure.
 */
import type { ApnsExtras, Content } from './content';

/**
 * Without sound and vibration: on iOS `passive`, which lights no screen; on Android in the channel for silent pushes, because there
 * the channel decides what is heard; on the web `silent`. A push that shows nothing stays as it is.
 *
 * @param channelId the app's Android channel without a sound. Absent: the push keeps its own channel.
 */
export function silenced(content: Content, channelId: string | undefined): Content {
  if (content.style === 'data') return content;
  const { sound: _sound, criticalVolume: _volume, apns, ...rest } = content;
  return {
    ...rest,
    isSilent: true,
    interruptionLevel: 'passive',
    ...(channelId === undefined ? {} : { channelId }),
    ...(apns === undefined ? {} : { apns: withoutSound(apns) }),
  };
}

function withoutSound({ aps, ...apns }: ApnsExtras): ApnsExtras {
  if (aps === undefined) return apns;
  const own = JSON.parse(aps) as Readonly<Record<string, unknown>>;
  const { sound: _sound, 'interruption-level': _level, ...others } = own;
  return { ...apns, aps: JSON.stringify(others) };
}
