/**
 * Runs inside `firebase emulators:exec`, which stops the emulators when this ends: when whoever started it closes its input.
 */
process.stdin.resume();
process.stdin.on('end', () => process.exit(0));
