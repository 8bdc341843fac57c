/** How a story begins: the event, what `compose` made of it, and whom it is for; pure. */
import { UNEXPLAINED } from '../../catalogue/compose';
import type { DeliveryDocument } from '../../delivery/delivery-document';
import { errorReason } from '../reasons/reason';
import { counted, iso } from '../words';
import { broadcastName, shardName, totalOf } from './answer';
import type { EventRecord } from './record';
import type { StoryLine } from './story';
import { sentence } from './words';

export function eventLines({ entry, nobody, compose }: EventRecord): StoryLine[] {
  const known = entry ?? compose ?? nobody;
  const at = known?.eventAt?.toMillis();
  if (at === undefined && entry?.document === undefined) return [];
  return [
    {
      ...(at === undefined ? {} : { at: iso(at) }),
      what: 'event',
      severity: 'note',
      text: `${known?.document ?? 'The document'} was ${entry?.withdraws === undefined ? 'written' : 'deleted'}.`,
    },
  ];
}

export function composeLines({ entry, nobody, compose }: EventRecord, now: number): StoryLine[] {
  const lines: StoryLine[] = [];
  const composing = compose?.composing;
  const isFailure = entry?.errorCode === 'COMPOSE_FAILED' || entry?.errorCode === 'INVALID_INPUT';
  const isOpen = entry === undefined && nobody === undefined;
  if (compose !== undefined && composing !== undefined) {
    const { remedy } = errorReason('COMPOSE_FAILED');
    lines.push({
      at: iso(compose.updatedAt.toMillis()),
      what: 'compose',
      severity: isOpen ? 'problem' : 'note',
      text: `compose failed ${counted(composing.tries, 'time')}, last with: ${sentence(composing.error)}`,
      code: 'COMPOSE_FAILED',
      ...(isOpen && remedy !== undefined ? { remedy } : {}),
    });
    if (isOpen) lines.push(comesAgain(composing.until.toMillis(), now));
  }
  if (nobody !== undefined) {
    lines.push({
      at: iso(nobody.createdAt.toMillis()),
      what: 'nobody',
      severity: 'note',
      text: `compose told nobody: ${sentence(nobody.nobody ?? UNEXPLAINED)}`,
    });
  }
  if (entry !== undefined && !isFailure && entry.coverage?.kind !== 'addresses') {
    lines.push({
      at: iso(entry.createdAt.toMillis()),
      what: 'compose',
      severity: 'note',
      text:
        entry.withdraws === undefined
          ? `A notification of the kind ${entry.type} was made of it, and entered into the ledger.`
          : `What withdraws delivery ${entry.withdraws} from the devices that show it was entered into the ledger.`,
    });
  }
  return lines;
}

function comesAgain(until: number, now: number): StoryLine {
  return until > now
    ? {
        what: 'next',
        severity: 'note',
        text: `The event comes again, later each time, until ${iso(until)}; then it is recorded as failed.`,
      }
    : {
        at: iso(until),
        what: 'next',
        severity: 'problem',
        text: 'The time for further tries was over, and the event did not come again to be recorded as failed.',
        remedy: 'Check that the functions repeat failed events: npx @firestore-push/push doctor',
      };
}

export function audienceLines(
  { shards, shard }: EventRecord,
  entry: DeliveryDocument,
  person: string | undefined,
): StoryLine[] {
  const at = iso(entry.createdAt.toMillis());
  const begun =
    shards === undefined || entry.state !== 'sending'
      ? ''
      : `; ${shards.begun.toLocaleString('en')} begun, ${shards.final.toLocaleString('en')} done`;
  const lines: StoryLine[] = [
    { at, what: 'audience', severity: 'note', text: `${audienceWords(entry)}${begun}.` },
  ];
  if (shard === undefined) return lines;
  const name = shardName(shard, entry);
  const isBegun = shard.document !== undefined;
  const whose = person === undefined ? `This is ${name}` : `${person} belongs to ${name}`;
  lines.push({
    ...(shard.document === undefined ? {} : { at: iso(shard.document.createdAt.toMillis()) }),
    what: 'audience',
    severity: 'note',
    text: `${whose}${isBegun ? '' : ', which is not begun'}.`,
  });
  return lines;
}

function audienceWords(entry: DeliveryDocument): string {
  const { coverage, counts } = entry;
  switch (coverage?.kind) {
    case 'topic':
    case 'condition':
      return `It is for whoever is subscribed to ${broadcastName(entry)}: FCM knows whom, the ledger does not`;
    case 'addresses':
      return 'It is for the addresses that the push document lists';
    case 'hashed-shards':
      return `It is for a long list of people, spread over ${totalOf(entry)} shards`;
    case 'paged-shards': {
      const where =
        coverage.where === undefined ? '' : `, with a condition on ${coverage.where.field}`;
      const shards =
        coverage.shards === undefined ? 'page after page' : `in ${totalOf(entry)} shards`;
      return `It is for everybody in ${coverage.collection}${where}, ${shards}`;
    }
    case 'range':
      return `It is for everybody in ${coverage.collection} after ${coverage.after || 'the beginning'}, up to ${coverage.until}`;
    case 'listed':
      return `It is for ${counted(coverage.uids.length, 'person', 'people')}`;
    case undefined:
      return `It is for ${counted(counts.recipients, 'person', 'people')}`;
  }
}
