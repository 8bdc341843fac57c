/** What a run of the benchmark finds out: the shape of bench/results.json. */

export interface Results {
  /** ISO 8601. */
  readonly date: string;
  readonly machine: Machine;
  readonly versions: Readonly<Record<string, string>>;
  readonly latency?: readonly LatencyRow[];
  readonly throughput?: readonly BulkRow[];
  readonly apns?: readonly BulkRow[];
  readonly engine?: EngineResults;
  readonly 'cold-start'?: ColdStart;
  readonly decisions?: readonly DecisionRow[];
}

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly system: string;
  readonly node: string;
}

export type FcmPeerName = 'this project' | 'firebase-admin' | 'bare node:http2';
export type ApnsPeerName =
  'this project' | 'node-apn' | 'node-apn, 500 a call' | 'apns2' | 'apns2, 500 a call';

/** One event to a few addresses; medians. */
export interface LatencyRow {
  readonly peer: FcmPeerName;
  readonly delayMs: number;
  readonly addresses: number;
  readonly latencyMs: number;
  /** CPU of the sending process per event. */
  readonly cpuMs: number;
}

/** What V8 may take: as in a deployed instance, or whatever the machine has. */
export type Heap = 'instance' | 'unlimited';

/** One call (or as many as the peer needs) to many addresses, in a process of its own; medians over the runs that did it. */
export interface BulkRow {
  readonly peer: FcmPeerName | ApnsPeerName;
  readonly delayMs: number;
  readonly addresses: number;
  readonly heap: Heap;
  /** Absent where the peer could not do it; `failure` says how that went. */
  readonly run?: BulkRun;
  readonly failure?: string;
}

export interface BulkRun {
  readonly seconds: number;
  /** CPU of the sending process. */
  readonly cpuSeconds: number;
  /** CPU of the provider's process: near `seconds`, the provider was the limit. */
  readonly providerCpuSeconds: number;
  /** Resident memory after loading, some pushes and a garbage collection. */
  readonly idleMiB: number;
  /** Peak above that. */
  readonly extraMiB: number;
}

export type Operations = Readonly<Record<'reads' | 'writes' | 'deletes', number>>;

/** One kind of event, sent by the deployed code or by the usual sample. */
export interface EngineRow {
  readonly kind: string;
  readonly by: 'this project' | 'naive sample';
  readonly recipients: number;
  readonly addresses: number;
  /** Events measured. */
  readonly events: number;
  /** Events under way at once. */
  readonly atOnce: number;
  readonly eventsPerSecond: number;
  readonly cpuMsPerEvent: number;
  /** Per event. */
  readonly operations: Operations;
  /** Cloud Tasks enqueued per event. */
  readonly tasks: number;
}

export interface Planning {
  readonly recipients: number;
  readonly tasks: number;
  readonly seconds: number;
  readonly cpuSeconds: number;
  readonly extraMiB: number;
}

export interface EngineResults {
  readonly rows: readonly EngineRow[];
  readonly planning: Planning;
}

export interface ColdStart {
  readonly runs: number;
  /** The SDK modules that the built code asks for, loaded alone. */
  readonly sdk: Load;
  /** The built `functions/lib/index.js`. */
  readonly functions: Load;
  readonly modules: readonly string[];
}

export interface Load {
  readonly ms: number;
  readonly cpuMs: number;
  /** Resident memory after loading. */
  readonly rssMiB: number;
  readonly heapMiB: number;
}

/** Decisions for people of one kind, in one process; medians of many rounds. */
export interface DecisionRow {
  /** What such a person has said. */
  readonly says: string;
  /** Of each decision. */
  readonly cpuMicroseconds: number;
  /** The part of them that said to wait. */
  readonly held: number;
}
