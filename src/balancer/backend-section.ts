import type { Backend, Server } from '#model/route.ts';
import { canaryRules } from './canary.ts';
import { failureRules } from './events-section.ts';
import { handoverSocket } from './handover-doors.ts';
import { handoverServer, proxyName } from './names.ts';
import type { ProxyOptions } from './options.ts';
import type { BackendPolicy } from './policy/render-policy.ts';

interface Input {
  readonly backend: Backend;
  readonly policy: BackendPolicy;
  readonly options: ProxyOptions;
}

/** A backend without its instances: what only a reload can change. */
export function backendSection({ backend, policy, options }: Input): string[] {
  const name = proxyName(backend.id);
  return [
    `backend ${name} from ${backend.protocol}`,
    `  balance ${backend.balance}`,
    ...policy.settings,
    // Who is refused must not wait for it, so the policy comes before the hold.
    ...policy.rules,
    ...(backend.protocol === 'http' ? httpRules(name, options) : tcpRules(name, options)),
    ...policy.handedOver,
    `  use-server ${handoverServer} if { stopping }`,
    ...canaryRules(backend, options.canaryMap),
    `  server ${handoverServer} ${handoverSocket(options.handover, backend.protocol)} send-proxy-v2 proxy-v2-options unique-id weight 0`,
  ];
}

/** The instances, so that a restarted or reloaded proxy knows them; a running one is told over its socket. */
export function serverLines(servers: readonly Server[], serverOptions: string): string[] {
  return servers
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    .map((server) => {
      const weight = server.state === 'drain' ? 0 : server.weight;
      const state = server.state === 'maint' ? ' disabled' : '';
      return `  server ${server.id} ${server.address}:${server.port} weight ${weight} ${serverOptions}${state}`;
    });
}

function held(name: string, { holdMap }: ProxyOptions): string {
  return `{ str(${name}),map_str(${holdMap}) -m found }`;
}

/** How requests are sent on. */
export const sendingRules = [
  // Only what may run twice is sent again after it reached an instance. METH_GET covers HEAD.
  '  http-request disable-l7-retry unless METH_GET',
  // Event streams may be silent for longer than an answer may take to begin.
  '  http-request set-timeout server 24h if { req.hdr(accept) -m sub text/event-stream }',
];

function httpRules(name: string, options: ProxyOptions): string[] {
  const body = '{"error":"ServiceUnavailable","message":"the service is paused or being replaced","status":503}';
  return [
    ...sendingRules,
    `  http-request lua.hold ${name} if ${held(name, options)}`,
    `  http-request return status 503 content-type application/json string '${body}' hdr Retry-After 5 if { var(txn.held) -m found }`,
    ...failureRules,
  ];
}

/** The delay is no delay: it bounds how long a connection may wait, which is let through at its end; see `longestHoldMs`. */
function tcpRules(name: string, options: ProxyOptions): string[] {
  return [
    '  tcp-request inspect-delay 24h',
    `  tcp-request content lua.hold ${name} if ${held(name, options)}`,
    '  tcp-request content reject if { var(txn.held) -m found }',
  ];
}
