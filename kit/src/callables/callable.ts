/**
 * Declares a callable whose malformed calls are answered before the SDK logs them.
 */
import {
  HttpsError,
  onCall,
  type CallableFunction,
  type CallableOptions,
  type CallableRequest,
} from 'firebase-functions/https';
import { logMalformedCall } from '../log';
import { isBearerToken, isJsonWebToken, readEnvelope } from './envelope';

type Handler<Answer> = CallableFunction<unknown, Promise<Answer>>;
type RawRequest = Parameters<Handler<unknown>>[0];

/** What the SDK is given instead of a header that is no token: it refuses it, and may log it. */
const NO_TOKEN = 'malformed';

/**
 * As the SDK's `onCall`: the same export, with everything that deploys and emulators read of it. `work` is only called for calls
 * as `httpsCallable()` makes them; all others are answered `invalid-argument`, with CORS headers, as the SDK would.
 */
export function callable<Answer>(
  name: string,
  options: CallableOptions,
  work: (request: CallableRequest<unknown>) => Promise<Answer>,
): Handler<Answer> {
  const faults = new WeakMap<object, string>();
  const inner = onCall<unknown, Promise<Answer>>(options, (request) => {
    const fault = faults.get(request.rawRequest);
    if (fault === undefined) return work(request);
    logMalformedCall(name, fault);
    throw new HttpsError('invalid-argument', `Malformed call: ${fault}.`);
  });
  const guarded = (...[request, response]: Parameters<typeof inner>): ReturnType<typeof inner> => {
    // The preflight of a browser has no body.
    if (request.method !== 'OPTIONS') guard(request, faults);
    return inner(request, response);
  };
  // `__endpoint`, `__trigger`, `run` and whatever else the SDK puts on its functions.
  const { length: _length, name: _name, ...extras } = Object.getOwnPropertyDescriptors(inner);
  return Object.defineProperties(guarded, extras) as Handler<Answer>;
}

/** Leaves the SDK nothing that it would log. */
function guard(request: RawRequest, faults: WeakMap<object, string>): void {
  const { headers } = request;
  if (headers.authorization !== undefined && !isBearerToken(headers.authorization)) {
    headers.authorization = `Bearer ${NO_TOKEN}`;
  }
  const appCheck = headers['x-firebase-appcheck'];
  if (appCheck !== undefined && !isJsonWebToken(String(appCheck))) {
    headers['x-firebase-appcheck'] = NO_TOKEN;
  }
  const read = readEnvelope({
    method: request.method,
    contentType: headers['content-type'],
    body: request.body,
  });
  if ('data' in read) {
    request.body = read;
    return;
  }
  faults.set(request, read.fault);
  request.method = 'POST';
  headers['content-type'] = 'application/json';
  request.body = { data: null };
}
