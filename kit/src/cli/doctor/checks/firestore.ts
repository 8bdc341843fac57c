/** Whether the database is there and where it should be, and has the indexes and time-to-live policies that queries need. */
import { deployIndexes, word } from '../commands';
import { COMPOSITE_INDEXES } from '../../../store/indexes';
import { groupOf } from '../../names';
import { TTLS } from '../expected';
import { indexedAs, type CloudFacts, type Facts } from '../facts';
import { found, listed, unread, type Finding } from '../finding';
import { functionRegion } from '../../../model/region';
import { isUnread } from '../reading';
import { regionOf } from '../settings-facts';
import { regionOfFunctions } from './functions';

export function firestoreFindings(facts: Facts, cloud: CloudFacts): Finding[] {
  const { database } = cloud;
  const id = facts.installation.names.database;
  if (database.kind === 'absent') {
    const text = `There is no Firestore database ${id}.`;
    const region = regionOf(facts.settings.values) ?? 'REGION';
    const fix = `gcloud firestore databases create --database ${word(id)} --location ${region} --project ${word(facts.projectId)}`;
    return [found('firestore.absent', text, fix)];
  }
  return [
    ...databaseFindings(facts, cloud),
    ...indexFindings(facts, cloud),
    ...ttlFindings(facts, cloud),
  ];
}

function databaseFindings(facts: Facts, cloud: CloudFacts): Finding[] {
  const { database } = cloud;
  const id = facts.installation.names.database;
  if (database.kind !== 'known') {
    return isUnread(database)
      ? [unread('firestore.unread', `Firestore database ${id}`, database, facts.projectId)]
      : [];
  }
  const { location, type } = database.value;
  if (type === 'DATASTORE_MODE') {
    const text = `The database ${id} is in Datastore mode, which sends no events: a database in Native mode is needed.`;
    const fix = `gcloud firestore databases update --database ${word(id)} --type firestore-native --project ${word(facts.projectId)} (only while it is empty)`;
    return [found('firestore.mode', text, fix)];
  }
  const region = regionOfFunctions(facts, cloud);
  const best = bestRegionFor(location);
  if (best === undefined || region === undefined || best === region) {
    return [found('firestore.database', `The database ${id} is in ${location}.`)];
  }
  const text = `The database ${id} is in ${location}, but the functions are in ${region}: each read and write crosses between them.`;
  const fix = `Set REGION=${location} and deploy again; apps then have to name the region ${best}.`;
  return [found('firestore.region', text, fix)];
}

/** The region for functions; undefined for a location that this version of the package does not know. */
function bestRegionFor(location: string): string | undefined {
  try {
    return functionRegion(location.toLowerCase());
  } catch {
    return undefined;
  }
}

function indexFindings(facts: Facts, { indexes }: CloudFacts): Finding[] {
  if (indexes.kind !== 'known') {
    return isUnread(indexes) ? [unread('indexes.unread', 'Indexes', indexes, facts.projectId)] : [];
  }
  const states = COMPOSITE_INDEXES.map(({ collection, fields }) => {
    const id = groupOf(facts.installation.names, collection);
    const wanted = fields.map(indexedAs);
    const name = `${id}(${wanted.join(', ')})`;
    const state = indexes.value.find(
      (each) =>
        each.collection === id &&
        each.scope === 'COLLECTION' &&
        each.fields.join() === wanted.join(),
    )?.state;
    return { name, state };
  });
  return stateFindings(facts, {
    states,
    ready: 'READY',
    building: 'CREATING',
    names: ['indexes.ready', 'indexes.missing', 'indexes.building', 'indexes.broken'],
    what: { one: 'Index', all: `All ${states.length} composite indexes are built.` },
  });
}

function ttlFindings(facts: Facts, { ttls }: CloudFacts): Finding[] {
  if (ttls.kind !== 'known') {
    return isUnread(ttls)
      ? [unread('ttl.unread', 'Time-to-live policies', ttls, facts.projectId)]
      : [];
  }
  const states = TTLS.map(({ collection, field }) => {
    const id = groupOf(facts.installation.names, collection);
    const policy = ttls.value.find((each) => each.collection === id && each.field === field);
    return { name: `${id}.${field}`, state: policy?.state };
  });
  return stateFindings(facts, {
    states,
    ready: 'ACTIVE',
    building: 'CREATING',
    names: ['ttl.active', 'ttl.missing', 'ttl.building', 'ttl.broken'],
    what: {
      one: 'Time-to-live policy',
      all: `Old documents are deleted: the policies of ${listed(states.map(({ name }) => name))} are active.`,
    },
  });
}

type Names =
  | readonly ['indexes.ready', 'indexes.missing', 'indexes.building', 'indexes.broken']
  | readonly ['ttl.active', 'ttl.missing', 'ttl.building', 'ttl.broken'];

interface States {
  readonly states: readonly { readonly name: string; readonly state: string | undefined }[];
  readonly ready: string;
  readonly building: string;
  readonly names: Names;
  readonly what: { readonly one: string; readonly all: string };
}

function stateFindings(facts: Facts, { states, ready, building, names, what }: States): Finding[] {
  const [fine, missing, underWay, broken] = names;
  const findings = states.flatMap(({ name, state }) => {
    if (state === ready) return [];
    if (state === building) {
      return [found(underWay, `${what.one} ${name} is being built.`, 'Wait, and look again.')];
    }
    if (state === undefined) {
      return [found(missing, `${what.one} ${name} is missing.`, deployIndexes(facts))];
    }
    return [found(broken, `${what.one} ${name} is in the state ${state}.`, repair(facts))];
  });
  return findings.length > 0 ? findings : [found(fine, what.all)];
}

function repair(facts: Facts): string {
  const url = `https://console.firebase.google.com/project/${encodeURIComponent(facts.projectId)}/firestore/indexes`;
  return `Delete it in ${url}, then: ${deployIndexes(facts)}`;
}
