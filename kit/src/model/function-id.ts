/**
 * The ids of functions that are deployed beside this one, from what the platform says of this one; pure.
 *
 * No id is known in the code: a kit's functions begin with `kit-<instance>-`, those of a codebase may have a prefix, and whoever
 * exports them in a group puts its name before theirs.
 */

/** What Cloud Functions tell every function of itself; also under the emulator. */
export interface OwnNames {
  /** The Cloud Run service: the function's id in lower case, with `-` for `_`. */
  readonly service: string | undefined;
  /** The path of its export: `deliveryTasks`, or `push.deliveryTasks` in a group. */
  readonly target: string | undefined;
  /** The instance of the kit, where it is one. */
  readonly kitInstance: string | undefined;
}

/**
 * The ids that the sibling may have, the likeliest first: it is exported in the same group as this function, or in one around it.
 *
 * @param name the sibling's own name, by which it is exported.
 * @throws when this function's service is not named after its export: nothing can be told from it then.
 */
export function siblingIds(name: string, own: OwnNames): string[] {
  const groups = own.target?.split('.').slice(0, -1) ?? [];
  const prefix = prefixOf(own);
  return [...groups, undefined].map((_group, index) => {
    const around = groups.slice(0, groups.length - index);
    return `${prefix}${[...around, name].join('-')}`;
  });
}

function prefixOf({ service, target, kitInstance }: OwnNames): string {
  // Exact: a service's name no longer says where an instance's id has an underscore.
  if (kitInstance !== undefined && kitInstance !== '') return `kit-${kitInstance}-`;
  if (service === undefined || !target) return '';
  const own = plain(target.replaceAll('.', '-'));
  const prefix = service.slice(0, Math.max(0, service.length - own.length)).toLowerCase();
  if (plain(service) === `${plain(prefix)}${own}` && (prefix === '' || prefix.endsWith('-'))) {
    return prefix;
  }
  throw new Error(
    `Expected this function's service to end with the name of its export, ${own}; got ${service}. ` +
      'So the ids of the functions beside it cannot be told, and nothing can be enqueued for them.',
  );
}

function plain(name: string): string {
  return name.toLowerCase().replaceAll('_', '-');
}
