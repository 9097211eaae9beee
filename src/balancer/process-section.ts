import { workerPeer } from './counter-handover.ts';
import { tellingSettings } from './events-section.ts';
import { cameByRoute } from './handover-doors.ts';
import type { ProxyOptions } from './options.ts';
import { trafficOwner } from './owner.ts';

/** The `global` section. `structure` is how a running worker says which configuration it carries. */
export function processSection(options: ProxyOptions, structure: string): string[] {
  return [
    'global',
    `  description ${describe(structure)}`,
    `  stats socket ${options.statsSocket} mode 600 level admin expose-fd listeners`,
    '  stats timeout 1h',
    // Of `normalize-uri` only, which is what all versions from 2.4 on call it.
    '  expose-experimental-directives',
    // How long a websocket may outlive a reload, and how many old workers may wait for theirs.
    '  hard-stop-after 24h',
    '  mworker-max-reloads 12',
    `  localpeer ${workerPeer}`,
    `  maxconn ${options.maxConnections}`,
    ...trafficOwner(options),
    '  tune.ssl.default-dh-param 2048',
    '  ssl-default-bind-options ssl-min-ver TLSv1.2 no-tls-tickets',
    '  ssl-default-bind-ciphersuites TLS_AES_128_GCM_SHA256:TLS_AES_256_GCM_SHA384:TLS_CHACHA20_POLY1305_SHA256',
    `  ssl-default-bind-ciphers ${ciphers.join(':')}`,
    `  lua-load ${options.holdScript}`,
    `  lua-load-per-thread ${options.policyScript}`,
  ];
}

/** Mozilla's intermediate list, without DHE. */
const ciphers = [
  'ECDHE-ECDSA-AES128-GCM-SHA256',
  'ECDHE-RSA-AES128-GCM-SHA256',
  'ECDHE-ECDSA-AES256-GCM-SHA384',
  'ECDHE-RSA-AES256-GCM-SHA384',
  'ECDHE-ECDSA-CHACHA20-POLY1305',
  'ECDHE-RSA-CHACHA20-POLY1305',
];

const mark = 'timonel-';

/** The description that a worker with this structure shows. */
export function describe(structure: string): string {
  return `${mark}${structure}`;
}

/** The structure that a worker's description tells, or undefined when it is not ours. */
export function structureOf(description: string | undefined): string | undefined {
  return description?.startsWith(mark) ? description.slice(mark.length) : undefined;
}

/**
 * The `defaults` sections `http` and `tcp`. Every time-out is one of inactivity: nothing that moves is ever cut.
 * What each is for, and what was lost without it, is measured; see docs/decisions about the data plane.
 */
export function defaultsSections(): string[] {
  return [
    'defaults http',
    '  mode http',
    ...tellingSettings,
    // Also the pause before the same instance is tried again; the network is this machine.
    '  timeout connect 150ms',
    '  timeout client 2m',
    '  timeout server 10m',
    '  timeout http-request 15s',
    '  timeout http-keep-alive 5s',
    '  timeout queue 30s',
    '  timeout tunnel 24h',
    '  timeout client-fin 30s',
    '  option redispatch 1',
    '  retries 3',
    '  retry-on conn-failure empty-response',
    '  http-reuse safe',
    // A kept connection of a stopping worker is closed with its next answer, never between two requests.
    '  option idle-close-on-response',
    '  option clitcpka',
    '  option srvtcpka',
    `  unique-id-format ${cameByRoute}`,
    ...errorPages.map(
      ([status, name, message, retry]) =>
        `  http-error status ${status} content-type application/json string ` +
        `'{"error":"${name}","message":"${message}","status":${status}}'${retry}`,
    ),
    'defaults tcp',
    '  mode tcp',
    '  timeout connect 150ms',
    '  timeout client 24h',
    '  timeout server 24h',
    '  timeout tunnel 24h',
    '  timeout client-fin 30s',
    '  option redispatch 1',
    '  retries 3',
    '  option clitcpka',
    '  option srvtcpka',
  ];
}

const errorPages = [
  [502, 'BadGateway', 'the service broke off its answer', ''],
  [503, 'ServiceUnavailable', 'no instance of the service can answer now', ' hdr Retry-After 1'],
  [504, 'GatewayTimeout', 'the service did not answer in time', ''],
] as const;
