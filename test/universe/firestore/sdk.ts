/** What the simulation's bundle has in the place of `@google-cloud/firestore`. */
export {
  CollectionReference,
  DocumentReference,
  DocumentSnapshot,
  Firestore,
  Query,
  QuerySnapshot,
  Transaction,
} from './client.ts';
export { FieldPath, FieldValue, GeoPoint, Timestamp } from './values.ts';
