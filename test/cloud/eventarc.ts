/**
 * Eventarc: a document's change goes to every function whose trigger it matches, in production's shape, at least once; a failed
 * one comes again with back-off for 24 hours. A trigger that is deleted takes with it what it has not delivered, and one that is
 * made later hears nothing of what was before.
 */
import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { DocumentSnapshot } from '@google-cloud/firestore';
import type { Clock } from './clock.ts';
import { backOff } from './endpoints.ts';
import { functionsSource } from '../functions-source.ts';
import type { Call, Fleet } from './fleet.ts';

const MIN_BACK_OFF_MS = 10_000;
const MAX_BACK_OFF_MS = 600_000;
const KEPT_MS = 24 * 60 * 60_000;

export interface Publishing {
  /** How often it is delivered at once; default 1. */
  readonly copies?: number;
  /** How late, ms; default 0. */
  readonly delayMs?: number;
}

/** Google's own description of the event's body, as firebase-functions ships it. */
interface EventData {
  fromObject(object: object): unknown;
  encode(message: unknown): { finish(): Uint8Array };
}

const requireThere = createRequire(join(functionsSource(), 'package.json'));
const { google } = createRequire(requireThere.resolve('firebase-functions'))(
  '../../protos/compiledFirestore.js',
) as { google: { events: { cloud: { firestore: { v1: { DocumentEventData: EventData } } } } } };
const { DocumentEventData } = google.events.cloud.firestore.v1;

const KINDS = {
  created: (before: boolean, after: boolean) => !before && after,
  updated: (before: boolean, after: boolean) => before && after,
  deleted: (before: boolean, after: boolean) => before && !after,
  written: (before: boolean, after: boolean) => before || after,
} as const;

export class Eventarc {
  /** Deliveries that failed, each. */
  failures = 0;
  /** Deliveries that are neither acknowledged nor given up. */
  outstanding = 0;
  private readonly clock: Clock;
  private readonly fleet: Fleet;
  private readonly project: string;

  constructor(clock: Clock, fleet: Fleet, project: string) {
    this.clock = clock;
    this.fleet = fleet;
    this.project = project;
  }

  publish(
    before: DocumentSnapshot,
    after: DocumentSnapshot,
    { copies = 1, delayMs = 0 }: Publishing = {},
  ): void {
    const document = after.ref.path;
    const data = encoded(before, after);
    for (const [name, { eventTrigger }] of Object.entries(this.fleet.endpoints)) {
      const type = eventTrigger?.eventType;
      const pattern = eventTrigger?.eventFilterPathPatterns?.document;
      const kind = type?.split('.').at(-1) as keyof typeof KINDS | undefined;
      if (type === undefined || pattern === undefined || kind === undefined) continue;
      if (!KINDS[kind](before.exists, after.exists) || !matches(pattern, document)) continue;
      const event = { headers: this.attributes(type, document), body: data };
      for (let copy = 0; copy < copies; copy += 1) {
        this.outstanding += 1;
        this.clock.at(this.clock.now() + delayMs, () => void this.deliver(name, event));
      }
    }
  }

  private async deliver(name: string, event: Call): Promise<void> {
    const isRetried = this.fleet.endpoints[name]?.eventTrigger?.retry === true;
    const until = this.clock.now() + KEPT_MS;
    for (let failures = 1; this.fleet.endpoints[name] !== undefined; failures += 1) {
      const { status } = await this.fleet.call(name, event);
      if (status >= 200 && status < 300) break;
      this.failures += 1;
      const again = this.clock.now() + backOff(failures, MIN_BACK_OFF_MS, MAX_BACK_OFF_MS);
      if (!isRetried || again > until) break;
      await new Promise<void>((resolve) => this.clock.at(again, resolve));
    }
    this.outstanding -= 1;
  }

  /** A header is bytes: what is not ASCII in a path arrives as it does in production, garbled. */
  private attributes(type: string, document: string): Call['headers'] {
    const database = `projects/${this.project}/databases/(default)`;
    const attributes: Readonly<Record<string, string>> = {
      id: randomUUID(),
      specversion: '1.0',
      type,
      source: `//firestore.googleapis.com/${database}`,
      subject: `documents/${document}`,
      time: new Date(this.clock.now()).toISOString(),
      dataschema:
        'https://github.com/googleapis/google-cloudevents/blob/main/proto/google/events/cloud/firestore/v1/data.proto',
      project: this.project,
      database: '(default)',
      namespace: '(default)',
      location: 'us-central1',
      document,
    };
    return {
      'content-type': 'application/protobuf',
      ...Object.fromEntries(
        Object.entries(attributes).map(([name, value]) => [
          `ce-${name}`,
          Buffer.from(value, 'utf8').toString('latin1'),
        ]),
      ),
    };
  }
}

function matches(pattern: string, path: string): boolean {
  const wanted = pattern.split('/');
  const given = path.split('/');
  return (
    wanted.length === given.length &&
    wanted.every((part, index) => part.startsWith('{') || part === given[index])
  );
}

function encoded(before: DocumentSnapshot, after: DocumentSnapshot): Uint8Array {
  const values = {
    ...(after.exists ? { value: valueOf(after) } : {}),
    ...(before.exists ? { oldValue: valueOf(before) } : {}),
  };
  return DocumentEventData.encode(DocumentEventData.fromObject(values)).finish();
}

/** The fields as they came over the wire: not part of the snapshot's types. */
function valueOf(snapshot: DocumentSnapshot): object {
  const { _fieldsProto: fields } = snapshot as unknown as { readonly _fieldsProto: object };
  const { createTime, updateTime, ref } = snapshot;
  const time = (at: typeof createTime) => ({ seconds: at?.seconds, nanos: at?.nanoseconds });
  const { formattedName: name } = ref as unknown as { readonly formattedName: string };
  return { name, fields, createTime: time(createTime), updateTime: time(updateTime) };
}
