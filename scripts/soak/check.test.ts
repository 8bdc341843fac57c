import { NO_COUNTS } from '../../kit/src/model/counts.ts';
import { check } from './check.ts';
import { planSoak } from './plan.ts';
import type { World } from './check.ts';
import type { SoakPlan } from './plan.ts';

const OLA = {
  uid: 'ola',
  orderId: 'p1',
  devices: [
    { address: 'live', isLive: true },
    { address: 'dead', isLive: false },
  ],
};
const PLAN: SoakPlan = { users: [OLA], events: [{ owner: OLA, courierId: 'lia' }], faults: [] };
const SHOWN = { orderId: 'p1', courierId: 'lia' };
const ENTRY = {
  id: 'offer-e1',
  state: 'done',
  pending: 0,
  counts: { ...NO_COUNTS, addresses: 2, delivered: 1, unregistered: 1 },
};
const GOOD: World = {
  inboxes: new Map([['live', [SHOWN]]]),
  tokens: new Map([['ola', ['live']]]),
  ledger: [ENTRY],
};
const CLEAN = { lost: [], duplicated: [], wronglyPruned: [], notPruned: [], ledger: [] };

describe('check', () => {
  it('finds nothing where all is as it should be', () => {
    expect(check(PLAN, GOOD)).toEqual(CLEAN);
  });

  it.each<[keyof typeof CLEAN, Partial<World>]>([
    ['lost', { inboxes: new Map() }],
    ['lost', { inboxes: new Map([['live', [{ orderId: 'p2', courierId: 'lia' }]]]) }],
    ['duplicated', { inboxes: new Map([['live', [SHOWN, SHOWN]]]) }],
    ['duplicated', { inboxes: new Map([...GOOD.inboxes, ['stranger', [SHOWN]]]) }],
    ['wronglyPruned', { tokens: new Map([['ola', []]]) }],
    ['notPruned', { tokens: new Map([['ola', ['live', 'dead']]]) }],
    ['ledger', { ledger: [] }],
    ['ledger', { ledger: [{ ...ENTRY, state: 'sending' }] }],
    ['ledger', { ledger: [{ ...ENTRY, pending: 1 }] }],
    ['ledger', { ledger: [{ ...ENTRY, counts: { ...ENTRY.counts, delivered: 0 } }] }],
  ])('finds what is %s', (kind, world) => {
    expect(check(PLAN, { ...GOOD, ...world })[kind]).not.toEqual([]);
  });
});

describe('planSoak', () => {
  const OPTIONS = { events: 2000, users: 200, faultRate: 0.05, seed: 1, help: false };

  it('is the same for the same seed, and another for another', () => {
    expect(planSoak(OPTIONS)).toEqual(planSoak(OPTIONS));
    expect(planSoak({ ...OPTIONS, seed: 2 })).not.toEqual(planSoak(OPTIONS));
  });

  it('has nobody offer to bring an order twice, or their own', () => {
    const { events } = planSoak({ ...OPTIONS, users: 45, events: 45 * 44 });
    const offers = events.map(({ owner, courierId }) => `${owner.orderId}/${courierId}`);
    expect(new Set(offers).size).toBe(offers.length);
    expect(events.filter(({ owner, courierId }) => owner.uid === courierId)).toEqual([]);
  });

  it('spreads the fault rate over the kinds of fault', () => {
    let passed = 1;
    for (const { rate } of planSoak(OPTIONS).faults) passed *= 1 - (rate ?? 0);
    expect(1 - passed).toBeCloseTo(0.05, 10);
    expect(planSoak({ ...OPTIONS, faultRate: 0 }).faults).toEqual([]);
  });
});
