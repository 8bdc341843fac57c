/** What every API of FCM asks before it looks at a request: credentials, project, device, JSON. */
import { parseJson } from '../json.ts';
import type { Device } from '../devices.ts';
import type { SimulatorState } from '../state.ts';
import { AccessTokens } from './access-tokens.ts';
import type { ErrorParts } from './envelope.ts';
import { namedErrors } from './errors.ts';

/** How strict this FCM is. */
export interface GateOptions {
  /** Projects that may be sent for; undefined: any. */
  readonly projects: readonly string[] | undefined;
  /** Refuse addresses nobody declared, as `UNREGISTERED`. */
  readonly strictDevices: boolean;
}

/** A body that was read: the JSON, or what is wrong with it. */
export interface ParsedBody {
  readonly json: unknown;
  readonly error?: string;
}

/** The checks that all APIs of one FCM share. */
export class Gate {
  readonly accessTokens = new AccessTokens();
  readonly #state: SimulatorState;
  readonly #options: GateOptions;

  constructor(state: SimulatorState, options: GateOptions) {
    this.#state = state;
    this.#options = options;
  }

  /** Whether this project may be used. */
  knowsProject(project: string): boolean {
    return this.#options.projects?.includes(project) ?? true;
  }

  /** The device of an address; a new one becomes live, unless only declared ones count. */
  device(address: string, at: number): Device | undefined {
    if (this.#options.strictDevices) return this.#state.devices.get(address);
    const { device, isNew } = this.#state.devices.meet(address, at);
    if (isNew && this.#state.events.heard) this.#state.events.emit({ type: 'device', device });
    return device;
  }
}

/** Why a device cannot be used for a project, if it cannot. `project` undefined: any. */
export function deviceError(
  device: Device | undefined,
  project: string | undefined,
): ErrorParts | undefined {
  if (device === undefined) return namedErrors.UNREGISTERED;
  if (project !== undefined && device.projectId !== undefined && device.projectId !== project) {
    return namedErrors.SENDER_ID_MISMATCH;
  }
  if (device.state === 'live') return undefined;
  return device.platform === 'ios' ? namedErrors.APNS_UNREGISTERED : namedErrors.UNREGISTERED;
}

/** Reads a body as the front end does; an empty one is an empty object. */
export function readJson(body: string | undefined): ParsedBody {
  if (body === undefined) {
    return { json: undefined, error: 'Request payload size exceeds the limit: 1048576 bytes.' };
  }
  if (body === '') return { json: {} };
  try {
    return { json: parseJson(body) };
  } catch (error) {
    const why = `Invalid JSON payload received. ${(error as Error).message}`;
    return { json: undefined, error: why };
  }
}

/** One percent-decoded part of a path. */
export function decodePart(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    // A stray percent sign: nothing has such a name, so the text itself will match nothing.
    return part;
  }
}
