/**
 * Takes provider requests through: understand, strike with a fault, deliver, answer, write down.
 */
import { parseJson } from './json.ts';
import type { SimulatorState } from './state.ts';
import type { Answer, Exchange } from './exchange.ts';
import { type FaultEffect, http2ErrorCodes } from './fault-spec.ts';
import type { Fault } from './faults.ts';
import type { InboxItem } from './inbox.ts';
import type { Delivery, Endpoint, ProviderName, Verdict } from './provider.ts';
import { type Ending, type LoggedRequest, withoutCredentials } from './request-log.ts';

/** Handles one request that `endpoint` claims. */
export function handleProviderRequest(
  state: SimulatorState,
  endpoint: Endpoint,
  exchange: Exchange,
): void {
  const at = state.now();
  const verdict = endpoint.receive(exchange, at);
  const fault = state.faults.strike({
    provider: endpoint.provider,
    path: exchange.path,
    address: verdict.address,
  });
  const query = exchange.query.toString();
  const logged = state.log.add({
    at: new Date(at).toISOString(),
    provider: endpoint.provider,
    method: exchange.method,
    path: query === '' ? exchange.path : `${exchange.path}?${query}`,
    headers: withoutCredentials(exchange.headers),
    body: verdict.body,
    address: verdict.address,
    ending: 'pending',
    delivered: 0,
    ...(fault && { faultId: fault.id }),
    response: null,
  });
  const conclude = () => concludeRequest(state, endpoint, exchange, verdict, fault, logged);
  const delayMs = fault?.then.delayMs;
  if (delayMs === undefined) conclude();
  else state.later(delayMs, conclude);
}

function concludeRequest(
  state: SimulatorState,
  endpoint: Endpoint,
  exchange: Exchange,
  verdict: Verdict,
  fault: Fault | undefined,
  logged: LoggedRequest,
): void {
  const then = fault?.then ?? {};
  const ending = endingOf(then);
  const answer = answerOf(state, endpoint, exchange, verdict.answer, then);
  const answersItself = ending === 'answered' && !replacesAnswer(then);
  const takesEffect = then.deliver ?? answersItself;
  const deliveries = takesEffect ? verdict.deliveries() : [];
  for (const delivery of deliveries) deliver(state, endpoint.provider, logged, delivery);
  if (takesEffect) verdict.apply?.();
  const finished = state.log.finish(logged.id, {
    ending,
    delivered: deliveries.length,
    response: ending === 'answered' ? { ...answer, body: parsedWhereJson(answer) } : null,
  });
  if (ending === 'answered') endpoint.beforeAnswer?.(exchange, answer);
  end(exchange, ending, answer, then);
  if (state.events.heard && finished !== undefined) {
    state.events.emit({ type: 'request', request: finished });
  }
}

/** How a request ends when `then` happens to it; the harshest wins. */
function endingOf(then: FaultEffect): Exclude<Ending, 'pending'> {
  if (then.disconnect !== undefined && then.disconnect !== false) return 'disconnected';
  if (then.reset !== undefined && then.reset !== false) return 'reset';
  if (typeof then.goaway === 'object' && !then.goaway.processed) return 'refused';
  if (then.hang === true) return 'hung';
  return 'answered';
}

function replacesAnswer(then: FaultEffect): boolean {
  return (
    then.status !== undefined ||
    then.errorCode !== undefined ||
    then.body !== undefined ||
    then.retryAfterSeconds !== undefined ||
    then.timestamp !== undefined
  );
}

/** The answer to give: the provider's own, or what the fault makes of it. */
function answerOf(
  state: SimulatorState,
  endpoint: Endpoint,
  exchange: Exchange,
  own: Answer,
  then: FaultEffect,
): Answer {
  let answer = own;
  if (then.body !== undefined) {
    const headers = { 'content-type': then.contentType ?? 'text/html; charset=UTF-8' };
    answer = { status: then.status ?? HTTP_BAD_GATEWAY, headers, body: then.body };
  } else if (replacesAnswer(then)) {
    answer = endpoint.faultAnswer(then, exchange, state.now());
  }
  if (then.retryAfterSeconds !== undefined) {
    answer = {
      ...answer,
      headers: { ...answer.headers, 'retry-after': String(then.retryAfterSeconds) },
    };
  }
  if (then.truncate === true) {
    answer = { ...answer, body: answer.body.slice(0, Math.floor(answer.body.length / 2)) };
  }
  return answer;
}

const HTTP_BAD_GATEWAY = 502;

function end(exchange: Exchange, ending: Ending, answer: Answer, then: FaultEffect): void {
  if (then.maxConcurrentStreams !== undefined) exchange.limitStreams(then.maxConcurrentStreams);
  if (then.goaway !== undefined && then.goaway !== false) {
    const { processed, code, debugData } =
      then.goaway === true
        ? { processed: true, code: 'NO_ERROR' as const, debugData: undefined }
        : then.goaway;
    exchange.goaway({ processed, code: http2ErrorCodes[code], debugData });
  }
  if (ending === 'disconnected') exchange.disconnect(then.disconnect === 'rst');
  else if (ending === 'reset') {
    exchange.reset(http2ErrorCodes[typeof then.reset === 'string' ? then.reset : 'INTERNAL_ERROR']);
  } else if (ending === 'answered') exchange.answer(answer);
}

function deliver(
  state: SimulatorState,
  provider: ProviderName,
  request: LoggedRequest,
  { device, rendered, appId = device.appId }: Delivery,
): void {
  const { replaces, ...shown } = rendered;
  const item: InboxItem = {
    id: state.nextItemId(),
    at: new Date(state.now()).toISOString(),
    provider,
    requestId: request.id,
    ...(appId !== undefined && { appId }),
    ...shown,
  };
  const replaced = state.inboxes.add(device.address, item, replaces);
  const changed =
    rendered.badge === undefined
      ? undefined
      : state.devices.setBadge(device.address, rendered.badge);
  if (!state.events.heard) return;
  state.events.emit({
    type: 'inbox',
    address: device.address,
    item,
    ...(replaced && { replaced: replaced.id }),
  });
  if (changed !== undefined) state.events.emit({ type: 'device', device: changed });
}

function parsedWhereJson(answer: Answer): unknown {
  if (!answer.headers['content-type']?.startsWith('application/json')) return answer.body;
  try {
    return parseJson(answer.body);
  } catch {
    // A fault cut it in half; the text itself is what was sent.
    return answer.body;
  }
}
