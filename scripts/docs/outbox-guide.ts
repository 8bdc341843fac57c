/** The guide to the outbox, whose table of fields is written from where the fields are declared. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { fieldsOf, fieldTable, withTable, type Field } from './field-table.ts';

/** Below the repository's root. */
export const GUIDE = 'docs/outbox.md';

/** Every field of a push document: a notification's, then those of the outbox. */
export function declaredFields(root: string): Field[] {
  const read = (path: string): string => readFileSync(join(root, 'kit/src', path), 'utf8');
  return [
    ...fieldsOf(read('model/notification/notification.ts'), 'Notification'),
    ...fieldsOf(read('outbox/fields.ts'), 'PushOptions'),
  ];
}

/** The guide as it should be: with the table that follows from the declared fields. */
export function writtenGuide(root: string): string {
  const fields = declaredFields(root).map(({ name, comment }) => ({
    name,
    // The guides are in one folder.
    comment: comment.replaceAll(/`docs\/([\w-]+\.md)`/g, '[$1]($1)'),
  }));
  return withTable(readFileSync(join(root, GUIDE), 'utf8'), 'fields', fieldTable(fields));
}
