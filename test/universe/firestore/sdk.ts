/** What the simulation's bundle has in the place of `@google-cloud/firestore`. */
export { AggregateField } from './aggregates.ts';
export { Firestore } from './client.ts';
export { AggregateQuery, CollectionReference, DocumentReference, Query } from './references.ts';
export { DocumentSnapshot, QuerySnapshot } from './snapshots.ts';
export { Transaction } from './transaction.ts';
export { FieldPath, FieldValue, GeoPoint, Timestamp } from './values.ts';
