/**
 * What an app builds with: its own notifications, its texts, its choices. The public API of this package.
 *
 * @packageDocumentation
 */
export type { ComposeInput, IdsOf, NotificationDefinition } from './catalogue/compose';
export type { DigestDefinition } from './catalogue/digest';
export { nobody, type Nobody } from './catalogue/nobody';
export { at, type Reader } from './catalogue/reader';
export type { ImportInput, ImportSource } from './devices/import-state';
export type { ApnsOptions } from './model/notification/apns-options';
export type { ApnsSpecialPushType } from './model/notification/apns-push-types';
export type { Once, Way, Withdraw } from './model/notification/choice';
export type { DigestWindow } from './model/notification/digest';
export type { InterruptionLevel, Text } from './model/notification/content';
export { isDocumentId, type DocumentId, type DocumentPath } from './model/document-id';
export { InvalidInputError } from './model/invalid-input';
export type { Kind } from './model/notification/kind';
export { linkTo } from './model/notification/link';
export type { MessageCatalogue } from './model/message-catalogue';
export type { ExpoOptions, Notification } from './model/notification/notification';
export type { Recipients, UserFilter } from './model/notification/recipients';
export { beginningOf, showable, type TextShape } from './model/notification/text';
export { allOf, anyOf, type Term } from './model/topic-condition';
export { configurePush, type PushChoices } from './push';
export { importDevices, type ImportDefinition } from './triggers/import';
export { defineNotification } from './triggers/notification';
