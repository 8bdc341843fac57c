/**
 * Everything that a diagnosis is made of: plain values, so that a table of them is a test.
 */
import type { Names } from '../../names';
import type { Reading } from './reading';

export interface Facts {
  readonly projectId: string;
  /** ms since 1970. */
  readonly now: number;
  readonly installation: InstallationFacts;
  readonly settings: SettingsFacts;
  readonly package: PackageFacts;
  /** What is there: a real project, or emulators. */
  readonly world: CloudFacts | EmulatorFacts;
}

export interface InstallationFacts {
  readonly id: string;
  readonly kind: 'kit' | 'codebase';
  readonly prefix: string;
  /** Its source, as a path to call commands with. */
  readonly source: string;
  readonly names: Names;
  /** All other installations of the same `firebase.json`. */
  readonly others: readonly {
    readonly id: string;
    readonly prefix: string;
    readonly names: Names;
  }[];
}

export interface SettingsFacts {
  readonly values: Readonly<Record<string, string>>;
  /** Every name that means something to the package. */
  readonly names: readonly string[];
  /** Values that the package refuses, a line each. */
  readonly refused: readonly string[];
}

/** The package as it is in the installation's source. */
export interface PackageFacts {
  readonly installed?: string;
  readonly locked?: string;
  /** When `package-lock.json` was last written, ms since 1970. */
  readonly lockedAt?: number;
}

export interface CloudFacts {
  readonly kind: 'cloud';
  readonly project: Reading<{ readonly state: string }>;
  readonly functions: Reading<DeployedFunctions>;
  readonly policy: Reading<readonly Binding[]>;
  /** By e-mail: the accounts that the functions run as. */
  readonly accounts: ReadonlyMap<string, Reading<{ readonly disabled: boolean }>>;
  /** By the API's name: whether it is enabled. */
  readonly apis: ReadonlyMap<string, Reading<boolean>>;
  readonly database: Reading<Database>;
  readonly indexes: Reading<readonly DeployedIndex[]>;
  readonly ttls: Reading<readonly Ttl[]>;
  /** Enabled versions of the secret; undefined where no key is set. */
  readonly apnsSecret?: Reading<number>;
  readonly ledger: LedgerFacts;
  /** By the function's name in the package. */
  readonly queues: ReadonlyMap<string, Reading<{ readonly state: string }>>;
  readonly schedules: ReadonlyMap<string, Reading<Schedule>>;
}

export interface EmulatorFacts {
  readonly kind: 'emulators';
  /** Ids of the functions that the Functions emulator has loaded. */
  readonly functions: Reading<readonly string[]>;
  readonly ledger: LedgerFacts;
  readonly simulator: { readonly address: string; readonly reading: Reading<true> };
}

export interface DeployedFunctions {
  readonly functions: readonly DeployedFunction[];
  /** Regions that did not answer. */
  readonly unreachable: readonly string[];
}

export interface DeployedFunction {
  readonly id: string;
  readonly region: string;
  readonly state: string;
  /** `nodejs22`. */
  readonly runtime: string;
  readonly account: string;
  /** ms since 1970. */
  readonly updatedAt: number;
  /** The version that it is of, as its label has it; undefined where it has no such label. */
  readonly version?: string;
  /** Whether an event is repeated that it failed on; undefined where no event calls it. */
  readonly retries?: boolean;
  /** Names of the secrets in its environment. */
  readonly secrets: readonly string[];
}

/** Of the project's policy. */
export interface Binding {
  readonly role: string;
  readonly members: readonly string[];
  readonly isConditional: boolean;
}

export interface Database {
  readonly location: string;
  readonly type: string;
}

export interface DeployedIndex {
  readonly collection: string;
  readonly scope: string;
  /** `field`, `field DESCENDING` or `field CONTAINS`, without `__name__`. */
  readonly fields: readonly string[];
  readonly state: string;
}

/** A field of an index in a few words, as a fact has it. */
export function indexedAs({ field, by }: { readonly field: string; readonly by: string }): string {
  return by === 'ASCENDING' ? field : `${field} ${by}`;
}

export interface Ttl {
  readonly collection: string;
  readonly field: string;
  readonly state: string;
}

export interface Schedule {
  readonly state: string;
  /** The code of google.rpc.Code that the last run ended with; 0 for a good one. */
  readonly lastCode: number;
}

/** Ids of documents, at most {@link MOST_DOCUMENTS} of each. */
export interface LedgerFacts {
  /** Deliveries under way that nobody has worked on for an hour. */
  readonly stuck: Reading<readonly string[]>;
  /** Deliveries that could not be made in the last 24 hours. */
  readonly failed: Reading<readonly string[]>;
  /** Pushes that should have got on an hour ago. */
  readonly overdue: Reading<readonly string[]>;
}

/** What one look at a collection reads at most. */
export const MOST_DOCUMENTS = 100;
