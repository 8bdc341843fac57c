/**
 * The request of `messages:send` as a table: every documented field and its type.
 *
 * Source: firebase.google.com/docs/reference/fcm/rest/v1/projects.messages, and the discovery
 * document for the fields that page leaves out. Names are the service's own (snake_case).
 */

/** A field's type. */
export type FieldType =
  | 'string'
  | 'bool'
  | 'int32'
  | 'float'
  | 'duration'
  | 'timestamp'
  /** map<string, string>. */
  | 'stringMap'
  /** Any JSON object. */
  | 'struct'
  | EnumType
  | MessageType;

/** A closed set of names; the place in the list is the number. */
export interface EnumType {
  readonly enum: string;
  readonly values: readonly string[];
}

/** A nested message. */
export interface MessageType {
  readonly message: string;
  readonly fields: Readonly<Record<string, Field>>;
}

/** One field. */
export interface Field {
  readonly type: FieldType;
  readonly repeated?: true;
  /** Of the fields of one oneof, at most one may be set. */
  readonly oneof?: string;
}

const field = (type: FieldType): Field => ({ type });
const repeated = (type: FieldType): Field => ({ type, repeated: true });
const string = field('string');
const bool = field('bool');
const target: Field = { type: 'string', oneof: 'target' };

const fcmOptions: MessageType = {
  message: 'google.firebase.fcm.v1.FcmOptions',
  fields: { analytics_label: string },
};

const androidNotification: MessageType = {
  message: 'google.firebase.fcm.v1.AndroidNotification',
  fields: {
    title: string,
    body: string,
    icon: string,
    color: string,
    sound: string,
    tag: string,
    click_action: string,
    body_loc_key: string,
    body_loc_args: repeated('string'),
    title_loc_key: string,
    title_loc_args: repeated('string'),
    channel_id: string,
    ticker: string,
    sticky: bool,
    event_time: field('timestamp'),
    local_only: bool,
    notification_priority: field({
      enum: 'google.firebase.fcm.v1.AndroidNotification.NotificationPriority',
      values: [
        'PRIORITY_UNSPECIFIED',
        'PRIORITY_MIN',
        'PRIORITY_LOW',
        'PRIORITY_DEFAULT',
        'PRIORITY_HIGH',
        'PRIORITY_MAX',
      ],
    }),
    default_sound: bool,
    default_vibrate_timings: bool,
    default_light_settings: bool,
    vibrate_timings: repeated('duration'),
    visibility: field({
      enum: 'google.firebase.fcm.v1.AndroidNotification.Visibility',
      values: ['VISIBILITY_UNSPECIFIED', 'PRIVATE', 'PUBLIC', 'SECRET'],
    }),
    notification_count: field('int32'),
    light_settings: field({
      message: 'google.firebase.fcm.v1.LightSettings',
      fields: {
        color: field({
          message: 'google.type.Color',
          fields: {
            red: field('float'),
            green: field('float'),
            blue: field('float'),
            alpha: field('float'),
          },
        }),
        light_on_duration: field('duration'),
        light_off_duration: field('duration'),
      },
    }),
    image: string,
    bypass_proxy_notification: bool,
    proxy: field({
      enum: 'google.firebase.fcm.v1.AndroidNotification.Proxy',
      values: ['PROXY_UNSPECIFIED', 'ALLOW', 'DENY', 'IF_PRIORITY_LOWERED'],
    }),
  },
};

const androidConfig: MessageType = {
  message: 'google.firebase.fcm.v1.AndroidConfig',
  fields: {
    collapse_key: string,
    priority: field({
      enum: 'google.firebase.fcm.v1.AndroidMessagePriority',
      values: ['NORMAL', 'HIGH'],
    }),
    ttl: field('duration'),
    restricted_package_name: string,
    data: field('stringMap'),
    notification: field(androidNotification),
    fcm_options: field({ ...fcmOptions, message: 'google.firebase.fcm.v1.AndroidFcmOptions' }),
    direct_boot_ok: bool,
    bandwidth_constrained_ok: bool,
    restricted_satellite_ok: bool,
  },
};

const apnsConfig: MessageType = {
  message: 'google.firebase.fcm.v1.ApnsConfig',
  fields: {
    headers: field('stringMap'),
    payload: field('struct'),
    fcm_options: field({
      message: 'google.firebase.fcm.v1.ApnsFcmOptions',
      fields: { analytics_label: string, image: string },
    }),
    live_activity_token: string,
  },
};

const webpushConfig: MessageType = {
  message: 'google.firebase.fcm.v1.WebpushConfig',
  fields: {
    headers: field('stringMap'),
    data: field('stringMap'),
    notification: field('struct'),
    fcm_options: field({
      message: 'google.firebase.fcm.v1.WebpushFcmOptions',
      fields: { link: string, analytics_label: string },
    }),
  },
};

/** The body of `POST /v1/projects/{project}/messages:send`. */
export const sendMessageRequest: MessageType = {
  message: 'google.firebase.fcm.v1.SendMessageRequest',
  fields: {
    validate_only: bool,
    message: field({
      message: 'google.firebase.fcm.v1.Message',
      fields: {
        name: string,
        data: field('stringMap'),
        notification: field({
          message: 'google.firebase.fcm.v1.Notification',
          fields: { title: string, body: string, image: string },
        }),
        android: field(androidConfig),
        webpush: field(webpushConfig),
        apns: field(apnsConfig),
        fcm_options: field(fcmOptions),
        token: target,
        topic: target,
        condition: target,
        fid: target,
      },
    }),
  },
};

/** A message after {@link conform}: known fields of the right types, snake_case. */
export interface SendMessageRequest {
  readonly validate_only?: boolean;
  readonly message?: Message;
}

export type StringMap = Readonly<Record<string, string>>;
export type Struct = Readonly<Record<string, unknown>>;

export interface Notification {
  readonly title?: string;
  readonly body?: string;
  readonly image?: string;
}

export interface AndroidNotification extends Notification {
  readonly icon?: string;
  readonly color?: string;
  readonly sound?: string;
  readonly tag?: string;
  readonly click_action?: string;
  readonly body_loc_key?: string;
  readonly body_loc_args?: readonly string[];
  readonly title_loc_key?: string;
  readonly title_loc_args?: readonly string[];
  readonly channel_id?: string;
  readonly default_sound?: boolean;
  readonly notification_count?: number;
}

export interface Message {
  readonly token?: string;
  readonly fid?: string;
  readonly topic?: string;
  readonly condition?: string;
  readonly data?: StringMap;
  readonly notification?: Notification;
  readonly fcm_options?: { readonly analytics_label?: string };
  readonly android?: {
    readonly collapse_key?: string;
    readonly priority?: string;
    readonly ttl?: string;
    readonly restricted_package_name?: string;
    readonly data?: StringMap;
    readonly notification?: AndroidNotification;
    readonly fcm_options?: { readonly analytics_label?: string };
  };
  readonly apns?: {
    readonly headers?: StringMap;
    readonly payload?: Struct;
    readonly fcm_options?: { readonly image?: string; readonly analytics_label?: string };
  };
  readonly webpush?: {
    readonly headers?: StringMap;
    readonly data?: StringMap;
    readonly notification?: Struct;
    readonly fcm_options?: { readonly link?: string; readonly analytics_label?: string };
  };
}
