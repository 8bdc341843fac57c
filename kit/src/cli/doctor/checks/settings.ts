/** Whether the settings mean what their author meant. */
import type { Facts } from '../facts';
import { found, type Finding } from '../finding';
import { nearestName } from '../nearest-name';

export function settingFindings(facts: Facts): Finding[] {
  const { refused, values } = facts.settings;
  const findings = [
    ...refused.map((problem) =>
      found('settings.refused', problem, 'Correct it in the .env and deploy again.'),
    ),
    ...unknownNames(facts),
  ];
  const fine = found(
    'settings.fine',
    `Every setting in the .env is understood (${Object.keys(values).length}); others have their defaults.`,
  );
  return [...(findings.length === 0 ? [fine] : findings), ...shared(facts)];
}

function unknownNames({ settings: { values, names }, installation }: Facts): Finding[] {
  const unknown = Object.keys(values).filter((name) => !names.includes(name));
  return unknown.flatMap((name) => {
    const nearest = nearestName(name, names);
    if (nearest !== undefined) {
      const text = `${name} is no setting of this package; ${nearest} is. As it stands it does nothing.`;
      return [
        found(
          'settings.misspelt',
          text,
          `Rename ${name} to ${nearest} in the .env and deploy again.`,
        ),
      ];
    }
    // In a codebase of a team's own it may be a variable of the team's.
    if (installation.kind === 'codebase') return [];
    const text = `${name} is no setting of this package, and does nothing.`;
    return [found('settings.unused', text, `Remove ${name} from the .env.`)];
  });
}

/** Two installations that handle the same documents. */
function shared({ installation: { id, names, others } }: Facts): Finding[] {
  return others.flatMap((other) => {
    if (other.names.database !== names.database) return [];
    const both = (['deliveries', 'devices', 'pushes'] as const).filter(
      (name) => other.names[name] === names[name],
    );
    if (both.length === 0) return [];
    const text = `The installations ${id} and ${other.id} both use ${both.map((name) => names[name]).join(', ')} in the database ${names.database}: each document is handled twice.`;
    return [
      found(
        'settings.shared',
        text,
        `Name other collections in the .env file of one of them: USERS_COLLECTION, DEVICES_COLLECTION, DELIVERIES_COLLECTION, PUSHES_COLLECTION.`,
      ),
    ];
  });
}
