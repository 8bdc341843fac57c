/** Whether the account that the functions run as may do what they do. */
import { deployFunctions, grantRole, word } from '../commands';
import { expectedRoles, type ExpectedRole } from '../expected';
import type { Binding, CloudFacts, Facts } from '../facts';
import { found, listed, unread, type Finding } from '../finding';
import { isUnread } from '../reading';

export function roleFindings(facts: Facts, cloud: CloudFacts): Finding[] {
  return [...accounts(facts, cloud), ...roles(facts, cloud)];
}

function accounts(facts: Facts, cloud: CloudFacts): Finding[] {
  return [...cloud.accounts].map(([email, reading]) => {
    if (reading.kind === 'absent') {
      const text = `The functions run as ${email}, which does not exist any more.`;
      return found('roles.account-absent', text, deployFunctions(facts));
    }
    if (isUnread(reading)) {
      return unread('roles.account-unread', `Service account ${email}`, reading, facts.projectId);
    }
    if (!reading.value.disabled) return found('roles.account', `The functions run as ${email}.`);
    const fix = `gcloud iam service-accounts enable ${word(email)} --project ${word(facts.projectId)}`;
    return found(
      'roles.account-disabled',
      `The functions run as ${email}, which is disabled.`,
      fix,
    );
  });
}

function roles(facts: Facts, cloud: CloudFacts): Finding[] {
  const { policy } = cloud;
  if (policy.kind !== 'known') {
    // Every project has a policy: one that is not there belongs to a project that is not, which is said elsewhere.
    return isUnread(policy)
      ? [unread('roles.unread', 'Roles of the functions', policy, facts.projectId)]
      : [];
  }
  return [...cloud.accounts.keys()].flatMap((email) => rolesOf(facts, email, policy.value));
}

function rolesOf(facts: Facts, email: string, policy: readonly Binding[]): Finding[] {
  const member = `serviceAccount:${email}`;
  const bindings = policy.filter(({ members }) => members.includes(member));
  const custom = bindings.map(({ role }) => role).filter((role) => !role.startsWith('roles/'));
  const expected = expectedRoles(facts.settings.values);
  const findings = expected.flatMap((each) => {
    const granting = bindings.filter(
      ({ role }) => role === each.role || each.within.includes(role),
    );
    if (granting.some(({ isConditional }) => !isConditional)) return [];
    return [lacking(facts.projectId, email, each, { isBound: granting.length > 0, custom })];
  });
  if (findings.length > 0) return findings;
  return [found('roles.granted', `${email} has all ${expected.length} roles that it needs.`)];
}

function lacking(
  projectId: string,
  email: string,
  { role, neededBy: purpose }: ExpectedRole,
  { isBound, custom }: { readonly isBound: boolean; readonly custom: readonly string[] },
): Finding {
  const fix = grantRole(projectId, email, role);
  if (isBound) {
    const text = `${email} has ${role}, for ${purpose}, only under a condition, which is not evaluated here.`;
    return found('roles.conditional', text, fix);
  }
  if (custom.length > 0) {
    const text = `${email} does not have ${role}, for ${purpose}; whether ${listed(custom)} covers it is not known here.`;
    return found('roles.custom', text, fix);
  }
  const text = `${email} lacks ${role}, for ${purpose}. (Roles by a group, on the account itself, of a folder or of an organisation are not seen here.)`;
  return found('roles.missing', text, fix);
}
