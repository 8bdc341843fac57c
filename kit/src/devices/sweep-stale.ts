/**
 * Drops devices whose app has not been started for long, page by page.
 *
 * What is dropped leaves the query, so a sweep that ran out of time is taken up by the next one where it stopped.
 */
import { fingerprint } from '../model/address';
import type { DeviceStore, StaleDevice } from './device-store';
import type { DeviceDocument } from './device-document';

export interface StaleRule {
  readonly refreshedBy: DeviceDocument['refreshedBy'];
  /** Days without a refresh after which a device is stale; 0 for never. */
  readonly days: number;
}

export interface StaleSweepOptions {
  readonly rules: readonly StaleRule[];
  /** Says what would be dropped, and drops nothing. */
  readonly isDryRun: boolean;
  /** Devices read at a time. */
  readonly pageSize: number;
  /** When to stop, ms since 1970; checked between pages. */
  readonly until: number;
}

export interface StaleSweepCounts {
  /** Stale devices found. */
  readonly stale: number;
  /** Of these: dropped. */
  readonly dropped: number;
  /** Of these: refreshed at the last moment, and kept. */
  readonly kept: number;
  /** Of these: not dropped because Firestore failed; the next sweep tries again. */
  readonly failed: number;
  readonly pages: number;
  /** Whether everything was looked at; if not, the next sweep goes on. */
  readonly isComplete: boolean;
}

export interface StaleSweepDeps {
  readonly devices: Pick<DeviceStore, 'stale' | 'dropStale'>;
  readonly now: () => number;
  readonly log: {
    sweepFailed(uid: string, error: unknown): void;
    /** A dry run; devices by fingerprint. */
    wouldDrop(uid: string, devices: readonly string[]): void;
  };
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** Sweeps once; rejects only if a page cannot be read. */
export async function sweepStale(
  options: StaleSweepOptions,
  deps: StaleSweepDeps,
): Promise<StaleSweepCounts> {
  const counts = { stale: 0, dropped: 0, kept: 0, failed: 0, pages: 0 };
  const began = deps.now();
  for (const { refreshedBy, days } of options.rules) {
    if (days === 0) continue;
    const before = began - days * DAY_MS;
    let last: StaleDevice | undefined;
    do {
      if (deps.now() >= options.until) return { ...counts, isComplete: false };
      const page = await deps.devices.stale(refreshedBy, before, options.pageSize, last);
      counts.pages += 1;
      counts.stale += page.length;
      if (options.isDryRun) sayPage(page, deps);
      else await dropPage(page, before, counts, deps);
      last = page.length < options.pageSize ? undefined : page.at(-1);
    } while (last !== undefined);
  }
  return { ...counts, isComplete: true };
}

function sayPage(page: readonly StaleDevice[], { log }: StaleSweepDeps): void {
  for (const [uid, devices] of Map.groupBy(page, (device) => device.uid)) {
    log.wouldDrop(
      uid,
      devices.map(({ address }) => fingerprint(address)),
    );
  }
}

async function dropPage(
  page: readonly StaleDevice[],
  before: number,
  counts: { dropped: number; kept: number; failed: number },
  deps: StaleSweepDeps,
): Promise<void> {
  for (const [uid, devices] of Map.groupBy(page, (device) => device.uid)) {
    const addresses = devices.map((device) => device.address);
    try {
      const { pruned, kept } = await deps.devices.dropStale(uid, addresses, before);
      counts.dropped += pruned.length;
      counts.kept += kept.length;
    } catch (error) {
      counts.failed += addresses.length;
      deps.log.sweepFailed(uid, error);
    }
  }
}
