/** What a deployment calls its database and its collections: from its settings, wherever these stand. */
import { collectionProblem } from './model/collection-path';
import {
  COLLECTIONS,
  database,
  deliveriesCollection,
  devicesCollection,
  pushesCollection,
  tokensField,
  usersCollection,
  valueIn,
} from './settings';
import type { CollectionNames } from './store/collections';

export interface Names extends CollectionNames {
  /** The id of the Firestore database. */
  readonly database: string;
}

type Values = Readonly<Record<string, string | undefined>>;

/** @param values of settings, as the environment or a `.env` file has them; what is not there has its default. */
export function namesIn(values: Values): Names {
  return {
    users: valueIn(values, usersCollection),
    devices: valueIn(values, devicesCollection),
    deliveries: valueIn(values, deliveriesCollection),
    pushes: valueIn(values, pushesCollection),
    tokensField: valueIn(values, tokensField),
    database: valueIn(values, database),
  };
}

/** What is wrong with the collections together; undefined if nothing is. */
export function collectionProblemIn(values: Values): string | undefined {
  return collectionProblem(
    new Map(COLLECTIONS.map((setting) => [setting.name, valueIn(values, setting)])),
  );
}
