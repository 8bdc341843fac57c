/**
 * Sizes of the kit that worlds of six people and ten phones would never reach, made small: then their limits bind in nearly every
 * world. What is larger than what else stays so.
 */
import type { Replacement } from './replacement.ts';

export interface Scaled extends Replacement {
  readonly why: string;
}

/** A constant's value in the place of another. */
function size(file: string, name: string, from: string, to: string, why: string): Scaled {
  const declared = (value: string): string => `${name} = ${value};`;
  return { file, from: declared(from), to: declared(to), why };
}

export const SCALED: readonly Scaled[] = [
  size('delivery/step.ts', 'STEP_RECIPIENTS', '250', '2', 'most audiences take several steps'),
  size('delivery/step.ts', 'STEP_BYTES', '150_000', '500', 'four phones of two people are cut'),
  size('delivery/round.ts', 'PENDING_SOFT_BYTES', '250_000', '300', 'three that wait are many'),
  size('delivery/round.ts', 'PENDING_HARD_BYTES', '550_000', '1_000', 'there is room for a step'),
  size('delivery/round.ts', 'FEW_PENDING', '20', '2', 'some retries have tasks of their own'),
  size('delivery/retries.ts', 'DUE_TOGETHER', '200', '3', 'four deliveries take a further task'),
  size('delivery/retries.ts', 'DUE_AT_ONCE', '20', '2', 'fewer than one task makes'),
  size('delivery/recipients.ts', 'READ_AHEAD', '10', '2', 'some are read behind the claim'),
  size('delivery/fan-out.ts', 'ENQUEUE_AT_ONCE', '25', '2', 'crashes come in between'),
  size('delivery/breaker.ts', 'BREAKER_MIN_ADDRESSES', '20', '2', 'a step can trip it'),
  size('delivery/breaker.ts', 'MAX_ADDRESSES_OF_ONE', '5', '2', 'but not one person alone'),
  size('delivery/attempts.ts', 'MAX_ATTEMPTS', '50', '12', 'hours of trouble end it'),
  size('delivery/answers.ts', 'MAX_ROUNDS', '20', '3', 'the latest push out the first'),
  size('delivery/prune.ts', 'USERS_AT_ONCE', '20', '1', 'crashes come in between'),
  size('delivery/ledger-operator.ts', 'AT_ONCE', '20', '2', 'crashes come in between'),
  size('devices/device-store.ts', 'PRUNE_BATCH', '100', '2', 'three phones take two transactions'),
  size('devices/address-removal.ts', 'BATCH', '200', '2', 'three phones take two transactions'),
  size('devices/apns-devices.ts', 'READ_BATCH', '500', '2', 'three phones take two reads'),
  size('outbox/pushes.ts', 'READ_BATCH', '500', '2', 'three phones take two reads'),
  size('outbox/outbox.ts', 'ENQUEUE_AT_ONCE', '25', '2', 'crashes come in between'),
  size('store/users.ts', 'READ_BATCH', '300', '2', 'three people take two reads'),
  size('providers/fcm/suspects.ts', 'MASS_SUSPECTS', '20', '2', 'three suspects are many'),
];
