/**
 * Sends an unmodified firebase-admin app (13 or 14) to the simulator instead of to Google:
 *
 *   FCM_EMULATOR_HOST=127.0.0.1:9110 node --require ./simulator/preload.cjs app.js
 *
 * While this is loaded, nothing of the process reaches fcm.googleapis.com or iid.googleapis.com.
 * Where no GOOGLE_APPLICATION_CREDENTIALS are set, it also supplies made-up ones, and their access
 * tokens come from the simulator, so that `initializeApp()` needs neither a key nor the internet.
 */
/* global __dirname */
'use strict';

const http = require('node:http');
const http2 = require('node:http2');
const https = require('node:https');
const { syncBuiltinESMExports } = require('node:module');
const path = require('node:path');
const process = require('node:process');
const { URL } = require('node:url');

const DEFAULT_HOST = '127.0.0.1:9110';
const MESSAGING_HOSTS = ['fcm.googleapis.com', 'iid.googleapis.com'];
const TOKEN_HOST = 'oauth2.googleapis.com';

const simulator = parseHost(process.env.FCM_EMULATOR_HOST || DEFAULT_HOST);
const rerouted = new Set(MESSAGING_HOSTS);

if (!process.env.GOOGLE_APPLICATION_CREDENTIALS) {
  process.env.GOOGLE_APPLICATION_CREDENTIALS = path.join(__dirname, 'preload-credentials.json');
  rerouted.add(TOKEN_HOST);
}

/** Splits `host:port`. Throws on anything else, a scheme for instance. */
function parseHost(text) {
  const match = /^(\[[0-9a-fA-F:]+\]|[^:/[\]]+):(\d{1,5})$/.exec(text);
  if (match === null) {
    throw new Error(
      `Expected FCM_EMULATOR_HOST to be host:port, for instance ${DEFAULT_HOST}, got "${text}".`,
    );
  }
  return { host: text, hostname: match[1].replace(/^\[|\]$/g, ''), port: Number(match[2]) };
}

const connect = http2.connect;

/**
 * Dials the simulator in cleartext. The Admin SDK sends `:scheme` as `https:`, with a colon, which
 * Google takes and Node's own HTTP/2 server refuses; here it becomes what the connection is.
 */
http2.connect = function connectToSimulator(authority, options, listener) {
  const url = typeof authority === 'string' ? new URL(authority) : authority;
  if (!rerouted.has(url.hostname)) return connect.call(http2, authority, options, listener);
  const session = connect.call(http2, `http://${simulator.host}`, options, listener);
  const request = session.request;
  session.request = (headers, requestOptions) =>
    request.call(
      session,
      { ...headers, ':scheme': 'http', ':authority': url.hostname },
      requestOptions,
    );
  return session;
};

const httpsRequest = https.request;

/** `https.request` in all its forms: (url), (options) or (url, options), each with a callback. */
https.request = function requestFromSimulator(...args) {
  const [target] = args;
  const isUrl = typeof target === 'string' || target instanceof URL;
  const url = isUrl ? new URL(target) : undefined;
  const own = isUrl ? args[1] : target;
  const options = typeof own === 'object' && own !== null ? own : {};
  const hostname =
    options.hostname ?? hostnameOf(options.host) ?? url?.hostname ?? options.servername;
  if (!rerouted.has(hostname)) return httpsRequest.apply(https, args);
  const callback = args.find((each) => typeof each === 'function');
  return http.request(
    {
      ...options,
      path: options.path ?? (url && `${url.pathname}${url.search}`),
      headers: withHost(options.headers, hostname),
      protocol: 'http:',
      host: undefined,
      hostname: simulator.hostname,
      port: simulator.port,
      // An agent for TLS cannot dial cleartext.
      agent: undefined,
    },
    callback,
  );
};

https.get = function getFromSimulator(...args) {
  const request = https.request(...args);
  request.end();
  return request;
};

function hostnameOf(host) {
  return typeof host === 'string' ? host.replace(/:\d+$/, '') : undefined;
}

/** Headers as given, with the host that the app meant where it can be added. */
function withHost(headers, hostname) {
  return Array.isArray(headers) ? headers : { host: hostname, ...headers };
}

const globalFetch = globalThis.fetch;

globalThis.fetch = function fetchFromSimulator(input, init) {
  const url = new URL(typeof input === 'object' && 'url' in input ? input.url : String(input));
  if (!rerouted.has(url.hostname)) return globalFetch(input, init);
  const target = `http://${simulator.host}${url.pathname}${url.search}`;
  return globalFetch(
    input instanceof globalThis.Request ? new globalThis.Request(target, input) : target,
    init,
  );
};

// Makes `import { request } from 'node:https'` see the same.
syncBuiltinESMExports();
