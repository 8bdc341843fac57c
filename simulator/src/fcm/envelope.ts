/** The envelope of Google's error answers, and the details that FCM puts into it. */
import type { Answer } from '../exchange.ts';

/** One entry of `error.details`. */
export type ErrorDetail = { readonly '@type': string } & Readonly<Record<string, unknown>>;

/** What goes into an error answer. */
export interface ErrorParts {
  readonly code: number;
  readonly status: string;
  readonly message: string;
  readonly details?: readonly ErrorDetail[];
}

/** A field that is wrong, and why. */
export interface FieldViolation {
  readonly field?: string;
  readonly description: string;
}

/** An answer of JSON as Google prints it. */
export function jsonAnswer(status: number, value: unknown): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=UTF-8' },
    body: `${JSON.stringify(value, null, 2)}\n`,
  };
}

/** The error envelope of Google's APIs. */
export function errorAnswer({ code, status, message, details }: ErrorParts): Answer {
  return jsonAnswer(code, { error: { code, message, status, ...(details && { details }) } });
}

/** What FCM itself says is wrong. */
export const fcmError = (errorCode: string): ErrorDetail => ({
  '@type': 'type.googleapis.com/google.firebase.fcm.v1.FcmError',
  errorCode,
});

/** What APNs said to FCM. */
export const apnsError = (statusCode: number, reason: string): ErrorDetail => ({
  '@type': 'type.googleapis.com/google.firebase.fcm.v1.ApnsError',
  statusCode,
  reason,
});

/** Which fields are wrong. */
export const badRequest = (fieldViolations: readonly FieldViolation[]): ErrorDetail => ({
  '@type': 'type.googleapis.com/google.rpc.BadRequest',
  fieldViolations,
});

/** What the front end says is wrong. */
export const errorInfo = (reason: string, metadata: Record<string, string>): ErrorDetail => ({
  '@type': 'type.googleapis.com/google.rpc.ErrorInfo',
  reason,
  domain: 'googleapis.com',
  metadata,
});

/** Which quota is used up. */
export const quotaFailure = (subject: string, description: string): ErrorDetail => ({
  '@type': 'type.googleapis.com/google.rpc.QuotaFailure',
  violations: [{ subject, description }],
});

/** What FCM calls a push that it has taken. */
export function pushName(project: string, id: string): string {
  return `projects/${project}/messages/${id}`;
}
