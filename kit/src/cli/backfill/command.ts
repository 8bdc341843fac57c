/** `npx @firestore-push/push backfill`: gives the addresses of an existing user base their device records. */
import { createHash } from 'node:crypto';
import { EXIT, type Command, type ExitCode, type Surroundings } from '../command';
import { chooseDeployment, explained, loaded, placeOf, setEnvironment } from '../deployment';
import type { Installation } from '../installation';
import { namesOf } from '../names';
import { Checkpoint } from './checkpoint';
import { printable } from '../printable';
import { importsOf } from './imports';
import { BACKFILL_HELP, describeCounts, describeImport, readBackfillOptions } from './options';

/** Users read at a time, and the most that is done again after an interruption. */
const PAGE_SIZE = 300;

export const backfillCommand: Command = {
  name: 'backfill',
  summary: 'the devices of users from before this was installed: counts them, or takes them over',
  help: BACKFILL_HELP,
  run,
};

/** One for each project, installation and place: what was done in one collection says nothing of another. */
function checkpointName(project: string, { id, settings }: Installation): string {
  const { database, users } = namesOf(settings);
  const place = createHash('sha256').update(`${database}/${users}`).digest('hex').slice(0, 8);
  // A project's id has no underscore.
  return `${project.replaceAll(/[^\w.-]/g, '.')}_${id}_${place}`;
}

async function run(args: readonly string[], surroundings: Surroundings): Promise<ExitCode> {
  const { env, out } = surroundings;
  const options = readBackfillOptions(args);
  const deployment = chooseDeployment(surroundings, { ...options, mustBeNamed: true });
  const { project, emulator, local, installation } = deployment;
  const isEmulated = emulator !== undefined;
  setEnvironment(env, deployment);
  const work = await loaded(() => import('./work.js'));
  const imports = importsOf(installation.source);

  const { isDryRun } = options;
  // An emulator is begun anew each time; and where it stopped means nothing for the real project of that name.
  const isKept = !isDryRun && !isEmulated;
  const checkpoint = new Checkpoint(local.folder, checkpointName(project, installation));
  const after = options.after ?? (isKept ? await checkpoint.read() : '');
  out(
    `${placeOf(deployment)}, ` +
      `${isDryRun ? 'dry run' : 'applied'}, ` +
      `${after === '' ? 'from the first user' : `after user ${printable(after)}`}. Ctrl-C stops it after a page.\n`,
  );
  let isStopped = false;
  const stop = (): void => {
    isStopped = true;
  };
  process.once('SIGINT', stop).once('SIGTERM', stop);
  try {
    const shouldStop = (): boolean => isStopped;
    let written = Promise.resolve();
    const { counts, isComplete } = await work.backfillArrays(
      { after, isDryRun, pageSize: PAGE_SIZE },
      {
        leaving: (uid, { healed, beyondLimit }) => {
          const verb = isDryRun ? 'would be removed' : 'are removed';
          out(
            `User ${printable(uid)}: ${healed} duplicate entries and ${beyondLimit} beyond the limit ${verb}.\n`,
          );
        },
        progress: (last, sofar) => {
          out(`${describeCounts(sofar)}\n`);
          if (isKept) written = written.then(() => checkpoint.write(last));
        },
        shouldStop,
      },
    );
    await written;
    if (isComplete && isKept) await checkpoint.forget();
    let open = counts.missing + counts.healed + counts.beyondLimit;
    let isAll = isComplete;
    for (const [name, source] of imports) {
      const imported = await work.backfillSource(source, isDryRun, {
        // A path may be an address, so that it is neither shown nor kept: an import begins anew.
        progress: (_path, sofar) => {
          out(`${name}: ${describeImport(sofar)}\n`);
        },
        shouldStop,
      });
      open += imported.counts.missing;
      isAll &&= imported.isComplete;
    }
    out(`${isAll ? 'Done' : 'Stopped; run it again to continue'}: ${describeCounts(counts)}\n`);
    if (isAll && isDryRun && open > 0) {
      out('Nothing was changed. To do it, run it again with --apply.\n');
    }
    return isAll ? EXIT.ok : EXIT.wrong;
  } catch (error) {
    throw explained(error, deployment, 'roles/datastore.user');
  } finally {
    await work.close();
  }
}
