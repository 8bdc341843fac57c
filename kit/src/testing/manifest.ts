/** What `firebase deploy` reads of a function, with params as the expressions that it resolves: `{{ params.REGION }}`. */
export function manifestOf(fn: unknown): Readonly<Record<string, unknown>> {
  const { __endpoint: endpoint } = fn as { __endpoint: unknown };
  return resolved(endpoint) as Record<string, unknown>;
}

function resolved(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if ('toCEL' in value) return (value as { toCEL(): string }).toCEL();
  if (Array.isArray(value)) return value.map(resolved);
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, resolved(each)]));
}
