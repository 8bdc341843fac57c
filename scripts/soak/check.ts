/** Compares what is with what should be, after everything has come to rest; pure. */

import type { Counts } from '../../kit/src/model/counts.ts';
import type { SoakPlan } from './plan.ts';

/** What a device shows, as far as it matters here. */
export interface Shown {
  orderId: unknown;
  courierId: unknown;
}

export interface LedgerEntry {
  id: string;
  state: string;
  pending: number;
  counts: Counts;
}

export interface World {
  inboxes: ReadonlyMap<string, readonly Shown[]>;
  tokens: ReadonlyMap<string, readonly string[]>;
  ledger: readonly LedgerEntry[];
}

/** One line a finding, under what is wrong with it. */
export interface Findings {
  lost: string[];
  duplicated: string[];
  wronglyPruned: string[];
  /** Dead addresses that were told of and are still there. */
  notPruned: string[];
  ledger: string[];
}

export function check(plan: SoakPlan, world: World): Findings {
  const findings: Findings = {
    lost: [],
    duplicated: [],
    wronglyPruned: [],
    notPruned: [],
    ledger: [],
  };
  checkInboxes(plan, world, findings);
  checkTokens(plan, world, findings);
  checkLedger(plan, world, findings);
  return findings;
}

function checkInboxes({ events, users }: SoakPlan, { inboxes }: World, findings: Findings): void {
  const expected = new Map(
    users.flatMap(({ devices }) => devices.map(({ address }) => [address, 0])),
  );
  for (const { owner, courierId } of events) {
    for (const { address, isLive } of owner.devices) {
      if (!isLive) continue;
      expected.set(address, (expected.get(address) ?? 0) + 1);
      const times = (inboxes.get(address) ?? []).filter(
        (shown) => shown.orderId === owner.orderId && shown.courierId === courierId,
      ).length;
      const what = `${courierId} offers ${owner.orderId}, on ${address}`;
      if (times === 0) findings.lost.push(what);
      if (times > 1) findings.duplicated.push(`${what}: ${times} times`);
    }
  }
  for (const [address, inbox] of inboxes) {
    const stray = inbox.length - (expected.get(address) ?? 0);
    if (stray > 0)
      findings.duplicated.push(`${address} shows ${stray} pushes that were not meant for it`);
  }
}

function checkTokens({ events, users }: SoakPlan, { tokens }: World, findings: Findings): void {
  const told = new Set(events.map(({ owner }) => owner.uid));
  for (const { uid, devices } of users) {
    const kept = tokens.get(uid) ?? [];
    for (const { address, isLive } of devices) {
      if (isLive && !kept.includes(address)) findings.wronglyPruned.push(address);
      if (!isLive && kept.includes(address) && told.has(uid)) findings.notPruned.push(address);
    }
  }
}

function checkLedger({ events }: SoakPlan, { ledger }: World, findings: Findings): void {
  if (ledger.length !== events.length) {
    findings.ledger.push(`expected ${events.length} entries, got ${ledger.length}`);
  }
  for (const { id, state, pending, counts } of ledger) {
    const { addresses, delivered, unregistered, rejected, failed, expired } = counts;
    const outcomes = delivered + unregistered + rejected + failed + expired;
    if (state !== 'done') findings.ledger.push(`${id}: expected state done, got ${state}`);
    if (pending > 0) findings.ledger.push(`${id}: ${pending} addresses still pending`);
    if (outcomes !== addresses) {
      findings.ledger.push(`${id}: expected ${addresses} outcomes, got ${outcomes}`);
    }
  }
}
