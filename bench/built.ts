/**
 * Loads the compiled kit with the types of its sources: module by module, so that a part can be had by itself and all parts share
 * one state. What is deployed, `functions/lib/index.js`, has the same in one file.
 */

import { createRequire } from 'node:module';
import { join } from 'node:path';
import type * as Firestore from '@google-cloud/firestore';
import type * as Reader from '../kit/src/catalogue/reader.ts';
import type * as Notifications from '../kit/src/triggers/notification.ts';
import type * as Push from '../kit/src/push.ts';
import type * as Decide from '../kit/src/decision/decide.ts';
import type * as LocalTimes from '../kit/src/decision/local-times.ts';
import type * as Engine from '../kit/src/delivery/engine.ts';
import type * as Complete from '../kit/src/model/notification/complete.ts';
import type * as Tasks from '../kit/src/delivery/tasks.ts';
import type * as ApnsKey from '../kit/src/providers/apns/key.ts';
import type * as ApnsProvider from '../kit/src/providers/apns/provider.ts';
import type * as ApnsToken from '../kit/src/providers/apns/provider-token.ts';
import type * as FcmAccessToken from '../kit/src/providers/fcm/access-token.ts';
import type * as FcmCompile from '../kit/src/providers/fcm/compile.ts';
import type * as FcmProvider from '../kit/src/providers/fcm/provider.ts';
import type * as Http2Client from '../kit/src/providers/http2/client.ts';

/** By path in kit/lib, without the ending. */
interface BuiltModules {
  readonly push: typeof Push;
  readonly 'decision/decide': typeof Decide;
  readonly 'decision/local-times': typeof LocalTimes;
  readonly 'delivery/engine': typeof Engine;
  readonly 'triggers/delivery': { readonly deliveryTasks: TaskFunction };
  readonly 'model/notification/complete': typeof Complete;
  readonly 'delivery/tasks': typeof Tasks;
  readonly 'catalogue/reader': typeof Reader;
  readonly 'triggers/notification': typeof Notifications;
  readonly 'providers/apns/key': typeof ApnsKey;
  readonly 'providers/apns/provider': typeof ApnsProvider;
  readonly 'providers/apns/provider-token': typeof ApnsToken;
  readonly 'providers/fcm/access-token': typeof FcmAccessToken;
  readonly 'providers/fcm/compile': typeof FcmCompile;
  readonly 'providers/fcm/provider': typeof FcmProvider;
  readonly 'providers/http2/client': typeof Http2Client;
}

/** A function that tasks are handed to, as the SDK lets tests call it. */
interface TaskFunction {
  run(request: { readonly data: unknown }): Promise<void>;
}

/** A function that events are handed to. */
export interface Trigger {
  run(event: object): Promise<void>;
}

export const ROOT = join(import.meta.dirname, '..');
export const FUNCTIONS = join(ROOT, 'functions');

const requireThere = createRequire(join(ROOT, 'kit/package.json'));

export function built<Path extends keyof BuiltModules>(path: Path): BuiltModules[Path] {
  return requireThere(`./lib/${path}.js`) as BuiltModules[Path];
}

/** A package as the kit finds it, given its types. */
export function dependency<Module>(name: string): Module {
  return requireThere(name) as Module;
}

export function firestoreSdk(): typeof Firestore {
  return dependency<typeof Firestore>('@google-cloud/firestore');
}
