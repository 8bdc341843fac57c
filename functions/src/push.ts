/**
 * What this app chooses in code; its settings stand in `.env`.
 */
import { configurePush } from '@firestore-push/push/lib';
import { messages } from './i18n';
import { topics } from './notifications/topics';

configurePush({ messages, topics });
