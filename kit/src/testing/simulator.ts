/**
 * For tests: the project's simulator, started in this process.
 *
 * Loaded by path and described here, because it is another package with its own compiler settings.
 */
const SIMULATOR = '../../../simulator/src/index.ts';

export interface Simulator {
  readonly url: string;
  readonly port: number;
  requests(): {
    readonly body: unknown;
    readonly response?: { readonly status: number; readonly body: unknown };
  }[];
  putDevice(address: string, change: { platform?: string; state?: string }): unknown;
  inbox(address: string): { readonly title?: string; readonly body?: string }[];
  addFault(fault: object): unknown;
  expireAccessTokens(token?: string): number;
  certificate(): Promise<string>;
  close(): Promise<void>;
}

export async function startSimulator(options: object = {}): Promise<Simulator> {
  const { createSimulator } = (await import(SIMULATOR)) as {
    createSimulator(options: object): Promise<Simulator>;
  };
  return createSimulator({ warn: () => undefined, ...options });
}
