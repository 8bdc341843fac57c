/**
 * Where the built functions of this run are: for the kit's tests those of `test/app`, for the sample's its own.
 *
 * @throws when the tests were not run inside a stack with functions.
 */
export function functionsSource(): string {
  const folder = process.env['FUNCTIONS_SOURCE'];
  if (folder === undefined) {
    throw new Error(
      'FUNCTIONS_SOURCE: expected the folder of the built functions, got nothing. Run all tests with `npm test`, or one file ' +
        'with `node scripts/stack.ts --free-ports --only firestore --app test/app -- npx jest --selectProjects cloud FILE`.',
    );
  }
  return folder;
}
