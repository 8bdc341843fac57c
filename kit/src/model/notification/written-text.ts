/**
 * A text of a notification, before it is put into anybody's language.
 */

/**
 * A text as it stands; or the key of a message in `functions/src/i18n/*.json` with its arguments, put into each recipient's
 * language here; or the key of a text in the app, put into the device's language there. `fallback` is for whatever has no such
 * resources: the web, and Expo's format on Android.
 */
export type Text =
  | string
  | { readonly key: string; readonly args?: Readonly<Record<string, string | number>> | undefined }
  | {
      readonly locKey: string;
      readonly locArgs?: readonly string[] | undefined;
      readonly fallback?: string | undefined;
    };
