/**
 * Sends an unmodified app to the simulator: firebase-admin (13 or 14) instead of to Google, and any
 * APNs client instead of to Apple:
 *
 *   FCM_EMULATOR_HOST=127.0.0.1:9110 APNS_EMULATOR_HOST=127.0.0.1:9111 \
 *     node --require ./simulator/preload.cjs app.js
 *
 * While this is loaded, nothing of the process reaches fcm.googleapis.com, iid.googleapis.com or
 * Apple's push hosts.
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
const tls = require('node:tls');
const { URL } = require('node:url');

const DEFAULT_HOSTS = {
  FCM_EMULATOR_HOST: '127.0.0.1:9110',
  APNS_EMULATOR_HOST: '127.0.0.1:9111',
};
const MESSAGING_HOSTS = ['fcm.googleapis.com', 'iid.googleapis.com'];
const APNS_HOSTS = new Set([
  'api.push.apple.com',
  'api.sandbox.push.apple.com',
  'api.development.push.apple.com',
]);
const TOKEN_HOST = 'oauth2.googleapis.com';

const simulator = hostFrom('FCM_EMULATOR_HOST');
const apns = hostFrom('APNS_EMULATOR_HOST');
const rerouted = new Set(MESSAGING_HOSTS);

if (!process.env.GOOGLE_APPLICATION_CREDENTIALS) {
  process.env.GOOGLE_APPLICATION_CREDENTIALS = path.join(__dirname, 'preload-credentials.json');
  rerouted.add(TOKEN_HOST);
}

/** Splits the `host:port` in a variable. Throws on anything else, a scheme for instance. */
function hostFrom(variable) {
  const text = process.env[variable] || DEFAULT_HOSTS[variable];
  const match = /^(\[[0-9a-fA-F:]+\]|[^:/[\]]+):(\d{1,5})$/.exec(text);
  if (match === null) {
    throw new Error(
      `Expected ${variable} to be host:port, for instance ${DEFAULT_HOSTS[variable]}, got "${text}".`,
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

const tlsConnect = tls.connect;

/**
 * `tls.connect` in all its forms: (options), (port, options) or (port, host, options), each with a
 * callback. Every client of APNs comes through here, node:http2 and undici too. The name in the
 * handshake stays Apple's, so that the simulator knows which of Apple's servers was meant.
 */
tls.connect = function connectToApns(...args) {
  const own = args.find((each) => typeof each === 'object' && each !== null) ?? {};
  const host = own.host ?? (typeof args[1] === 'string' ? args[1] : undefined) ?? own.servername;
  if (!APNS_HOSTS.has(host)) return tlsConnect.apply(tls, args);
  return tlsConnect.call(
    tls,
    {
      ...own,
      servername: own.servername || host,
      host: apns.hostname,
      port: apns.port,
      // A tunnel that was dug by a proxy would end at Apple.
      socket: undefined,
      path: undefined,
      // The simulator's certificate was made this minute; nobody but this machine is spoken to.
      rejectUnauthorized: false,
    },
    args.find((each) => typeof each === 'function'),
  );
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
