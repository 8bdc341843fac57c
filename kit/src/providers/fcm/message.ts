/**
 * The JSON of a message in FCM v1: field names and types are Google's published ones, so that the wire shape cannot drift.
 */
import type { fcm_v1 } from '@googleapis/fcm';

/** As it is made: a member may be undefined, and JSON leaves it out. Copying without them was a sixth of a lone push's CPU. */
type Unstripped<T> = T extends object ? { [K in keyof T]: Unstripped<T[K]> | undefined } : T;
export type FcmMessage = Unstripped<Omit<fcm_v1.Schema$Message, 'token' | 'topic' | 'condition'>>;
export type AndroidConfig = Unstripped<fcm_v1.Schema$AndroidConfig>;
export type ApnsConfig = Unstripped<fcm_v1.Schema$ApnsConfig>;
