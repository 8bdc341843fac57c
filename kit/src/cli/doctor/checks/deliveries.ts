/** Whether deliveries and pushes get on. */
import { functionLogs } from '../commands';
import { MOST_DOCUMENTS, type Facts } from '../facts';
import { found, listed, unread, type Finding } from '../finding';
import { isUnread, type Reading } from '../reading';

/** Ids that are shown; more would hide the rest of the page. */
const SHOWN = 3;

export function deliveryFindings(facts: Facts): Finding[] {
  const { names } = facts.installation;
  const { stuck, failed, overdue } = facts.world.ledger;
  const deliveries = names.deliveries;
  const logs = logsOf(facts, 'sweepDeliveries');
  return [
    ...look(stuck, {
      unread: (reading) => unread('deliveries.unread', 'Deliveries', reading, facts.projectId),
      some: (ids) =>
        found(
          'deliveries.stuck',
          `${quantity(ids)} in ${deliveries} under way without a worker for over an hour: ${shown(ids)}. sweepDeliveries should have resumed them.`,
          logs,
        ),
      none: found('deliveries.moving', `No delivery in ${deliveries} is stuck.`),
    }),
    ...look(failed, {
      // Said once: the same permission is asked for.
      unread: (reading) =>
        isUnread(stuck)
          ? undefined
          : unread('deliveries.unread', 'Failed deliveries', reading, facts.projectId),
      some: (ids) =>
        found(
          'deliveries.failed',
          `${quantity(ids)} in ${deliveries} failed in the last 24 hours: ${shown(ids)}. Each says why in its field error.`,
          `Read the field error of ${deliveries}/${ids[0] ?? ''} in Firestore.`,
        ),
    }),
    ...look(overdue, {
      unread: (reading) => unread('pushes.unread', 'Pushes', reading, facts.projectId),
      some: (ids) =>
        found(
          'pushes.overdue',
          `${quantity(ids)} in ${names.pushes} overdue for over an hour: ${shown(ids)}. sweepPushes should have taken them on.`,
          logsOf(facts, 'sweepPushes'),
        ),
      none: found('pushes.moving', `No push in ${names.pushes} is overdue.`),
    }),
  ];
}

interface Looks {
  readonly unread: (reading: Parameters<typeof unread>[2]) => Finding | undefined;
  readonly some: (ids: readonly string[]) => Finding;
  readonly none?: Finding;
}

function look(reading: Reading<readonly string[]>, looks: Looks): Finding[] {
  const finding = isUnread(reading)
    ? looks.unread(reading)
    : reading.kind === 'known' && reading.value.length > 0
      ? looks.some(reading.value)
      : // No database: said elsewhere.
        reading.kind === 'known'
        ? looks.none
        : undefined;
  return finding === undefined ? [] : [finding];
}

function quantity(ids: readonly string[]): string {
  return ids.length < MOST_DOCUMENTS ? String(ids.length) : `${MOST_DOCUMENTS} or more`;
}

function shown(ids: readonly string[]): string {
  const first = ids.slice(0, SHOWN);
  return ids.length > SHOWN ? `${first.join(', ')}, …` : listed(first);
}

function logsOf({ projectId, installation, world }: Facts, name: string): string {
  if (world.kind === 'emulators') return 'Look at the log of the emulators.';
  return functionLogs(projectId, `${installation.prefix}${name}`);
}
