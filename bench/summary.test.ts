import { EMPTY, RUN } from './example-results.ts';
import { summaryOf } from './summary.ts';
import type { Results } from './results.ts';

const RESULTS: Results = {
  ...EMPTY,
  latency: [
    { peer: 'this project', delayMs: 0, addresses: 1, latencyMs: 0.5, cpuMs: 0.25 },
    { peer: 'firebase-admin', delayMs: 0, addresses: 1, latencyMs: 5, cpuMs: 3 },
    { peer: 'bare node:http2', delayMs: 0, addresses: 1, latencyMs: 0.4, cpuMs: 0.2 },
    { peer: 'this project', delayMs: 30, addresses: 1, latencyMs: 30, cpuMs: 1 },
  ],
  apns: [
    { peer: 'this project', delayMs: 0, addresses: 10_000, heap: 'instance', run: RUN },
    {
      peer: 'node-apn',
      delayMs: 0,
      addresses: 10_000,
      heap: 'instance',
      failure: 'ENHANCE_YOUR_CALM',
    },
    { peer: 'apns2', delayMs: 0, addresses: 10_000, heap: 'instance', run: { ...RUN, seconds: 5 } },
  ],
};

it('holds latency and CPU of one event against the others', () => {
  const text = summaryOf(RESULTS);
  expect(text).toMatch(/an event to 1 device, latency +\| 0\.5 ms +\| 5 ms \(10×\) +\| 0\.4 ms/);
  expect(text).toMatch(/an event to 1 device, CPU +\| 0\.25 ms +\| 3 ms \(12×\) +\| 0\.2 ms/);
});

it('says who cannot do it', () => {
  expect(summaryOf(RESULTS)).toMatch(
    /10,000 devices over APNs +\| 2 s, \+30 MiB +\| node-apn fails; apns2 5 s, \+30 MiB \(2\.5×\)/,
  );
});

it('tells a heap without a limit apart', () => {
  const size = { delayMs: 0, addresses: 100_000 };
  const text = summaryOf({
    ...RESULTS,
    throughput: [
      { ...size, peer: 'this project', heap: 'instance', run: RUN },
      { ...size, peer: 'firebase-admin', heap: 'instance', run: { ...RUN, seconds: 4 } },
      { ...size, peer: 'this project', heap: 'unlimited', run: { ...RUN, extraMiB: 300 } },
    ],
  });
  expect(text).toMatch(/answers in 0 ms +\| 2 s, \+30 MiB +\| 4 s, \+30 MiB \(2\.0×\)/);
  expect(text).toMatch(/answers in 0 ms, any heap +\| 2 s, \+300 MiB +\| +\|/);
});

it('says when and on what it was measured, and how to do it again', () => {
  const text = summaryOf(RESULTS);
  expect(text).toContain('2026-01-02: Node 24.0.0, 2 cores of a CPU');
  expect(text).toContain('npm run bench');
});

it('has no line for what was not measured', () => {
  const { latency: _latency, apns: _apns, ...nothing } = RESULTS;
  expect(
    summaryOf(nothing)
      .split('\n')
      .filter((line) => line.startsWith('|')),
  ).toHaveLength(2);
});
