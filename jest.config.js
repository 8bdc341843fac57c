// Transforms to CommonJS with swc: the same code that `tsc` checks, without a second type check.
const swc = [
  '@swc/jest',
  {
    jsc: { parser: { syntax: 'typescript' }, target: 'es2024' },
    module: { type: 'commonjs' },
  },
];

const shared = {
  testEnvironment: 'node',
  transform: { '\\.[cm]?[jt]s$': swc },
  // These ship ES modules only (`jose` comes with firebase-admin 14).
  transformIgnorePatterns: [
    '/node_modules/(?!(?:jose|intl-messageformat|@formatjs|temporal-polyfill|temporal-utils)/)',
  ],
  // Tests outside kit/ use the very firebase-admin that the kit does.
  modulePaths: ['<rootDir>/kit/node_modules'],
  // As tsconfig's paths have it.
  moduleNameMapper: {
    // The console's page: its modules are named as the browser loads them.
    '^(\\./[\\w-]+)\\.mjs$': ['$1.mts', '$1.mjs'],
    '^@firestore-push/push$': '<rootDir>/kit/src/index.ts',
    '^@firestore-push/push/lib$': '<rootDir>/kit/src/lib.ts',
    '^@firestore-push/push/testing$': '<rootDir>/kit/src/catalogue/rehearse.ts',
    // What the command line loads when it is called: Node wants the name of the compiled file there.
    '^(\\.{1,2}/(?:[a-z]+/command|check|start-emulator|open-collections|open-operator|investigate|read-numbers|select|ledger-source|server))\\.js$':
      '$1',
  },
};

const project = (displayName, testMatch) => ({ ...shared, displayName, testMatch });

export default {
  projects: [
    project('kit', ['<rootDir>/kit/src/**/*.test.ts']),
    project('functions', ['<rootDir>/functions/src/**/*.test.ts']),
    project('simulator', ['<rootDir>/simulator/src/**/*.test.ts']),
    project('scripts', ['<rootDir>/scripts/**/*.test.ts']),
    project('examples', ['<rootDir>/examples/**/*.test.ts']),
    project('package', ['<rootDir>/test/package/**/*.test.ts']),
    project('install', ['<rootDir>/test/install/**/*.test.ts']),
    project('bench', ['<rootDir>/bench/**/*.test.ts']),
    project('sample', ['<rootDir>/test/sample/**/*.test.ts']),
    project('rules', ['<rootDir>/test/rules/**/*.test.ts']),
    project('lifecycle', ['<rootDir>/test/lifecycle/**/*.test.ts']),
    project('faults', ['<rootDir>/test/faults/**/*.test.ts']),
    project('outbox', ['<rootDir>/test/outbox/**/*.test.ts']),
    project('upgrade', ['<rootDir>/test/upgrade/**/*.test.ts']),
    project('upgrade-record', ['<rootDir>/test/upgrade/**/*.record.ts']),
    project('cloud', ['<rootDir>/test/cloud/**/*.test.ts']),
    project('cloud-soak', ['<rootDir>/test/cloud/**/*.soak.ts']),
    project('e2e', ['<rootDir>/test/e2e/**/*.test.ts']),
    project('start', ['<rootDir>/test/sample/start/**/*.start.ts']),
    project('logs', ['<rootDir>/test/logs/**/*.test.ts']),
    project('readme', ['<rootDir>/test/sample/readme/**/*.readme.ts']),
    project('readme-followed', ['<rootDir>/test/sample/readme/**/*.followed.ts']),
    project('large', ['<rootDir>/test/large/**/*.test.ts']),
    {
      ...project('universe', ['<rootDir>/test/universe/**/*.test.ts']),
      // These need the emulator.
      testPathIgnorePatterns: ['/node_modules/', '<rootDir>/test/universe/equality/'],
    },
    project('equality', ['<rootDir>/test/universe/equality/**/*.test.ts']),
  ],
  testTimeout: 60_000,
};
