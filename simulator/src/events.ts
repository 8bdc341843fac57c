/** What happens in the simulator, for whoever listens: the inbox page, tests, a terminal. */
import type { Device } from './devices.ts';
import type { Fault } from './faults.ts';
import type { InboxItem } from './inbox.ts';
import type { LoggedRequest } from './request-log.ts';

/** One thing that happened; `type` is also the name of the server-sent event. */
export type SimulatorEvent =
  /** A provider request has been answered, or left unanswered for good. */
  | { readonly type: 'request'; readonly request: LoggedRequest }
  /** A device shows something new; `replaced` is the id of what it shows no longer. */
  | {
      readonly type: 'inbox';
      readonly address: string;
      readonly item: InboxItem;
      readonly replaced?: string;
    }
  /** A device was heard of, or changed its state, platform or badge. */
  | { readonly type: 'device'; readonly device: Device }
  /** A device's inbox was emptied. */
  | { readonly type: 'cleared'; readonly address: string }
  /** A device was forgotten. */
  | { readonly type: 'removed'; readonly address: string }
  /** A fault was added or removed. */
  | { readonly type: 'fault'; readonly fault: Fault; readonly removed: boolean }
  /** Everything was forgotten. */
  | { readonly type: 'reset' };

/** Gets every event from now on, in order, in the same tick as what it tells of. */
export type Listener = (event: SimulatorEvent) => void;

/** A list of listeners. Costs nothing to speak of while nobody listens. */
export class Events {
  readonly #listeners = new Set<Listener>();

  /** Whether an event would be heard by anyone. */
  get heard(): boolean {
    return this.#listeners.size > 0;
  }

  /** Adds a listener; the answer takes it away again. */
  subscribe(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  emit(event: SimulatorEvent): void {
    for (const listener of this.#listeners) listener(event);
  }
}
