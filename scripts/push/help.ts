/** The help texts of `npm run push`. */

export type CommandName = 'send' | 'topic' | 'cancel' | 'status';

const COMMON = `  --project ID          the Firebase project (default under the emulator: GCLOUD_PROJECT, or demo-firestore-push)
  --json                one JSON document on standard output instead of a table
  --help                this text
`;

const MESSAGE = `  --title TEXT          what it says
  --body TEXT
  --image URL
  --link LINK           where a tap leads
  --type NAME           its kind, which users can mute (default push)
  --data KEY=VALUE      for the app; repeatable
  --field KEY=JSON      any other field of a push, such as badge=3 or 'title={"key":"sale"}'; repeatable
  --at TIME             when: 2030-01-31T18:00Z, 2030-01-31T19:00+01:00 (a zone is required), or relative to now:
                        +30s, +90m, +2h, +7d (default: now)
  --dry-run             FCM checks everything and delivers nothing
  --yes                 send without asking. In a real project, it asks before it sends to anyone who is not named on
                        the command line; without a terminal it refuses
  --id ID               id of the document (default: a new one)
  --wait                wait until it is finished
  --timeout SECONDS     stop waiting after this long (default 120)
`;

const EXIT = `Exit codes: 0 done; 1 failed; 2 wrong command line; 3 only some were reached; 4 not finished in time.
`;

export const HELP: Readonly<Record<CommandName | 'push', string>> = {
  push: `Usage: npm run push -- COMMAND [options]

Sends through the outbox: writes documents under pushes/ and reads the results. Works on the emulator that
FIRESTORE_EMULATOR_HOST names, or on a project with the application default credentials
(gcloud auth application-default login).

Commands:
  send                  to users, addresses or everybody
  topic NAME            to a topic, or to a condition over topics
  cancel ID             a push that has not been sent yet
  status [ID]           of a push, or a list of the newest

Each has its own --help. ${EXIT}`,
  send: `Usage: npm run push -- send (--to UID | --everyone | …) [options]

To, one of:
  --to UID              a user; repeatable, or several separated by commas
  --address TOKEN       a device token as the SDK gave it; repeatable
  --where "F OP V"      users by the value of a field: "locale == de", "plan in [\\"pro\\",\\"team\\"]"
  --members PATH        the users whose ids are the ids of a collection's documents
  --everyone            all users

Options:
${MESSAGE}${COMMON}
${EXIT}`,
  topic: `Usage: npm run push -- topic NAME [options]
       npm run push -- topic --condition "'a' in topics && 'b' in topics" [options]

Options:
${MESSAGE}${COMMON}
${EXIT}`,
  cancel: `Usage: npm run push -- cancel ID [options]

Cancels a push that is scheduled or still pending.

Options:
${COMMON}
${EXIT}`,
  status: `Usage: npm run push -- status [ID] [options]

Shows a push, or the newest ones.

Options:
  --limit N             how many (default 20)
  --state STATE         only those in this state: scheduled, sending, sent, partial, failed or cancelled
${COMMON}
${EXIT}`,
};
