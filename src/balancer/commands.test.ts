import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Hold, RouteTable, Server } from '#model/route.ts';
import { type LiveState, runtimeCommands } from './commands.ts';
import { parseMap, parseServersState, parseWorkers } from './live.ts';

const ready = (id: string, weight = 100): Server => ({ id, address: '127.1.0.2', port: 80, weight, state: 'ready' });

function tableOf(servers: readonly Server[], held?: Hold): RouteTable {
  const backend = {
    id: 'p/web:80',
    project: 'p',
    service: 'web',
    port: 80,
    protocol: 'http',
    balance: 'roundrobin',
  } as const;
  return {
    backends: { 'p/web:80': { ...backend, servers, ...(held === undefined ? {} : { held }) } },
    listeners: [],
    routes: [],
  };
}

function live(
  servers: readonly Partial<LiveState['servers'][number]>[],
  holds: readonly [string, string][] = [],
): LiveState {
  const usual = {
    backend: 'p:web:80',
    name: '',
    address: '127.1.0.2',
    port: 80,
    weight: 100,
    maint: false,
    drain: false,
  };
  return { servers: servers.map((one) => ({ ...usual, ...one })), holds: new Map(holds), canaries: new Map() };
}

const plan = (table: RouteTable, now: LiveState) => {
  const { enter, leave, remove, release } = runtimeCommands({ table, live: now, holdMap: '/m', canaryMap: '/c' });
  return [...enter, '--', ...leave, '--', ...remove, '--', ...release];
};
const nothing = ['--', '--', '--'];

test('an equal state needs nothing', () => {
  assert.deepEqual(plan(tableOf([ready('a')]), live([{ name: 'a' }, { name: '.handover', weight: 0 }])), nothing);
  const drain: Server = { ...ready('a'), state: 'drain' };
  assert.deepEqual(plan(tableOf([drain]), live([{ name: 'a', drain: true, weight: 0 }])), nothing);
});

test('the new one enters before the old one leaves; what is gone goes last', () => {
  assert.deepEqual(
    plan(tableOf([{ ...ready('a'), state: 'drain' }, ready('b')]), live([{ name: 'a' }, { name: 'z' }])),
    [
      'add server p:web:80/b 127.1.0.2:80 weight 100 pool-purge-delay 1s',
      'set server p:web:80/b state ready',
      '--',
      'set server p:web:80/a state drain',
      'set server p:web:80/z state maint',
      '--',
      'del server p:web:80/z',
      '--',
    ],
  );
});

test('address and weight change before the state does', () => {
  assert.deepEqual(plan(tableOf([ready('a', 20)]), live([{ name: 'a', maint: true, port: 81 }])), [
    'set server p:web:80/a addr 127.1.0.2 port 80',
    'set server p:web:80/a weight 20',
    'set server p:web:80/a state ready',
    ...nothing,
  ]);
});

test('requests are held before anything leaves, and released after everything entered', () => {
  const hold = { maxMs: 30_000, limit: 10 };
  assert.deepEqual(plan(tableOf([{ ...ready('a'), state: 'maint' }], hold), live([{ name: 'a' }])), [
    'add map /m p:web:80 10/30000',
    '--',
    'set server p:web:80/a state maint',
    '--',
    '--',
  ]);
  const held = live([{ name: 'a', maint: true }], [['p:web:80', '10/30000']]);
  assert.deepEqual(plan(tableOf([ready('a')], { ...hold, limit: 20 }), held).slice(0, 1), [
    'set map /m p:web:80 20/30000',
  ]);
  assert.deepEqual(plan(tableOf([ready('a')]), held), [
    'set server p:web:80/a state ready',
    '--',
    '--',
    '--',
    'del map /m p:web:80',
  ]);
});

test('reads what HAProxy 2.6 tells', () => {
  const state =
    '1\n# be_id be_name srv_id srv_name srv_addr srv_op_state srv_admin_state srv_uweight srv_iweight srv_time_since_last_change srv_check_status srv_check_result srv_check_health srv_check_state srv_agent_state bk_f_forced_id srv_f_forced_id srv_fqdn srv_port srvrecord srv_use_ssl srv_check_port srv_check_addr srv_agent_addr srv_agent_port\n' +
    '3 p:web:80 1 a 127.99.1.2 0 5 100 100 0 1 0 0 8 0 0 0 - 9000 - 0 0 - - 0\n3 p:web:80 2 b 127.99.1.3 2 8 10 10 0 1 0 0 0 0 0 0 - 9000 - 0 0 - - 0\n\n';
  const common = { backend: 'p:web:80', port: 9000 };
  assert.deepEqual(parseServersState(state), [
    { ...common, name: 'a', address: '127.99.1.2', weight: 100, maint: true, drain: false },
    { ...common, name: 'b', address: '127.99.1.3', weight: 10, maint: false, drain: true },
  ]);
  assert.deepEqual(
    [...parseMap('0x55ed35a57a50 web 1000/3000\n0x55ed35a57b30 tcpb 10/1\n\n')],
    [
      ['web', '1000/3000'],
      ['tcpb', '10/1'],
    ],
  );
  const workers =
    '#<PID>          <type>          <reloads>       <uptime>        <version>      \n10  master  1 [failed: 0]  0d00h00m01s  2.6.12\n# workers\n12  worker  0  0d00h00m01s  2.6.12\n# old workers\n11  worker  1  0d00h00m02s  2.6.12\n# programs\n\n';
  assert.deepEqual(parseWorkers(workers), [
    { pid: 12, old: false },
    { pid: 11, old: true },
  ]);
});
