/**
 * The catalogue: every notification this app sends. A new one is a new file here and a line below.
 */
export { notifyChatMessage } from './chat-message';
export { notifyComment } from './comment';
export { notifyFollow } from './follow';
export { notifyInvitation } from './invitation';
export { notifyLike } from './like';
