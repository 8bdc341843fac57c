/** What may be said of a fault, as JSON or from code, checked field by field. */
import { constants } from 'node:http2';
import { z } from 'zod';
import { providerNames } from './provider.ts';

/** HTTP/2 error codes by the names of RFC 9113, section 7. */
export const http2ErrorCodes = {
  NO_ERROR: constants.NGHTTP2_NO_ERROR,
  PROTOCOL_ERROR: constants.NGHTTP2_PROTOCOL_ERROR,
  INTERNAL_ERROR: constants.NGHTTP2_INTERNAL_ERROR,
  FLOW_CONTROL_ERROR: constants.NGHTTP2_FLOW_CONTROL_ERROR,
  SETTINGS_TIMEOUT: constants.NGHTTP2_SETTINGS_TIMEOUT,
  STREAM_CLOSED: constants.NGHTTP2_STREAM_CLOSED,
  FRAME_SIZE_ERROR: constants.NGHTTP2_FRAME_SIZE_ERROR,
  REFUSED_STREAM: constants.NGHTTP2_REFUSED_STREAM,
  CANCEL: constants.NGHTTP2_CANCEL,
  COMPRESSION_ERROR: constants.NGHTTP2_COMPRESSION_ERROR,
  CONNECT_ERROR: constants.NGHTTP2_CONNECT_ERROR,
  ENHANCE_YOUR_CALM: constants.NGHTTP2_ENHANCE_YOUR_CALM,
  INADEQUATE_SECURITY: constants.NGHTTP2_INADEQUATE_SECURITY,
  HTTP_1_1_REQUIRED: constants.NGHTTP2_HTTP_1_1_REQUIRED,
} as const;
export type Http2ErrorName = keyof typeof http2ErrorCodes;

const http2ErrorName = z.enum(Object.keys(http2ErrorCodes) as [Http2ErrorName]);

/** A header value must not end the header. */
const headerText = z.string().regex(/^[\t\x20-\x7e]*$/, 'expected printable ASCII');

/** A day: longer waits are a mistake in the unit. */
const MAX_DELAY_MS = 24 * 60 * 60 * 1000;

const thenSchema = z
  .strictObject({
    /** HTTP status of the answer; default: that of `errorCode`, else 502 with `body`, else 503. */
    status: z.int().min(200).max(599).optional(),
    /** Name of a provider's error, which decides the body. */
    errorCode: z.string().min(1).optional(),
    /** Body as it stands, instead of the provider's. */
    body: z.string().optional(),
    /** Type of `body`; default `text/html; charset=UTF-8`. */
    contentType: headerText.optional(),
    /** APNs: since when the address is gone, milliseconds since 1970; default: now. */
    timestamp: z.int().min(0).optional(),
    /** Adds a `Retry-After` header. */
    retryAfterSeconds: z.number().min(0).optional(),
    /** Waits this long before anything else happens. */
    delayMs: z.int().min(0).max(MAX_DELAY_MS).optional(),
    /** Sends GOAWAY; this request is answered still, unless `processed` is false. */
    goaway: z
      .union([
        z.boolean(),
        z.strictObject({
          processed: z.boolean().default(true),
          code: http2ErrorName.default('NO_ERROR'),
          debugData: z.string().optional(),
        }),
      ])
      .optional(),
    /** Ends the stream with RST_STREAM; `true` is INTERNAL_ERROR. */
    reset: z.union([z.boolean(), http2ErrorName]).optional(),
    /** Never answers. */
    hang: z.boolean().optional(),
    /** Sends half of the body, then ends as if that were all. */
    truncate: z.boolean().optional(),
    /** Destroys the connection with FIN; `"rst"`: with a TCP reset. */
    disconnect: z.union([z.boolean(), z.literal('rst')]).optional(),
    /** Lowers SETTINGS_MAX_CONCURRENT_STREAMS of this session. */
    maxConcurrentStreams: z.int().min(0).optional(),
    /** Whether it reaches the device; default: only if the answer is the provider's own. */
    deliver: z.boolean().optional(),
  })
  .refine((then) => Object.values(then).some((value) => value !== undefined && value !== false), {
    message: 'expected at least one thing to happen, for instance {"status":503}',
  });

/** A fault as it is asked for. */
export const faultSchema = z.strictObject({
  /** Strikes requests that match all that is given; an end of `*` matches any rest. */
  match: z
    .strictObject({
      provider: z.enum(providerNames).optional(),
      address: z.string().min(1).optional(),
      path: z.string().min(1).optional(),
    })
    .default({}),
  /** How often it strikes; default: until it is removed. */
  times: z.int().min(1).optional(),
  /** The part of the matching requests it strikes, 0 to 1; default all. */
  rate: z.number().min(0).max(1).default(1),
  then: thenSchema,
});

export type FaultSpec = z.input<typeof faultSchema>;
export type ParsedFault = z.output<typeof faultSchema>;
export type FaultEffect = ParsedFault['then'];
