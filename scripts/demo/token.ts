/** Makes registration tokens of the shape that FCM gives out: `<22 characters>:APA91b<134 characters>`. */

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
/** The part before the colon is an installation id, whose first four bits are 0111. */
const FIRST_OF_INSTALLATION_ID = 'cdef';
const INSTALLATION_ID_LENGTH = 22;
const REST_LENGTH = 134;

/** @param random gives numbers from 0 up to, not including, 1. */
export function registrationToken(random: () => number): string {
  const pick = (letters: string): string => letters.charAt(Math.floor(random() * letters.length));
  const text = (length: number): string => Array.from({ length }, () => pick(ALPHABET)).join('');
  return (
    pick(FIRST_OF_INSTALLATION_ID) +
    text(INSTALLATION_ID_LENGTH - 1) +
    ':APA91b' +
    text(REST_LENGTH)
  );
}
