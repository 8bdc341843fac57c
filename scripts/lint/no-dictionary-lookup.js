/**
 * A lint rule: no plain object is read or written under a name that is not known when the code is written.
 *
 * Where people choose the names, `constructor` finds a function, and `__proto__` changes the object. A `Map` has no such names;
 * `own()` of kit/src/model/own.ts asks first. Tables whose keys the compiler knows one by one are free.
 */
const IN_MAP =
  'Expected a Map: names that people choose, such as "constructor", are found on every object. Objects from JSON or Firestore: own(object, name).';

export const noDictionaryLookup = {
  meta: {
    type: 'problem',
    docs: { description: 'no plain object is keyed by what people choose' },
    schema: [],
    messages: {
      lookup: IN_MAP,
      inside:
        'Expected Object.hasOwn(object, name): every object has "constructor" and the like in it.',
    },
  },
  create(context) {
    const { parserServices } = context.sourceCode;
    const checker = parserServices.program.getTypeChecker();
    const typeOf = (node) => checker.getNonNullableType(parserServices.getTypeAtLocation(node));

    /** Whether any text is a key of a type: not of arrays, whose keys are numbers, nor of tables with keys of their own. */
    const isDictionary = (type) =>
      type.isUnion()
        ? type.types.some(isDictionary)
        : checker.getIndexInfosOfType(type).some(({ keyType }) => isText(keyType));
    const isText = (type) => checker.typeToString(type) === 'string';
    const isKnown = ({ type, value }) =>
      type === 'Literal' || (type === 'TemplateLiteral' && value !== undefined);

    return {
      MemberExpression({ computed, object, property, parent }) {
        if (!computed || isKnown(property) || !isDictionary(typeOf(object))) return;
        context.report({ node: property, messageId: 'lookup', data: { parent: parent.type } });
      },
      'BinaryExpression[operator="in"]'({ left }) {
        if (left.type === 'Literal' || left.type === 'PrivateIdentifier') return;
        context.report({ node: left, messageId: 'inside' });
      },
    };
  },
};
