/** How labels and values are taken out of a log entry. */
import { labelFrom, numberFrom, parseExtractor } from './extractor.ts';

const ENTRY = { jsonPayload: { type: 'wave', latencyMs: 1200, note: 'took 7 s', codes: { A: 1 } } };

it.each([
  ['EXTRACT(jsonPayload.type)', 'wave'],
  ['EXTRACT(jsonPayload.latencyMs)', '1200'],
  ['EXTRACT(jsonPayload.missing)', ''],
  ['EXTRACT(jsonPayload.codes)', ''],
  ['REGEXP_EXTRACT(jsonPayload.note, "took (\\d+) s")', '7'],
  ['REGEXP_EXTRACT(jsonPayload.note, "lasted (\\d+) s")', ''],
])('%s gives the label "%s"', (text, label) => {
  expect(labelFrom(parseExtractor(text), ENTRY)).toBe(label);
});

it.each([
  ['EXTRACT(jsonPayload.latencyMs)', 1200],
  ['REGEXP_EXTRACT(jsonPayload.note, "(\\d+)")', 7],
  ['EXTRACT(jsonPayload.type)', undefined],
  ['EXTRACT(jsonPayload.missing)', undefined],
])('%s gives the number %s', (text, number) => {
  expect(numberFrom(parseExtractor(text), ENTRY)).toBe(number);
});

it.each([
  'jsonPayload.type',
  'EXTRACT()',
  'EXTRACT(a) + 1',
  'REGEXP_EXTRACT(jsonPayload.note)',
  'REGEXP_EXTRACT(jsonPayload.note, "no group")',
  'REGEXP_EXTRACT(jsonPayload.note, "(a)(b)")',
])('refuses %s', (text) => {
  expect(() => parseExtractor(text)).toThrow();
});
