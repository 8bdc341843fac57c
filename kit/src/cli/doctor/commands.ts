/**
 * The commands that fix things, with the names of one installation in them.
 */
import type { Facts } from './facts';

/** One word of a command: quoted where a shell would do something with it. */
export function word(text: string): string {
  return /^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

type About = Pick<Facts, 'projectId' | 'installation'>;

/** @param names of functions in the package; none: all of the installation's. */
export function deployFunctions(
  { projectId, installation: { id, prefix, kind } }: About,
  names: readonly string[] = [],
): string {
  // Of an instance of a kit only all functions can be named: its prefix is added when they are deployed.
  const targets =
    names.length === 0 || names.length > 3 || kind === 'kit'
      ? [`functions:${id}`]
      : names.map((name) => `functions:${id}:${prefix}${name}`);
  return `firebase deploy --only ${word(targets.join(','))} --project ${word(projectId)}`;
}

export function deployIndexes({ projectId, installation }: About): string {
  const instance = installation.others.length === 0 ? '' : ` --instance ${word(installation.id)}`;
  return `npx @firestore-push/push indexes${instance} && firebase deploy --only firestore:indexes --project ${word(projectId)}`;
}

export function enableApi(projectId: string, api: string): string {
  return `gcloud services enable ${word(api)} --project ${word(projectId)}`;
}

/** @param id of a deployed function. */
export function functionLogs(projectId: string, id: string): string {
  return `firebase functions:log --only ${word(id)} --project ${word(projectId)}`;
}

export function grantRole(projectId: string, account: string, role: string): string {
  const member = word(`serviceAccount:${account}`);
  return `gcloud projects add-iam-policy-binding ${word(projectId)} --member ${member} --role ${word(role)} --condition None`;
}
