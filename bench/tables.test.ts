import { EMPTY, RUN } from './example-results.ts';
import { tablesOf } from './tables.ts';

it('says when, where and with what it was measured', () => {
  const text = tablesOf(EMPTY);
  expect(text).toContain('2026-01-02');
  expect(text).toContain('2 cores of a CPU');
  expect(text).toContain('firebase-admin 14.5.1');
});

it('leaves out what was not measured', () => {
  expect(tablesOf(EMPTY)).not.toContain('|');
});

it('holds every sender against this project at the same size and delay', () => {
  const row = { delayMs: 0, addresses: 1 };
  const text = tablesOf({
    ...EMPTY,
    latency: [
      { ...row, peer: 'this project', latencyMs: 0.5, cpuMs: 0.25 },
      { ...row, peer: 'firebase-admin', latencyMs: 5, cpuMs: 3 },
      { ...row, delayMs: 30, peer: 'this project', latencyMs: 30, cpuMs: 1 },
    ],
  });
  expect(text).toMatch(/firebase-admin \|\s+5 ms \|\s+3 ms \|\s+10× \|\s+12× \|/);
});

it('says of a sender that could not do it that it failed, and how', () => {
  const row = { delayMs: 0, addresses: 10_000, heap: 'instance' } as const;
  const text = tablesOf({
    ...EMPTY,
    apns: [
      { ...row, peer: 'this project', run: RUN },
      { ...row, peer: 'node-apn', failure: '9,000 of 10,000 addresses: ENHANCE_YOUR_CALM' },
    ],
  });
  expect(text).toMatch(/node-apn\s+\|\s+failed \|/);
  expect(text).toContain('node-apn at 10,000: 9,000 of 10,000 addresses: ENHANCE_YOUR_CALM.');
});

it('shows throughput, CPU and memory of a sender that could', () => {
  const row = { delayMs: 0, addresses: 10_000, heap: 'instance' } as const;
  const text = tablesOf({
    ...EMPTY,
    throughput: [
      { ...row, peer: 'this project', run: RUN },
      { ...row, peer: 'firebase-admin', run: { ...RUN, seconds: 5 } },
    ],
  });
  expect(text).toMatch(/this project\s+\|\s+5,000 \|\s+1 s \|\s+\+30 MiB \|\s+1\.00× \|/);
  expect(text).toMatch(/firebase-admin\s+\|\s+2,000 \|\s+1 s \|\s+\+30 MiB \|\s+2\.5× \|/);
});

it('says how much more there is to load than the SDK', () => {
  const sdk = { ms: 400, cpuMs: 500, rssMiB: 100, heapMiB: 20 };
  const text = tablesOf({
    ...EMPTY,
    'cold-start': { runs: 3, modules: [], sdk, functions: { ...sdk, ms: 440 } },
  });
  expect(text).toMatch(/time to load\s+\|\s+400 ms \|\s+440 ms \|\s+\+10 % \|/);
});

it('shows what an event costs in Firestore, by kind', () => {
  const text = tablesOf({
    ...EMPTY,
    engine: {
      rows: [
        {
          kind: 'like',
          by: 'this project',
          recipients: 1,
          addresses: 1,
          events: 10,
          atOnce: 10,
          eventsPerSecond: 120,
          cpuMsPerEvent: 4,
          operations: { reads: 3, writes: 2, deletes: 0 },
          tasks: 0,
        },
      ],
      planning: { recipients: 1_000_000, tasks: 2_001, seconds: 50, cpuSeconds: 30, extraMiB: 12 },
    },
  });
  expect(text).toMatch(/like\s+\| this project \|\s+120 \|\s+4 ms \|\s+3 \|\s+2 \|\s+0 \|/);
  expect(text).toContain('1,000,000 recipients are planned and recorded as 2,001 tasks');
});

it('holds each kind of person against the one that is decided about quickest', () => {
  const text = tablesOf({
    ...EMPTY,
    decisions: [
      { says: 'nothing', cpuMicroseconds: 1, held: 0 },
      { says: 'a quiet night', cpuMicroseconds: 20, held: 0.375 },
    ],
  });
  expect(text).toMatch(/a quiet night\s+\|\s+50,000 \|\s+20 µs \|\s+20× \|\s+37\.5 % \|/);
});
