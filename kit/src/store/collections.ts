/**
 * Firestore's collections, as this backend calls them.
 */

export const COLLECTIONS = {
  users: 'users',
  devices: 'devices',
  deliveries: 'deliveries',
  sweeps: 'sweeps',
  pushes: 'pushes',
} as const;
