/** The imports of docs/your-data.md: the guide quotes this file, `import.test.ts` runs it. */
/* eslint-disable @typescript-eslint/no-unsafe-argument, @typescript-eslint/no-unsafe-assignment, @typescript-eslint/no-unsafe-return -- fields are unchecked, as in any app */
import type { Timestamp } from '@google-cloud/firestore';
import { importDevices } from '@firestore-push/push/lib';

/** A document for each token, whose id is the token. */
export const importFcmTokens = importDevices({
  document: 'profiles/{uid}/fcmTokens/{token}',
  addresses: ({ ids }) => [ids.token],
});

/** A document for each device, with the token in a field. */
export const importDeviceDocuments = importDevices({
  document: 'people/{uid}/devices/{deviceId}',
  addresses: ({ data }) => [
    { address: data.token, platform: data.os, locale: data.language, refreshedAt: data.lastSeen },
  ],
});

/** A map from the device's name to its token: { devices: { phone: 'token', tablet: 'token' } }. */
export const importFromMap = importDevices({
  document: 'profiles/{uid}',
  addresses: ({ data }) => Object.values(data.devices ?? {}),
});

/** A map whose keys are the tokens: { pushTokens: { token: true } }. */
export const importFromKeys = importDevices({
  document: 'members/{uid}',
  addresses: ({ data }) => Object.keys(data.pushTokens ?? {}),
});

interface StoredDevice {
  readonly token?: string;
  readonly os?: string;
  readonly language?: string;
  readonly lastSeen?: Timestamp;
}

/** An array of objects: { pushDevices: [{ token, os, language, lastSeen }] }. */
export const importFromObjects = importDevices({
  document: 'accounts/{uid}',
  addresses: ({ data }) =>
    ((data.pushDevices ?? []) as (StoredDevice | null)[]).map((device) => ({
      address: device?.token,
      platform: device?.os,
      locale: device?.language,
      refreshedAt: device?.lastSeen,
    })),
});

/** A collection of all devices, whose documents say whose they are. */
export const importInstallations = importDevices({
  document: 'installations/{installationId}',
  owner: ({ data }) => data.userId,
  addresses: ({ data }) => [{ address: data.fcmToken, appVersion: data.appVersion }],
});
