import { handoverServer } from './names.ts';
import type { ProxyOptions } from './options.ts';
import { socketOwner } from './owner.ts';

/*
 * A worker that was replaced by a reload still has kept connections. A request that comes on one is handed as it came to
 * the same edge of the worker that followed, so that it meets the routes, limits and instances of today and meets them
 * once. What was begun before, and waits, is handed over further inside: see handover-doors.ts.
 */

type Edge = 'http' | 'https';

/** The socket at which an edge takes what its predecessor hands over. */
export function successorDoor(edge: Edge, options: Pick<ProxyOptions, 'handover' | 'user'>): string {
  return `  bind ${socket(edge, options)} mode 600${socketOwner(options)} accept-proxy`;
}

/** The first rules of an edge. Those that follow are the successor's affair, and so is the route. */
export function leaveToSuccessor(edge: Edge): string[] {
  return [
    `  http-request set-var(txn.route) str(${successor(edge)}) if { stopping }`,
    '  http-request allow if { var(txn.route) -m found }',
  ];
}

/** The backend for it. The successor tells the request and knows its id, and how long an answer may take. */
export function successorSection(edge: Edge, options: Pick<ProxyOptions, 'handover'>): string[] {
  return [
    `backend ${successor(edge)} from http`,
    '  timeout server 24h',
    '  http-request set-log-level silent',
    '  http-request disable-l7-retry unless METH_GET',
    '  http-response set-var(txn.id) res.fhdr(x-request-id)',
    `  server ${handoverServer} ${socket(edge, options)} send-proxy-v2`,
  ];
}

function successor(edge: Edge): string {
  return `.successor-${edge}`;
}

function socket(edge: Edge, { handover }: Pick<ProxyOptions, 'handover'>): string {
  return `unix@${handover}/edge-${edge}.sock`;
}
