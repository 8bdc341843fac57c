/** Where the emulators and the simulator of this run are; `npm test` and `scripts/stack.ts` say it in the environment. */

export interface StackUnderTest {
  projectId: string;
  /** `host:port` of each emulator. */
  firestoreHost: string;
  authHost: string;
  functionsHost: string;
  tasksHost: string;
  /** `host:port` that the functions send to. */
  fcmHost: string;
  /** `http://host:port` of the simulator: its control interface and inbox page. */
  simulatorUrl: string;
  /** Directory with everything that was logged: `emulators.log`, `simulator.log`, `firestore-debug.log`. */
  logs: string;
}

/** @throws when a variable is missing, because the test was not run inside a stack. */
export function stackUnderTest(env: NodeJS.ProcessEnv = process.env): StackUnderTest {
  const read = (name: string): string => {
    const value = env[name];
    if (!value) {
      throw new Error(
        `Expected ${name} in the environment, got nothing. Run all tests with \`npm test\`, or one file with ` +
          '`node scripts/stack.ts --free-ports --app test/app -- npx jest --selectProjects e2e FILE` (after `npm run build`).',
      );
    }
    return value;
  };
  return {
    projectId: read('GCLOUD_PROJECT'),
    firestoreHost: read('FIRESTORE_EMULATOR_HOST'),
    authHost: read('FIREBASE_AUTH_EMULATOR_HOST'),
    functionsHost: read('FUNCTIONS_EMULATOR_HOST'),
    tasksHost: read('CLOUD_TASKS_EMULATOR_HOST'),
    fcmHost: read('FCM_EMULATOR_HOST'),
    simulatorUrl: read('SIMULATOR_URL'),
    logs: read('STACK_LOGS'),
  };
}
