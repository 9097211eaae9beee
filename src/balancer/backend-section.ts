import type { Backend, Server } from '#model/route.ts';
import { handoverSocket } from './listener-section.ts';
import { handoverServer, proxyName } from './names.ts';
import type { ProxyOptions } from './options.ts';

/** A backend without its instances: what only a reload can change. */
export function backendSection(backend: Backend, options: ProxyOptions): string[] {
  const name = proxyName(backend.id);
  return [
    `backend ${name} from ${backend.protocol}`,
    `  balance ${backend.balance}`,
    ...(backend.protocol === 'http' ? httpRules(name, options) : tcpRules(name, options)),
    `  use-server ${handoverServer} if { stopping }`,
    `  server ${handoverServer} ${handoverSocket(options.handover, backend.protocol)} send-proxy-v2 proxy-v2-options unique-id weight 0`,
  ];
}

/**
 * Kept connections to an instance live a second without work: an instance that closes its own after two never meets a
 * request on one, and one that is to go is soon let go of.
 */
export const serverTuning = 'pool-purge-delay 1s';

/** The instances, so that a restarted or reloaded proxy knows them; a running one is told over its socket. */
export function serverLines(servers: readonly Server[]): string[] {
  return servers
    .toSorted((a, b) => (a.id < b.id ? -1 : 1))
    .map((server) => {
      const weight = server.state === 'drain' ? 0 : server.weight;
      return `  server ${server.id} ${server.address}:${server.port} weight ${weight} ${serverTuning}${server.state === 'maint' ? ' disabled' : ''}`;
    });
}

function held(name: string, { holdMap }: ProxyOptions): string {
  return `{ str(${name}),map_str(${holdMap}) -m found }`;
}

/** Only what may run twice is sent again after it reached an instance. METH_GET covers HEAD. */
function httpRules(name: string, options: ProxyOptions): string[] {
  const body = '{"error":"ServiceUnavailable","message":"the service is being replaced","status":503}';
  return [
    '  http-request disable-l7-retry unless METH_GET',
    // Event streams may be silent for longer than an answer may take to begin.
    '  http-request set-timeout server 24h if { req.hdr(accept) -m sub text/event-stream }',
    `  http-request lua.hold ${name} if ${held(name, options)}`,
    `  http-request return status 503 content-type application/json string '${body}' hdr Retry-After 5 if { var(txn.held) -m found }`,
  ];
}

/** The delay is no delay: it only bounds how long a held connection may wait, see the hold's own limit. */
function tcpRules(name: string, options: ProxyOptions): string[] {
  return [
    '  tcp-request inspect-delay 1h',
    `  tcp-request content lua.hold ${name} if ${held(name, options)}`,
    '  tcp-request content reject if { var(txn.held) -m found }',
  ];
}
