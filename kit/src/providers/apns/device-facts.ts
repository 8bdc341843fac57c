/**
 * What is known of the devices behind APNs addresses, and who keeps it.
 */

/** Apple's two worlds: apps from the App Store and TestFlight, and apps that Xcode put on the device. */
export type ApnsEnvironment = 'production' | 'sandbox';

/** All absent for a device that nobody registered. */
export interface ApnsDeviceFacts {
  /** Where the address was accepted; absent: not known yet. */
  readonly environment?: ApnsEnvironment;
  /** Bundle id. */
  readonly appId?: string;
  /** Expo's `@owner/slug`. */
  readonly experienceId?: string;
  /** When the app last registered the address, ms since 1970. */
  readonly refreshedAt?: number;
}

export interface DeviceFactsSource {
  /** The facts of each address, in the addresses' order. Rejects when they cannot be read. */
  read(addresses: readonly string[]): Promise<readonly ApnsDeviceFacts[]>;
  /** Keeps where an address was accepted, if there is a record of the device. */
  rememberEnvironment(address: string, environment: ApnsEnvironment): Promise<void>;
}
