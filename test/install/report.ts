/**
 * What the CLI says, after it has installed a kit, that a deploy will bring; and what the kit's code asks for.
 */
import { join } from 'node:path';
import * as kit from '@firestore-push/push';

import { requirements } from '../../kit/src/requirements.ts';
import { ROOT } from '../package/commands.ts';

export interface Report {
  readonly functions: readonly string[];
  readonly queues: readonly string[];
  readonly apis: readonly string[];
  readonly roles: readonly string[];
}

export function reportIn(output: string): Report {
  const listOf = (kind: string): readonly string[] => {
    const [, list = ''] =
      new RegExp(`the following ${kind} will be .*:\\n((?:- .*\\n)+)`).exec(output) ?? [];
    return list.split('\n').flatMap((line) => (line === '' ? [] : [line.slice('- '.length)]));
  };
  return {
    functions: listOf('functions'),
    queues: listOf('Task Queues'),
    apis: listOf('APIs'),
    roles: listOf('roles'),
  };
}

/** What should be in the report of an instance. */
export function reportOf(instance: string): Report {
  const { apis, roles } = requirements({ consumesAppCheckTokens: false });
  // The SDK itself asks for what schedules need.
  const names = new Set(['cloudscheduler.googleapis.com', ...apis.map(({ api }) => api)]);
  return {
    functions: idsOf(instance, () => true),
    queues: idsOf(instance, (endpoint) => 'taskQueueTrigger' in endpoint),
    apis: [...names].sort(),
    roles: roles.map(({ role }) => TITLES[role] ?? role).sort(),
  };
}

/** How the CLI calls the roles that it knows. */
const TITLES = jest.requireActual<Readonly<Record<string, string>>>(
  join(ROOT, 'node_modules/firebase-tools/lib/gcp/knownRoles.json'),
);

/** Ids of those functions of the kit whose endpoint is of a kind. */
function idsOf(instance: string, isMeant: (endpoint: object) => boolean): readonly string[] {
  const exported = kit as Readonly<Record<string, { readonly __endpoint?: object }>>;
  return Object.entries(exported)
    .flatMap(([name, { __endpoint }]) =>
      __endpoint !== undefined && isMeant(__endpoint) ? [`kit-${instance}-${name}`] : [],
    )
    .sort();
}
