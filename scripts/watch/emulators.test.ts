import { rulesErrors } from './emulators.ts';

test('names file, line and column of what is wrong in the rules', () => {
  const message = "Error compiling rules:\nL378:1 Unexpected 'x'.\nL380:7 Missing ';'.";
  expect(rulesErrors('firestore.rules', JSON.stringify({ error: { code: 400, message } }))).toBe(
    "Error compiling rules:\nfirestore.rules:378:1 - Unexpected 'x'.\nfirestore.rules:380:7 - Missing ';'.",
  );
});

test('tells any other answer as it is', () => {
  expect(rulesErrors('firestore.rules', 'Bad gateway')).toBe('Bad gateway');
});
