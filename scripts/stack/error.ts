/** The one error class of the scripts: each message says what was expected, what was got and what to do. */

export type StackErrorCode =
  | 'java-missing'
  | 'emulator-missing'
  | 'option-invalid'
  | 'port-taken'
  | 'app-invalid'
  | 'build-failed'
  | 'start-failed'
  | 'part-died'
  | 'stop-failed'
  | 'push-missing'
  | 'push-unexpected'
  | 'interrupted';

/** A problem a person can act on: printed by its message alone, without a stack trace. */
export class StackError extends Error {
  readonly code: StackErrorCode;

  constructor(code: StackErrorCode, message: string) {
    super(message);
    this.name = 'StackError';
    this.code = code;
  }
}
