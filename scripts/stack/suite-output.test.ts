import { READY, saysEmulatorDied, saysFunctionsFailed, saysReady, stepOf } from './suite-output.ts';

test.each([
  ['i  firestore: downloading cloud-firestore-emulator-v1.22.0.jar...', /downloading/],
  ['i  functions: Watching "/x/functions" for Cloud Functions...', /loading the functions/],
  ['i  firestore: Firestore Emulator logging to firestore-debug.log', /Firestore emulator/],
])('tells the step that %j begins', (line, step) => {
  expect(stepOf(line)).toMatch(step);
});

test('takes no step from a line of a function', () => {
  expect(stepOf('>  {"severity":"INFO","message":"hello"}')).toBeUndefined();
});

test('knows the line that says all is up from the line that announces the script', () => {
  expect(saysReady(READY)).toBe(true);
  expect(saysReady(`i  Running script: echo '${READY}'; read -r _`)).toBe(false);
});

test('knows the lines that say that the functions cannot be loaded', () => {
  expect(saysFunctionsFailed('⬢  functions: Failed to load function definition from source')).toBe(
    true,
  );
  expect(saysFunctionsFailed('✔  functions: Loaded functions definitions from source: a, b.')).toBe(
    false,
  );
});

test('knows the line that says that an emulator was killed', () => {
  expect(saysEmulatorDied('⚠  Firestore Emulator has exited upon receiving signal: SIGKILL')).toBe(
    true,
  );
});
