/**
 * Sends to a topic or a condition: one request, whose outcome is the delivery's. Who is subscribed only FCM knows.
 */
import type { Draft } from '../providers/content';
import type { Broadcaster, BroadcastTarget } from '../providers/provider';
import type { HeldEntry } from '../store/ledger-entry';
import type { EngineDeps } from './deps';
import { record } from './unit';

/** What the ledger calls it, since there is no recipient whom it could name. */
const NAMES = { topic: 'the topic', condition: 'the condition' } as const;

/** Sends once more or for the first time, and records how it went; retried as any other push. */
export async function sendToSubscribers(
  deps: EngineDeps,
  entry: HeldEntry,
  content: Draft,
  target: BroadcastTarget,
  broadcaster: Broadcaster,
): Promise<void> {
  const { localiser, log } = deps;
  // One message for all: texts by key are in the default language. Those by locKey are put into each device's on the device.
  const localised = await localiser.localise(content, localiser.localeFor(undefined));
  const outcome = await broadcaster.broadcast(localised, target);
  if (outcome.kind === 'failed') log.configurationRefused(entry.id, outcome);
  if (outcome.kind === 'rejected') log.rejected(entry.id, outcome);
  const name = NAMES['topic' in target ? 'topic' : 'condition'];
  const isFirst = !entry.document.sent;
  await record(deps, entry, content, [{ uid: name, address: name, outcome }], {
    counts: isFirst ? { recipients: 1, addresses: 1 } : {},
    reasons: {},
    pending: [],
  });
}
