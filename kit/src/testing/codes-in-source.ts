/**
 * For tests: finds in TypeScript sources whatever can become a code or a reason in the ledger, so that a new one cannot be added without
 * its sentence in `cli/reasons`.
 *
 * It looks where codes come to be: a property, an argument or a comparison of something that is named `code`, `errorCode` or `reason`,
 * a list of names in capitals, and what is put into a person's `reasons`. What only passes a code on has no text to be found.
 */
import ts from 'typescript';

export interface FoundCodes {
  /** Codes of addresses; in templates, what is inserted is {@link INSERTED}. */
  readonly codes: ReadonlySet<string>;
  /** What stands behind a code. */
  readonly details: ReadonlySet<string>;
  /** What became of people. */
  readonly reasons: ReadonlySet<string>;
}

/** Stands for whatever a template inserts: it is a number where one is expected, and a name where one is. */
export const INSERTED = '503';

/** Names that hold a code. */
const CODE_NAMES = /^(?:code|errorCode|reason|failure)$/;
/** Where people's reasons are kept. */
const REASONS_NAMES = /(?:^|\.)(?:reasons|withoutTarget)$/i;
const CAPITALS = /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$|^[A-Z]{5,}$/;

/**
 * Whatever can become a code in these sources.
 *
 * @param reasonIs what `reason` is there: a code of a connection, or, where it is assigned, what became of a person.
 */
export function codesIn(sources: readonly string[], reasonIs: 'code' | 'of-a-person'): FoundCodes {
  const files = sources.map((source) =>
    ts.createSourceFile('source.ts', source, ts.ScriptTarget.Latest, true),
  );
  const found = {
    codes: new Set<string>(),
    details: new Set<string>(),
    reasons: new Set<string>(),
  };
  const parameters = new Map<string, readonly string[]>();
  for (const file of files) visit(file, (node) => noteParameters(node, parameters));
  for (const file of files) {
    const texts = textsOf(file);
    visit(file, (node) => {
      for (const { name, value } of namedValues(node, parameters)) {
        if (name === 'detail') add(found.details, texts(value));
        else if (name !== 'reason' || reasonIs === 'code') {
          if (CODE_NAMES.test(name)) add(found.codes, texts(value));
        } else if (isAssignment(node)) add(found.reasons, texts(value));
      }
      for (const value of putIntoReasons(node)) add(found.reasons, texts(value));
      add(found.codes, listInCapitals(node));
    });
  }
  return found;
}

const GIVES_OR_COMPARES: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.EqualsToken,
  ts.SyntaxKind.QuestionQuestionEqualsToken,
  ts.SyntaxKind.EqualsEqualsEqualsToken,
  ts.SyntaxKind.ExclamationEqualsEqualsToken,
]);

function isAssignment(node: ts.Node): boolean {
  return ts.isBinaryExpression(node) && node.operatorToken.kind === ts.SyntaxKind.EqualsToken;
}

interface Named {
  readonly name: string;
  readonly value: ts.Expression;
}

/** Expressions with the name that they are given to, or compared with. */
function namedValues(node: ts.Node, parameters: ReadonlyMap<string, readonly string[]>): Named[] {
  if (ts.isPropertyAssignment(node)) {
    // Why a retry is given up is no code: it chooses between two.
    const isChoice = hasKind(node.parent, 'give-up');
    return isChoice ? [] : [{ name: nameOf(node.name), value: node.initializer }];
  }
  if (ts.isCallExpression(node)) {
    const names = parameters.get(nameOf(node.expression)) ?? [];
    return node.arguments.flatMap((value, index) => {
      const name = names[index];
      return name === undefined ? [] : [{ name, value }];
    });
  }
  if (ts.isBinaryExpression(node) && GIVES_OR_COMPARES.has(node.operatorToken.kind)) {
    return [{ name: nameOf(node.left), value: node.right }];
  }
  if (ts.isVariableDeclaration(node) && node.initializer !== undefined) {
    return [{ name: nameOf(node.name), value: node.initializer }];
  }
  if (ts.isSwitchStatement(node)) {
    const name = nameOf(node.expression);
    return node.caseBlock.clauses
      .filter(ts.isCaseClause)
      .map(({ expression }) => ({ name, value: expression }));
  }
  return [];
}

/** What is put into `reasons`: by `set`, as a value among its entries, or returned by whoever is named after it. */
function putIntoReasons(node: ts.Node): ts.Expression[] {
  if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
    const { expression: owner, name } = node.expression;
    const [, value] = node.arguments;
    const isPut = name.text === 'set' && REASONS_NAMES.test(owner.getText());
    return isPut && value !== undefined ? [value] : [];
  }
  if (ts.isPropertyAssignment(node) && REASONS_NAMES.test(nameOf(node.name))) {
    const values: ts.Expression[] = [];
    visit(node.initializer, (inner) => {
      if (ts.isArrayLiteralExpression(inner) && inner.elements.length === 2) {
        values.push(inner.elements[1] as ts.Expression);
      }
    });
    return values;
  }
  if (ts.isReturnStatement(node) && node.expression !== undefined) {
    const maker = ts.findAncestor(node, ts.isFunctionDeclaration);
    return maker?.name?.text === 'reasonOf' ? [node.expression] : [];
  }
  return [];
}

/** Names of HTTP/2 and FCM stand in lists. */
function listInCapitals(node: ts.Node): string[] {
  if (!ts.isArrayLiteralExpression(node)) return [];
  const literals = node.elements.filter(ts.isStringLiteral).map(({ text }) => text);
  const isList = literals.length === node.elements.length && literals.every(isInCapitals);
  return isList ? literals : [];
}

function isInCapitals(text: string): boolean {
  return CAPITALS.test(text);
}

/** The texts that an expression may be, as far as the file says: its constants and what its functions return included. */
function textsOf(file: ts.SourceFile): (expression: ts.Expression) => string[] {
  const constants = new Map<string, ts.Expression>();
  const returned = new Map<string, ts.Expression[]>();
  visit(file, (node) => {
    if (ts.isReturnStatement(node) && node.expression !== undefined) {
      const maker = ts.findAncestor(node, ts.isFunctionDeclaration)?.name?.text ?? '';
      returned.set(maker, [...(returned.get(maker) ?? []), node.expression]);
    }
    if (
      ts.isVariableDeclaration(node) &&
      ts.isIdentifier(node.name) &&
      node.initializer !== undefined &&
      (node.parent.flags & ts.NodeFlags.Const) !== 0
    ) {
      constants.set(node.name.text, node.initializer);
    }
  });
  const texts = (expression: ts.Expression, depth = 0): string[] => {
    const again = (inner: ts.Expression): string[] => (depth > 5 ? [] : texts(inner, depth + 1));
    if (ts.isStringLiteralLike(expression)) return [expression.text];
    if (ts.isTemplateExpression(expression)) {
      const spans = expression.templateSpans.map(({ literal }) => INSERTED + literal.text);
      return [expression.head.text + spans.join('')];
    }
    if (ts.isConditionalExpression(expression)) {
      return [...again(expression.whenTrue), ...again(expression.whenFalse)];
    }
    if (ts.isBinaryExpression(expression)) {
      const { kind } = expression.operatorToken;
      // Pieces of one text.
      if (kind === ts.SyntaxKind.PlusToken) {
        return [(again(expression.left)[0] ?? INSERTED) + (again(expression.right)[0] ?? INSERTED)];
      }
      const isEither =
        kind === ts.SyntaxKind.QuestionQuestionToken || kind === ts.SyntaxKind.BarBarToken;
      return isEither ? [...again(expression.left), ...again(expression.right)] : [];
    }
    if (
      ts.isParenthesizedExpression(expression) ||
      ts.isAsExpression(expression) ||
      ts.isSatisfiesExpression(expression)
    ) {
      return again(expression.expression);
    }
    if (ts.isCallExpression(expression) && ts.isIdentifier(expression.expression)) {
      return (returned.get(expression.expression.text) ?? []).flatMap(again);
    }
    if (ts.isIdentifier(expression)) {
      const value = constants.get(expression.text);
      return value === undefined ? [] : again(value);
    }
    return [];
  };
  return texts;
}

/** Functions and methods, also of interfaces, with the names of their parameters. */
function noteParameters(node: ts.Node, parameters: Map<string, readonly string[]>): void {
  if (!ts.isFunctionLike(node) || node.name === undefined) return;
  const names = node.parameters.map(({ name }) => nameOf(name));
  if (names.some((name) => CODE_NAMES.test(name))) parameters.set(nameOf(node.name), names);
}

function hasKind(node: ts.Node, kind: string): boolean {
  return (
    ts.isObjectLiteralExpression(node) &&
    node.properties.some(
      (property) =>
        ts.isPropertyAssignment(property) &&
        nameOf(property.name) === 'kind' &&
        ts.isStringLiteral(property.initializer) &&
        property.initializer.text === kind,
    )
  );
}

/** The last name of what is named: `code` of `error?.code`. */
function nameOf(node: ts.Node): string {
  if (ts.isIdentifier(node) || ts.isStringLiteral(node)) return node.text;
  if (ts.isPropertyAccessExpression(node)) return node.name.text;
  return '';
}

function visit(node: ts.Node, see: (node: ts.Node) => void): void {
  see(node);
  ts.forEachChild(node, (child) => visit(child, see));
}

function add(set: Set<string>, texts: readonly string[]): void {
  for (const text of texts) set.add(text);
}
