/** Every peer by the name that the tables know it by; loaded when it is wanted, so that none pays for another's memory. */

import type { ApnsPeerName, FcmPeerName } from '../results.ts';
import type { Peer } from './peer.ts';

const IN_PARTS = 500;

const PEERS: Readonly<Record<'fcm', Record<FcmPeerName, () => Promise<Peer>>>> &
  Readonly<Record<'apns', Record<ApnsPeerName, () => Promise<Peer>>>> = {
  fcm: {
    'this project': async () => (await import('./this-project-fcm.ts')).thisProjectFcm(),
    'firebase-admin': async () => (await import('./firebase-admin.ts')).firebaseAdmin(),
    'bare node:http2': async () => (await import('./floor.ts')).floor(),
  },
  apns: {
    'this project': async () => (await import('./this-project-apns.ts')).thisProjectApns(),
    'node-apn': async () => (await import('./node-apn.ts')).nodeApn(),
    'node-apn, 500 a call': async () => (await import('./node-apn.ts')).nodeApn(IN_PARTS),
    apns2: async () => (await import('./apns2.ts')).apns2(),
    'apns2, 500 a call': async () => (await import('./apns2.ts')).apns2(IN_PARTS),
  },
};

export type PeerOf = { kind: 'fcm'; name: FcmPeerName } | { kind: 'apns'; name: ApnsPeerName };

export const FCM_PEERS = Object.keys(PEERS.fcm) as FcmPeerName[];
export const APNS_PEERS = Object.keys(PEERS.apns) as ApnsPeerName[];

export function openPeer(peer: PeerOf): Promise<Peer> {
  return peer.kind === 'fcm' ? PEERS.fcm[peer.name]() : PEERS.apns[peer.name]();
}
