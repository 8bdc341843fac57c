/**
 * Sends pushes straight to Apple over warm HTTP/2 sessions, production and sandbox, and answers with one outcome per address.
 */
import { forEachBounded } from '../../model/concurrency';
import type { Content } from '../../model/notification/content';
import { HTTP2_DEFAULTS } from '../http2/client';
import { UNSENT, type Outcome } from '../../model/outcome';
import type { Provider, SendOptions } from '../provider';
import { ApnsBatch, type ApnsSettings, type ProvenTokens } from './batch';
import type { ApnsDeviceFacts } from './device-facts';

/** Devices looked up at once, while those before them are sent to. */
const FACTS_BATCH = 500;

/** How connections to Apple are kept; the limit on streams is Apple's own, which begins at 1 and falls back to it after errors. */
export const APNS_CONNECTION = {
  ...HTTP2_DEFAULTS,
  /** Apple asks for a PING after an idle hour, its clients send one a minute; here it is sent before an idle session is used. */
  probeAfterIdleMs: 60_000,
  /** Apple: keep connections for hours to days; opening many is taken for an attack. */
  maxIdleMs: 24 * 60 * 60_000,
} as const;

/** APNs has no dry run: whatever it is asked, it delivers. */
const UNCHECKED: Outcome = Object.freeze({ kind: 'delivered', unchecked: true });

export class ApnsProvider implements Provider {
  private readonly settings: ApnsSettings;
  private readonly accepted = new AcceptedAddresses();
  private readonly proven: ProvenTokens = {};

  constructor(settings: ApnsSettings) {
    this.settings = settings;
  }

  async send(
    content: Content,
    addresses: readonly string[],
    options: SendOptions = {},
  ): Promise<Outcome[]> {
    if (content.validateOnly === true) return addresses.map(() => UNCHECKED);
    const mayBegin = untilFirstNo(options.mayBegin);
    const batch = new ApnsBatch(this.settings, this.proven, content, { mayBegin });
    const { servers } = this.settings;
    // Nearly all addresses are of one environment.
    const capacity = (): number =>
      Math.max(servers.production.client.capacity, servers.sandbox.client.capacity);
    const outcomes = new Array<Outcome>(addresses.length);
    const suspects: number[] = [];
    let facts: ReturnType<typeof this.factsOf>;
    let nextFacts = mayBegin() ? this.factsOf(addresses, 0) : NO_FACTS;
    await forEachBounded(addresses.length, capacity, async (index) => {
      if (!mayBegin()) {
        outcomes[index] = UNSENT;
        return;
      }
      const nth = index % FACTS_BATCH;
      // Steps begin in order: the first of a part takes over what was read while those before it were sent to.
      if (nth === 0) {
        facts = nextFacts;
        nextFacts = this.factsOf(addresses, index + FACTS_BATCH);
      }
      const address = addresses[index] as string;
      const fact = (await facts)[nth] as ApnsDeviceFacts | Error;
      const sent = fact instanceof Error ? factsUnreadable() : await batch.send(address, fact);
      if (sent === 'suspect') {
        suspects.push(index);
        return;
      }
      if (sent.kind === 'delivered') this.accepted.add(address);
      outcomes[index] = sent;
    });
    for (const index of suspects) {
      outcomes[index] = this.accepted.hasOtherThan(addresses[index] as string) ? DEAD : DOUBTFUL;
    }
    return outcomes;
  }

  /** The facts of one part of the addresses, or as often the error that kept them from us. */
  private async factsOf(
    addresses: readonly string[],
    start: number,
  ): Promise<readonly (ApnsDeviceFacts | Error)[]> {
    const part = addresses.slice(start, start + FACTS_BATCH);
    if (part.length === 0) return [];
    try {
      const facts = await this.settings.devices.read(part);
      if (facts.length !== part.length) {
        throw new Error(`expected the facts of ${part.length} devices, got ${facts.length}`);
      }
      return facts;
    } catch (error) {
      this.settings.log.deviceFactsUnreadable(part.length, error);
      return part.map(() => UNREADABLE);
    }
  }
}

const NO_FACTS = Promise.resolve<readonly (ApnsDeviceFacts | Error)[]>([]);

/** Steps that begin after one that did not would find the facts of another part of the addresses. */
function untilFirstNo(mayBegin: SendOptions['mayBegin']): () => boolean {
  if (mayBegin === undefined) return () => true;
  let may = true;
  return () => (may &&= mayBegin());
}

const UNREADABLE = new Error('device records could not be read');

/** Nothing was sent: it is tried again, rather than to a server that may be the wrong one. */
function factsUnreadable(): Outcome {
  return { kind: 'retry', cause: 'unprocessed', code: 'DEVICE_RECORDS_UNREADABLE' };
}

const DEAD: Outcome = { kind: 'unregistered', code: 'BadDeviceToken' };
const DOUBTFUL: Outcome = {
  kind: 'rejected',
  code: 'BadDeviceToken',
  detail:
    'valid in neither environment, but no other address has been accepted with this key yet: check key and topic',
};

/** Whether Apple has taken a push from us for some other address: only then may it call one dead. */
class AcceptedAddresses {
  private first: string | undefined;
  private several = false;

  add(address: string): void {
    if (this.several) return;
    this.first ??= address;
    this.several = this.first !== address;
  }

  hasOtherThan(address: string): boolean {
    return this.several || (this.first !== undefined && this.first !== address);
  }
}
