/** Whose pushes they are: the project, and the token that says so. */

/** Google's access tokens are about this long. */
export const ACCESS_TOKEN = `ya29.${'c'.repeat(1019)}`;
export const PROJECT_ID = 'demo-bench';
