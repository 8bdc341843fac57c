/**
 * Google's answers, as far as they are read here, made into facts; pure. What is not as documented is unreadable, and never a crash.
 */
import { own } from '../../model/own';
import { withoutUndefined } from '../../model/without-undefined';
import { VERSION_LABEL } from '../../version';
import * as z from 'zod';
import {
  indexedAs,
  type Binding,
  type Database,
  type DeployedFunction,
  type DeployedIndex,
  type Schedule,
  type Ttl,
} from './facts';
import { known, unreachable, type Reading } from './reading';

const text = z.string().catch('');
const texts = z.array(z.string()).catch([]);
const lastOf = (name: string) => name.slice(name.lastIndexOf('/') + 1);
const segmentAfter = (name: string, before: string) => {
  const segments = name.split('/');
  const at = segments.indexOf(before);
  return at === -1 ? '' : (segments[at + 1] ?? '');
};

const asFunction = z
  .object({
    name: z.string(),
    state: text,
    updateTime: text,
    labels: z.record(z.string(), z.string()).catch({}),
    buildConfig: z.object({ runtime: text }).catch({ runtime: '' }),
    serviceConfig: z
      .object({
        serviceAccountEmail: text,
        secretEnvironmentVariables: z.array(z.object({ key: z.string() })).catch([]),
      })
      .catch({ serviceAccountEmail: '', secretEnvironmentVariables: [] }),
    eventTrigger: z.object({ retryPolicy: text }).optional(),
  })
  .transform(
    ({
      name,
      state,
      updateTime,
      labels,
      buildConfig,
      serviceConfig,
      eventTrigger,
    }): DeployedFunction => ({
      id: lastOf(name),
      region: segmentAfter(name, 'locations'),
      state,
      runtime: buildConfig.runtime,
      account: serviceConfig.serviceAccountEmail,
      updatedAt: Date.parse(updateTime),
      ...withoutUndefined({ version: own(labels, VERSION_LABEL) }),
      ...(eventTrigger === undefined
        ? {}
        : { retries: eventTrigger.retryPolicy === 'RETRY_POLICY_RETRY' }),
      secrets: serviceConfig.secretEnvironmentVariables.map(({ key }) => key),
    }),
  );

const asPolicy = z
  .object({
    bindings: z
      .array(z.object({ role: z.string(), members: texts, condition: z.unknown().optional() }))
      .catch([]),
  })
  .transform(({ bindings }): Binding[] =>
    bindings.map(({ role, members, condition }) => ({
      role,
      members,
      isConditional: condition !== undefined,
    })),
  );

const asDatabase = z
  .object({ locationId: z.string(), type: text })
  .transform(({ locationId, type }): Database => ({ location: locationId, type }));

const asIndex = z
  .object({
    name: z.string(),
    queryScope: text,
    state: text,
    fields: z.array(z.object({ fieldPath: z.string(), order: text, arrayConfig: text })),
  })
  .transform(({ name, queryScope, state, fields }): DeployedIndex => ({
    collection: segmentAfter(name, 'collectionGroups'),
    scope: queryScope,
    fields: fields
      .filter(({ fieldPath }) => fieldPath !== '__name__')
      .map(({ fieldPath, order, arrayConfig }) =>
        indexedAs({ field: fieldPath, by: order || arrayConfig }),
      ),
    state,
  }));

const asField = z
  .object({ name: z.string(), ttlConfig: z.object({ state: text }).optional() })
  .transform(({ name, ttlConfig }): Ttl[] =>
    ttlConfig === undefined
      ? []
      : [
          {
            collection: segmentAfter(name, 'collectionGroups'),
            field: lastOf(name),
            state: ttlConfig.state,
          },
        ],
  );

const asSchedule = z
  .object({ state: text, status: z.object({ code: z.number().catch(0) }).optional() })
  .transform(({ state, status }): Schedule => ({ state, lastCode: status?.code ?? 0 }));

const asDocuments = z
  .array(z.object({ document: z.object({ name: z.string() }).optional() }))
  .transform((answers) =>
    answers.flatMap(({ document }) => (document === undefined ? [] : [lastOf(document.name)])),
  );

export const SHAPES = {
  project: z.object({ lifecycleState: text }).transform(({ lifecycleState: state }) => ({ state })),
  functions: z.array(asFunction),
  policy: asPolicy,
  account: z.object({ disabled: z.boolean().catch(false) }),
  api: z.object({ state: text }).transform(({ state }) => state === 'ENABLED'),
  database: asDatabase,
  // Indexes for vectors have fields of another kind: they are none of ours.
  indexes: z.array(asIndex),
  ttls: z.array(asField).transform((fields) => fields.flat()),
  secretVersions: z
    .array(z.object({ state: text }))
    .transform((versions) => versions.filter(({ state }) => state === 'ENABLED').length),
  queue: z.object({ state: text }),
  schedule: asSchedule,
  documents: asDocuments,
  emulatedFunctions: z
    .object({
      backends: z.array(z.object({ functionTriggers: z.array(z.object({ name: text })) })),
    })
    .transform(({ backends }) =>
      backends.flatMap(({ functionTriggers }) => functionTriggers.map(({ name }) => name)),
    ),
} as const;

/** Makes a known answer a fact. */
export function shaped<Fact>(
  shape: { safeParse(value: unknown): z.ZodSafeParseResult<Fact> },
  what: string,
  reading: Reading<unknown>,
): Reading<Fact> {
  if (reading.kind !== 'known') return reading;
  const { success, data } = shape.safeParse(reading.value);
  return success ? known(data) : unreachable(`${what} answered in a way that is not documented`);
}
