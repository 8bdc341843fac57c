/** Whether callables take calls from your own apps only. */
import { enableApi } from '../commands';
import { APP_CHECK_API } from '../expected';
import type { CloudFacts, Facts } from '../facts';
import { found, unread, type Finding } from '../finding';
import { isUnread } from '../reading';

export function appCheckFindings({ settings, projectId }: Facts, { apis }: CloudFacts): Finding[] {
  if (settings.values['ENFORCE_APP_CHECK'] !== 'true') {
    const text =
      'ENFORCE_APP_CHECK is false: whoever has an account can call the callables from a script, within CALLS_PER_MINUTE.';
    const fix =
      'When all your apps send App Check tokens: set ENFORCE_APP_CHECK=true in the .env and deploy again.';
    return [found('app-check.not-enforced', text, fix)];
  }
  const reading = apis.get(APP_CHECK_API);
  if (reading === undefined) return [];
  if (isUnread(reading)) return [unread('app-check.unread', 'App Check', reading, projectId)];
  if (reading.kind === 'known' && reading.value) {
    return [found('app-check.enforced', 'Callables refuse calls without an App Check token.')];
  }
  const text = `ENFORCE_APP_CHECK is true, but ${APP_CHECK_API} is not enabled: apps get no tokens, so every call is refused.`;
  return [found('app-check.api-disabled', text, enableApi(projectId, APP_CHECK_API))];
}
