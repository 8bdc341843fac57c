/**
 * The team deploys the kit with the Firebase CLI into a project in which its own functions run already. The CLI is the real one, with
 * all that it does on this machine; Google's APIs are imitated by project.ts, which builds nothing and runs nothing.
 */
import { ROLES } from '../../kit/src/requirements.ts';
import { valuesIn } from '../../kit/src/settings.ts';
import { freePorts } from '../../scripts/stack/ports.ts';
import {
  COMPUTE,
  nameOf,
  PROJECT_NUMBER,
  serveProject,
  type DeployedFunction,
  type Project,
} from './project.ts';
import { reportOf } from './report.ts';
import { INSTALL, openTeam, PROJECT_ID, REGION, type Team } from './team.ts';

jest.setTimeout(400_000);

const SETTINGS = `function-kits/push/config-push/.env.${PROJECT_ID}`;
const LOCATION = `projects/${PROJECT_ID}/locations/${REGION}`;
/** The team's own, of codebase `default`: these have no label that says so. */
const OWN = [
  {
    name: `${LOCATION}/functions/postsOf`,
    labels: { 'deployment-tool': 'cli-firebase', 'deployment-callable': 'true' },
    state: 'ACTIVE',
    serviceConfig: { service: `${LOCATION}/services/postsof` },
  },
  {
    name: `${LOCATION}/functions/countPost`,
    labels: { 'deployment-tool': 'cli-firebase' },
    state: 'ACTIVE',
    eventTrigger: {
      eventType: 'google.cloud.firestore.document.v1.created',
      eventFilters: [{ attribute: 'database', value: '(default)' }],
    },
    serviceConfig: { service: `${LOCATION}/services/countpost` },
  },
  // Deployed once, and in the source no more: only who deploys `default` is to be asked about it.
  {
    name: `${LOCATION}/functions/forgotten`,
    labels: { 'deployment-tool': 'cli-firebase' },
    state: 'ACTIVE',
    serviceConfig: { service: `${LOCATION}/services/forgotten` },
  },
];

let team: Team;
let project: Project;

beforeAll(async () => {
  team = await openTeam(await freePorts());
  await team.firebase(...INSTALL);
  project = await serveProject(PROJECT_ID, REGION, OWN);
});
afterEach(() => {
  expect(project.unknown).toEqual([]);
  // The CLI asks this at an address that no variable changes, and goes on when there is no answer. npm, which it asks for the newest
  // SDK, may have been refused, too.
  const refused = project.refused.filter((host) => host !== 'iam.googleapis.com:443');
  expect(refused.filter((host) => host.includes('google'))).toEqual([]);
});
afterAll(async () => {
  await project?.close();
  await team?.close();
});

/** Every setting with the value that it has by default, as the CLI writes them when a person is there to be asked. */
function settings(changed: Readonly<Record<string, string>>): string {
  return Object.entries({ ...valuesIn(changed), FUNCTION_DEFAULT_REGION: REGION })
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');
}

/** Deploys the kit as in CI, and returns everything that the CLI printed; what it asked is kept until the next time. */
function deploy(...options: string[]): Promise<string> {
  project.requests.length = 0;
  project.unknown.length = 0;
  const args = ['deploy', '--only', 'functions:push', '--non-interactive', ...options];
  return team.firebaseWith(project.env, ...args);
}

async function refusal(deploying: Promise<string>): Promise<string> {
  const message = await deploying.then(
    () => 'It was not refused.',
    (error: Error) => error.message,
  );
  return message.slice(message.indexOf('\nError: ') + 1);
}

/** What the CLI asked that changes something, by method and API; questions that are asked with POST are none. */
function changes(): readonly string[] {
  return project.requests
    .filter(({ method }) => method !== 'GET')
    .map(({ method, api, path }) => `${method} ${api}${path}`)
    .filter((call) => !/:(?:testIamPermissions|getIamPolicy)$|\/oauth2\/v3\/token$/.test(call))
    .sort();
}

/** Names of the functions that were to be created, or updated. */
function functionsBy(wanted: 'POST' | 'PATCH'): readonly string[] {
  return project.requests
    .filter(({ api, method, path }) => {
      const isFunction = api === 'cloudfunctions.googleapis.com' && !path.includes(':');
      return isFunction && method === wanted;
    })
    .map(({ body }) => nameOf(String(body['name'])))
    .sort();
}

function deletions(): readonly unknown[] {
  return project.requests.filter(({ method }) => method === 'DELETE');
}

/** Roles of an account in the project. */
function rolesOf(account: string): readonly string[] {
  return project.bindings
    .filter(({ members }) => members.includes(`serviceAccount:${account}`))
    .map(({ role }) => role)
    .sort();
}

/** What the CLI does with a project before it asks anything. */
const IDENTITIES = ['eventarc', 'pubsub'].map(
  (api) =>
    `POST serviceusage.googleapis.com/v1beta1/projects/${PROJECT_NUMBER}/services/${api}.googleapis.com:generateServiceIdentity`,
);

describe('a deploy without a person', () => {
  it('ends when settings are not written down, though each has a default', async () => {
    team.write(SETTINGS, `FUNCTION_DEFAULT_REGION=${REGION}\n`);
    expect(await refusal(deploy('--force'))).toMatch(
      /^Error: In non-interactive mode but have no value for the following environment variables: REGION, DATABASE, USERS_COLLECTION, /,
    );
    expect(changes()).toEqual([]);
  });

  it('ends when the APNs key is wanted and is no secret yet, which has the instance’s name in it', async () => {
    const apns = { APNS_KEY_ID: 'ABC123DEFG', APNS_TEAM_ID: 'DEF123GHIJ' };
    team.write(SETTINGS, settings({ ...apns, APNS_TOPIC: 'com.example.app' }));
    expect(await refusal(deploy('--force'))).toContain(
      'firebase functions:secrets:set kit-push-APNS_KEY',
    );
    expect(changes()).toEqual([]);
  });

  it('ends when the IAM API is off, which the CLI does not switch on', async () => {
    team.write(SETTINGS, settings({}));
    project.disabledApis.add('iam.googleapis.com');
    expect(await refusal(deploy('--force'))).toContain(
      'gcloud services enable iam.googleapis.com --project demo-team',
    );
    project.disabledApis.clear();
    expect(changes()).toEqual([]);
  });

  it('ends without --force because failed events are to be retried, before anything is deployed or granted', async () => {
    expect(await refusal(deploy())).toMatch(
      /^Error: Pass the --force option to deploy functions with a failure policy/,
    );
    expect(changes()).toEqual(IDENTITIES);
  });
});

describe('the first deploy, with --force', () => {
  let said: string;
  let account: string;

  it('succeeds', async () => {
    said = await deploy('--force');
    expect(said).toContain('Deploy complete!');
    [account = ''] = project.accounts;
    expect(account).toMatch(/^firebase-fn-\d+@/);
    expect(project.accounts.size).toBe(1);
  });

  it('creates every function and queue of the kit by its prefix, as one account, and no other', () => {
    const { functions: ids, queues } = reportOf('push');
    expect(functionsBy('POST')).toEqual(ids);
    expect(functionsBy('PATCH')).toEqual([]);
    const created = [...project.functions.values()].slice(OWN.length);
    const valuesOf = (value: (deployed: DeployedFunction) => unknown) =>
      new Set(created.map(value));
    expect(valuesOf(({ serviceConfig }) => serviceConfig?.['serviceAccountEmail'])).toEqual(
      new Set([account]),
    );
    expect(valuesOf(({ labels }) => labels?.['firebase-functions-codebase'])).toEqual(
      new Set(['push']),
    );
    expect([...project.queues.keys()].map(nameOf).sort()).toEqual(queues);
  });

  it('leaves the team’s own functions as they were, and deletes nothing', () => {
    expect(deletions()).toEqual([]);
    expect([...project.functions.values()].slice(0, OWN.length)).toEqual(OWN);
    const uploads = project.requests.filter(({ method }) => method === 'PUT');
    expect(uploads).toHaveLength(1);
  });

  it('gives the kit’s account the roles of kit/src/requirements.ts, and takes none from others', () => {
    expect(rolesOf(account)).toEqual(ROLES.map(({ role }) => role).sort());
    expect(rolesOf('team@example.com')).toEqual(['roles/datastore.user']);
    // The CLI gives these with a codebase's first event triggers, whatever account that runs as.
    expect(rolesOf(COMPUTE)).toEqual(['roles/eventarc.eventReceiver', 'roles/run.invoker']);
  });

  it('queues the dry run of the backfill', () => {
    const [{ queue, task } = { queue: '', task: {} }, ...more] = project.tasks;
    expect(more).toEqual([]);
    expect(queue).toBe('kit-push-backfillDryRun');
    const { body, oidcToken } = task['httpRequest'] as { body: string; oidcToken: object };
    expect(JSON.parse(Buffer.from(body, 'base64').toString())).toEqual({ data: {} });
    expect(oidcToken).toMatchObject({ serviceAccountEmail: account });
  });

  it('keeps container images for a day', () => {
    expect(said).toContain('Images older than 1 days will be automatically deleted.');
    expect(project.repository).toMatchObject({
      cleanupPolicies: {
        'firebase-functions-cleanup': { action: 'DELETE', condition: { olderThan: '86400s' } },
      },
    });
  });
});

describe('a later deploy', () => {
  it('asks nothing, grants nothing and queues nothing', async () => {
    team.write(SETTINGS, settings({ TASKS_PER_SECOND: '5' }));
    const { bindings } = project;
    expect(await deploy()).toContain('Deploy complete!');
    expect(functionsBy('PATCH')).toEqual(reportOf('push').functions);
    expect(functionsBy('POST')).toEqual([]);
    expect(deletions()).toEqual([]);
    expect(changes().filter((call) => call.endsWith(':setIamPolicy'))).toEqual([]);
    expect(project.bindings).toBe(bindings);
    expect(project.accounts.size).toBe(1);
    expect(project.tasks).toHaveLength(1);
  });
});
