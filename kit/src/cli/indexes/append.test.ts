import { appendElements, appendProperty, treeOf } from './append';

const lines = (...each: string[]): string => each.join('\n');

it.each([
  ['an empty list', '{ "a": [] }', lines('{ "a": [', '  {', '    "n": 1', '  }', '] }')],
  [
    'a list of a line each',
    lines('{', '    "a": [', '        1', '    ]', '}'),
    lines(
      '{',
      '    "a": [',
      '        1,',
      '        {',
      '            "n": 1',
      '        }',
      '    ]',
      '}',
    ),
  ],
  [
    'a list with a trailing comma',
    lines('{', '  "a": [', '    1,', '  ],', '}'),
    lines('{', '  "a": [', '    1,', '    {', '      "n": 1', '    },', '  ],', '}'),
  ],
  [
    'a list with a comment behind its last element',
    lines('{', '  "a": [', '    1 // one, the first', '    // the end', '  ]', '}'),
    lines(
      ...['{', '  "a": [', '    1, // one, the first', '    // the end'],
      ...['    {', '      "n": 1', '    }', '  ]', '}'],
    ),
  ],
  [
    'a list with a comma in a comment alone',
    lines('{', '  "a": [', '    1 /* , */', '  ]', '}'),
    lines('{', '  "a": [', '    1, /* , */', '    {', '      "n": 1', '    }', '  ]', '}'),
  ],
  [
    'a list with nothing but a comment',
    lines('{', '  "a": [', '    // none yet', '  ]', '}'),
    lines('{', '  "a": [', '    // none yet', '    {', '      "n": 1', '    }', '  ]', '}'),
  ],
  [
    'tabs',
    lines('{', '\t"a": [', '\t\t1', '\t]', '}'),
    lines('{', '\t"a": [', '\t\t1,', '\t\t{', '\t\t\t"n": 1', '\t\t}', '\t]', '}'),
  ],
  [
    'CRLF',
    '{\r\n  "a": [\r\n    1\r\n  ]\r\n}\r\n',
    '{\r\n  "a": [\r\n    1,\r\n    {\r\n      "n": 1\r\n    }\r\n  ]\r\n}\r\n',
  ],
  ['one line', '{"a":[1]}', lines('{"a":[1,', '  {', '    "n": 1', '  }', ']}')],
])('appends to %s', (_name, before, after) => {
  expect(appendElements(before, ['a'], [{ n: 1 }])).toBe(after);
});

it('changes nothing where nothing is appended', () => {
  expect(appendElements('{"a":[1 ]}', ['a'], [])).toBe('{"a":[1 ]}');
});

it.each([
  ['an empty object', '{}', lines('{', '  "b": []', '}')],
  [
    'an object with a comment at its end',
    lines('{', '  "a": 1 // one', '}'),
    lines('{', '  "a": 1, // one', '  "b": []', '}'),
  ],
])('appends a property to %s', (_name, before, after) => {
  expect(appendProperty(before, [], 'b', [])).toBe(after);
});

it.each([
  ['{ "a": [1 }', /CommaExpected|CloseBracket.* at line 1, column/],
  ['{\n  nonsense\n}', /InvalidSymbol at line 2, column 3/],
  ['[]', /no object/],
  ['7', /no object/],
])('says what is wrong with %p', (text, message) => {
  expect(() => treeOf(text)).toThrow(message);
});
