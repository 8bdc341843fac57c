/**
 * Topics that any user of the app may join, besides those that `TOPICS_ALLOWED` opens. Add yours here.
 */
export const topics: readonly string[] = ['announcements'];
