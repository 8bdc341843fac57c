/**
 * The rules that a team pastes into its own `firestore.rules`, with the names of an installation.
 *
 * This repository's `firestore.rules` begin with the same text, which a test compares: edit both.
 */
import type { Names } from '../names';

/** What stands inside `match /databases/{database}/documents { … }`, with its last newline. */
export function rulesBlock(names: Names): string {
  const { devices, deliveries } = names;
  return `    // Closed by having no rule: ${devices} and ${deliveries} with all below them, and every
    // collection group query. Give them none: server code passes by all rules.

${SHARED}
${usersSection(names)}
${pushesSection(names)}`;
}

const SHARED = `    // ---- Words used by every section -------------------------------------------------------------

    function signedIn() {
      return request.auth != null;
    }

    function isSelf(uid) {
      return signedIn() && request.auth.uid == uid;
    }

    // Only the custom claim \`admin: true\`, set by the server; "true" and 1 are no claims of ours.
    function isAdmin() {
      return signedIn() && request.auth.token.get('admin', false) == true;
    }

    // Against fields smuggled in beside the known ones, which a function might later trust.
    function hasShape(required, optional) {
      let keys = request.resource.data.keys();
      return keys.hasAll(required) && keys.hasOnly(required.concat(optional));
    }

    // Against a change of anything else: owners, authors, dates, fields of the server.
    function changesOnly(fields) {
      return request.resource.data.diff(resource.data).affectedKeys().hasOnly(fields);
    }

    // Bounds keep a document from growing to 1 MiB, which every reader would then download.
    function isText(value, longest) {
      return value is string && value.size() <= longest;
    }

    // Rules have no loop, so the pattern looks at all elements joined. Taking the text apart again gives
    // the same list only if every element is a string without a space: a number or null would join too.
    function areWords(list, pattern) {
      return list.join(' ').split(' ') == list && list.join(' ').matches(pattern);
    }
`;

function usersSection({ users, tokensField }: Names): string {
  return `    // ---- ${users}/{uid}: private, it holds addresses -------------------------------------------------

    match /${users}/{uid} {
      // No list, and no read by others: whoever knows an address can try to register it.
      allow get: if isSelf(uid);
      allow create: if isSelf(uid) && ownerMayWrite({});
      allow update: if isSelf(uid) && ownerMayWrite(resource.data);
      // No delete: the server deletes an account, with its device records.

      // Judges what the write changes, not what stands there: an owner with fields from an older
      // version of the app can still log out, and cannot touch a field that is the server's.
      function ownerMayWrite(before) {
        let after = request.resource.data;
        let changed = after.diff(before).affectedKeys();
        let set = changed.intersection(after.keys().toSet());
        return changed.hasOnly(['${tokensField}'].concat(preferenceFields()).concat(profileFields()))
          && (!('${tokensField}' in set) || tokensMayBecome(after.${tokensField}, listOrEmpty(before.get('${tokensField}', []))))
          && arePreferences(set, after, before)
          && isProfile(set, after);
      }

      // The app's own fields that the owner may write: name them here, and bound each in isProfile().
${PROFILE}
      // arrayUnion on a field that is no list replaces it, so what stood there counts as empty.
      function listOrEmpty(value) {
        return value is list ? value : [];
      }

${TOKEN_FUNCTIONS}
${PREFERENCE_FUNCTIONS}    }
`;
}

const PROFILE = `      function profileFields() {
        return [];
      }

      // For example: (!('displayName' in set) || isText(after.displayName, 100)) && …
      function isProfile(set, after) {
        return true;
      }
`;

const TOKEN_FUNCTIONS = `      // Against stuffing: a list of 10,000 is refused by its length, before any element is looked at.
      function tokensMayBecome(after, before) {
        return after is list
          && after.size() <= before.size() + 1
          && addsOneAddressAtMost(after, before, after.removeAll(before));
      }

      // Removing is always free, also from a list that is too long or holds things that are no
      // addresses; and those may stay: they are the app's. Whatever enters is looked at alone, so nothing else can come in with it. Thirty leaves
      // room above the server's own limit of addresses a user, which drops the stalest.
      function addsOneAddressAtMost(after, before, added) {
        return added.size() == 0
          ? after.size() <= before.size()
          : added.size() == 1 && after.size() <= 30 && isAddress(added[0]);
      }

      // Printable ASCII without spaces. The length has its own test, because a regular expression may
      // not count beyond 1,000 and because a string of 1 MB need not be searched. From 1,500 bytes on
      // Firestore's indexes could not tell two addresses apart, and both users would own one.
      function isAddress(value) {
        return isText(value, 1499) && value.matches('[!-~]+');
      }
`;

const PREFERENCE_FUNCTIONS = `      // What decides which notifications reach the owner, and when.
      function preferenceFields() {
        return ['locale', 'timeZone', 'notificationSettings', 'mute', 'blocked', 'quietHours'];
      }

      function arePreferences(set, after, before) {
        return (!('locale' in set) || isLocale(after.locale))
          && (!('timeZone' in set) || isTimeZone(after.timeZone))
          && (!('notificationSettings' in set) || isSettings(after.notificationSettings)
            || onlyLoses(after.notificationSettings, before.get('notificationSettings', {})))
          && (!('quietHours' in set) || isQuietHours(after.quietHours)
            || onlyLoses(after.quietHours, before.get('quietHours', {})))
          && (!('mute' in set) || muteMayBecome(after.mute, mapOrEmpty(before.get('mute', {}))))
          && (!('blocked' in set) || blockedMayBecome(after.blocked, listOrEmpty(before.get('blocked', []))));
      }

      // BCP 47, and with underscores as Android and iOS write it.
      function isLocale(value) {
        return isText(value, 35) && value.matches('[A-Za-z]{2,8}([-_][A-Za-z0-9]{1,8})*');
      }

      // An IANA name, such as America/Argentina/Buenos_Aires or Etc/GMT+1.
      function isTimeZone(value) {
        return isText(value, 64) && value.matches('[A-Za-z][A-Za-z0-9_+-]*(/[A-Za-z0-9_+-]+)*');
      }

      // Notification type → how it is wanted.
      function isSettings(value) {
        return value is map
          && value.size() <= 50
          && value.values().toSet().hasOnly([true, false, 'push', 'silent', 'digest', 'off'])
          && (value.size() == 0 || areWords(value.keys(), '[A-Za-z0-9_-]{1,64}( [A-Za-z0-9_-]{1,64})*'));
      }

      // Weekday → up to four windows, such as 22:00-07:00,12:30-13:30.
      function isQuietHours(value) {
        return value is map
          && value.keys().hasOnly(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'])
          && (value.size() == 0 || areDays(value.values()));
      }

      function areDays(days) {
        return isText(days.join(' '), 350) && areWords(days, '([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9](,([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9]){0,3}( ([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9](,([01][0-9]|2[0-3]):[0-5][0-9]-([01][0-9]|2[0-3]):[0-5][0-9]){0,3}){0,6}');
      }

      // What is about to enter is looked at alone, so one entry a write: no rule can look at the values of a
      // map one by one. Bounded in all, because every delivery to this user reads it.
      function muteMayBecome(after, before) {
        return after is map && mutesOneMoreAtMost(after, before, after.diff(before));
      }

      function mutesOneMoreAtMost(after, before, diff) {
        return diff.addedKeys().union(diff.changedKeys()).size() <= 1
          && (diff.addedKeys().size() == 0 ? isEndOf(after, before) : isNewMute(after, after.keys().removeAll(before.keys())[0]));
      }

      function isNewMute(after, target) {
        return after.size() <= 200 && fitsTogether(after.keys(), 20000)
          && isText(target, 500) && isEnd(after[target]);
      }

      // Of a target that is muted already; of values that stand there none is new.
      function isEndOf(after, before) {
        return after.values().removeAll(before.values()).size() == 0
          || isEnd(after.values().removeAll(before.values())[0]);
      }

      // For ever, or until then.
      function isEnd(value) {
        return value == true || value is timestamp;
      }

      function blockedMayBecome(after, before) {
        return after is list
          && after.size() <= before.size() + 1
          && blocksOneMoreAtMost(after, before, after.removeAll(before));
      }

      function blocksOneMoreAtMost(after, before, added) {
        return added.size() == 0
          ? after.size() <= before.size()
          : added.size() == 1 && after.size() <= 1000 && isUserId(added[0]) && fitsTogether(after, 50000);
      }

      // Against ids that can be nobody's, and against line ends in what somebody may read in a log.
      function isUserId(value) {
        return isText(value, 128) && value.matches('[^/[:cntrl:]]+') && !value.matches('[.]{1,2}|__.*__');
      }

      // In bytes.
      function fitsTogether(list, most) {
        return list.join('').toUtf8().size() <= most;
      }

      function mapOrEmpty(value) {
        return value is map ? value : {};
      }

      // Removing is always free, also from what is beyond the bounds.
      function onlyLoses(after, before) {
        return after is map && before is map
          && after.diff(before).affectedKeys() == after.diff(before).removedKeys();
      }
`;

function pushesSection({ pushes }: Names): string {
  return `    // ---- ${pushes}/{pushId}: the outbox, for people with the admin claim ------------------------------

    match /${pushes}/{pushId} {
      allow read: if isAdmin();
      allow create: if isAdmin() && hasShape(['to'], pushFields()) && isPush(request.resource.data);
      allow update: if isAdmin() && isPending() && changesOnly(pushFields().concat(['to', 'state']))
        && isPush(request.resource.data) && stateIsKeptOrCancelled();
      // No delete: the record of what was sent stays until its expiresAt.

      // What a sender writes. State, counts, reasons, dates and expiresAt are the server's.
      function pushFields() {
        return ['type', 'actor', 'target', 'actorName', 'title', 'subtitle', 'body', 'image', 'data', 'requiredData', 'link',
                'collapseKey', 'channelId', 'category', 'threadId', 'sound', 'criticalVolume',
                'interruptionLevel', 'relevanceScore', 'targetContentId', 'launchImage', 'badge',
                'timeToLive', 'priority', 'style', 'analyticsLabel', 'apns', 'expo', 'sendAt',
                'validateOnly'];
      }

      // The basic shape only: the function checks every field and writes back what is wrong with it.
      function isPush(push) {
        return (push.to is string || push.to is list || push.to is map)
          && (!('title' in push) || isText(push.title, 1000) || push.title is map)
          && (!('body' in push) || isText(push.body, 8192) || push.body is map)
          && (!('data' in push) || push.data is map)
          && (!('sendAt' in push) || push.sendAt is timestamp || push.sendAt is map)
          && (!('validateOnly' in push) || push.validateOnly is bool);
      }

      // Against editing what is on its way or done, and against reviving what was cancelled.
      function isPending() {
        return resource.data.get('state', 'pending') in ['pending', 'scheduled'];
      }

      function stateIsKeptOrCancelled() {
        return !changesState() || request.resource.data.get('state', '') == 'cancelled';
      }

      function changesState() {
        return 'state' in request.resource.data.diff(resource.data).affectedKeys();
      }
    }
`;
}
