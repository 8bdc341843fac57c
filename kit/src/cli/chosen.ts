/**
 * The installations that a command is about where it can be about several.
 */
import {
  chooseInstallation,
  localProject,
  type Installation,
  type LocalProject,
} from './installation';

/** The options that say which; for `readOptions`. */
export const INSTALLATION_OPTIONS = {
  instance: { type: 'string' },
  project: { type: 'string' },
} as const;

export const INSTALLATION_HELP = `  --instance ID   one instance of the kit, or one codebase; without it: all of them
  --project ID    the project, or an alias of .firebaserc, whose settings count; without it: "default"
`;

export interface Chosen {
  readonly project: LocalProject;
  readonly installations: readonly Installation[];
}

/** @throws {UsageError} where there is none, or not the one named. */
export function chosenInstallations(
  cwd: string,
  { instance, project: named }: { readonly instance?: string; readonly project?: string },
): Chosen {
  const project = localProject({ cwd, project: named });
  if (instance === undefined && project.installations.length > 1) {
    return { project, installations: project.installations };
  }
  return { project, installations: [chooseInstallation(project, instance)] };
}
