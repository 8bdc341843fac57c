/** One name a device, however its address is spelled. Pure. */

const APNS_DEVICE_TOKEN = /^(?:[0-9a-fA-F]{2}){32,}$/;

/** An address as the simulator keeps it: Apple's tokens are bytes in hex, in either case; all else stays as it is. */
export function deviceName(address: string): string {
  return APNS_DEVICE_TOKEN.test(address) ? address.toLowerCase() : address;
}
