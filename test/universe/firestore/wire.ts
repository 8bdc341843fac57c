/** What lies between a client and the server: calls take their time, get lost, or are answered by somebody in between. */
export type CallKind = 'read' | 'query' | 'count' | 'commit';

export interface Wire {
  /** Has the server do something, and resolves or rejects as its answer arrives, if it does. */
  call<T>(kind: CallKind, atServer: () => T): Promise<T>;
  sleep(ms: number): Promise<void>;
  /** Nothing gets through for so long, ms: calls until then are refused, and need not be made. */
  refusesFor(): number;
  /** From 0 up to, not including, 1. */
  random(): number;
}

/** Nothing in between. */
export const DIRECT: Wire = {
  call: async (_kind, atServer) => Promise.resolve(atServer()),
  sleep: () => Promise.resolve(),
  refusesFor: () => 0,
  random: () => 0.5,
};
