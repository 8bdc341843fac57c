/**
 * The part of Cloud Logging's query language that the metrics use, and of Cloud Monitoring's filters that the alerts use; pure.
 *
 * Whatever is not understood is refused. So is `AND` beside `OR` without parentheses, because in Cloud Logging, unlike elsewhere,
 * `OR` binds more tightly.
 */

export type Filter =
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Filter[] }
  | Comparison
  | { readonly kind: 'present'; readonly field: string };

interface Comparison {
  readonly kind: 'comparison';
  readonly field: string;
  readonly operator: Operator;
  readonly value: string | number;
}

type Operator = '=' | '!=' | '>' | '>=' | '<' | '<=' | '=~';

const TOKEN = /\s*(?:(AND|OR|\(|\)|:\*|=~|!=|>=|<=|=|>|<)|"((?:[^"\\]|\\.)*)"|([\w.]+))/y;
const OPERATORS: ReadonlySet<string> = new Set<Operator>(['=', '!=', '>', '>=', '<', '<=', '=~']);

type Token =
  | { readonly kind: 'sign'; readonly text: string }
  | { readonly kind: 'quoted' | 'word'; readonly text: string };

export function parseFilter(text: string): Filter {
  const tokens = tokensOf(text);
  const filter = parseWhole(tokens);
  if (tokens.length > 0) throw new Error(`Unexpected ${tokens[0]?.text} in ${text}`);
  return filter;
}

/** Paths of all fields that it asks about. */
export function fieldsOf(filter: Filter): string[] {
  return 'parts' in filter ? filter.parts.flatMap(fieldsOf) : [filter.field];
}

/** Whether an entry, or a time series, is selected. */
export function matches(filter: Filter, entry: object): boolean {
  switch (filter.kind) {
    case 'and':
      return filter.parts.every((part) => matches(part, entry));
    case 'or':
      return filter.parts.some((part) => matches(part, entry));
    case 'present':
      return fieldIn(entry, filter.field) !== undefined;
    case 'comparison':
      return compare(filter, fieldIn(entry, filter.field));
  }
}

/** What stands at `jsonPayload.state`; undefined if nothing does. */
export function fieldIn(entry: object, path: string): unknown {
  return path
    .split('.')
    .reduce<unknown>(
      (value, name) =>
        typeof value === 'object' && value !== null && Object.hasOwn(value, name)
          ? (value as Readonly<Record<string, unknown>>)[name]
          : undefined,
      entry,
    );
}

function compare({ operator, value, field }: Comparison, found: unknown): boolean {
  if (found === undefined) {
    // Easily taken for the opposite of what it is, so that no filter may rely on it.
    if (operator === '!=') throw new Error(`${field} != …, where there is no such field`);
    return false;
  }
  if (operator === '=~') return typeof found === 'string' && new RegExp(String(value)).test(found);
  if (operator === '=') return isEqual(found, value);
  if (operator === '!=') return !isEqual(found, value);
  if (typeof found !== 'number' || typeof value !== 'number') return false;
  switch (operator) {
    case '>':
      return found > value;
    case '>=':
      return found >= value;
    case '<':
      return found < value;
    case '<=':
      return found <= value;
  }
}

/** Texts are compared without regard to case, as Cloud Logging does. */
function isEqual(found: unknown, value: string | number): boolean {
  if (typeof found === 'string') return found.toLowerCase() === String(value).toLowerCase();
  return found === value;
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  TOKEN.lastIndex = 0;
  while (TOKEN.lastIndex < text.trimEnd().length) {
    const at = TOKEN.lastIndex;
    const [, sign, quoted, word] = TOKEN.exec(text) ?? [];
    if (sign !== undefined) tokens.push({ kind: 'sign', text: sign });
    else if (quoted !== undefined)
      tokens.push({ kind: 'quoted', text: quoted.replace(/\\(.)/g, '$1') });
    else if (word !== undefined) tokens.push({ kind: 'word', text: word });
    else throw new Error(`Not understood: ${text.slice(at)}`);
  }
  return tokens;
}

function parseWhole(tokens: Token[]): Filter {
  const parts = [parsePart(tokens)];
  const [joint] = tokens;
  if (!isSign(joint, 'AND') && !isSign(joint, 'OR')) return parts[0] as Filter;
  while (isSign(tokens[0], 'AND') || isSign(tokens[0], 'OR')) {
    if (tokens.shift()?.text !== joint?.text) throw new Error('AND and OR without parentheses');
    parts.push(parsePart(tokens));
  }
  return { kind: joint?.text === 'AND' ? 'and' : 'or', parts };
}

function parsePart(tokens: Token[]): Filter {
  const token = tokens.shift();
  if (isSign(token, '(')) {
    const inner = parseWhole(tokens);
    if (!isSign(tokens.shift(), ')')) throw new Error('A parenthesis is not closed');
    return inner;
  }
  if (token?.kind !== 'word' || token.text === 'NOT') {
    throw new Error(`Expected a field, got ${token?.text ?? 'the end'}`);
  }
  const operator = tokens.shift();
  if (isSign(operator, ':*')) return { kind: 'present', field: token.text };
  if (operator?.kind !== 'sign' || !OPERATORS.has(operator.text)) {
    throw new Error(`Expected an operator after ${token.text}, got ${operator?.text ?? 'the end'}`);
  }
  return {
    kind: 'comparison',
    field: token.text,
    operator: operator.text as Operator,
    value: valueOf(tokens.shift()),
  };
}

function valueOf(token: Token | undefined): string | number {
  if (token === undefined || token.kind === 'sign') throw new Error('Expected a value');
  if (token.kind === 'quoted') return token.text;
  const number = Number(token.text);
  if (!Number.isFinite(number)) throw new Error(`Expected quotation marks around ${token.text}`);
  return number;
}

function isSign(token: Token | undefined, text: string): boolean {
  return token?.kind === 'sign' && token.text === text;
}
