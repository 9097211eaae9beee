import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CounterLedger, type WorkerStat } from './counters.ts';

function stat(pid: number, old: boolean, values: Readonly<Record<string, number | string>>): WorkerStat {
  const row = { pxname: 'p:web:80', svname: 'a', type: '2', mode: 'http', status: 'no check', uweight: '100' };
  const texts = Object.fromEntries(Object.entries(values).map(([key, value]) => [key, String(value)]));
  return { pid, old, rows: [{ ...row, ...texts }] };
}

const brief = (ledger: CounterLedger, ...stats: WorkerStat[]) =>
  ledger
    .add(stats)
    .map(({ server, sessions, requests, serverErrors, state }) => [server, sessions, requests, serverErrors, state]);

test('an old worker still counts: in flight now, and what it answered for good', () => {
  const ledger = new CounterLedger();
  assert.deepEqual(brief(ledger, stat(1, false, { scur: 2, hrsp_2xx: 10, hrsp_5xx: 1 })), [['a', 2, 11, 1, 'ready']]);
  const reloaded = [stat(2, false, { scur: 1, hrsp_2xx: 3 }), stat(1, true, { scur: 2, hrsp_2xx: 12, hrsp_5xx: 1 })];
  assert.deepEqual(brief(ledger, ...reloaded), [['a', 3, 16, 1, 'ready']]);
  assert.deepEqual(
    brief(ledger, stat(2, false, { hrsp_2xx: 4 })),
    [['a', 0, 17, 1, 'ready']],
    'it ended: its sum stays',
  );
  assert.deepEqual(brief(ledger, stat(3, false, { hrsp_2xx: 1 })), [['a', 0, 18, 1, 'ready']]);
});

test('an instance that only an old worker knows takes nothing new, but may be busy', () => {
  const ledger = new CounterLedger();
  const other: WorkerStat = { ...stat(2, false, {}), rows: [{ ...stat(2, false, {}).rows[0], svname: 'b' }] };
  assert.deepEqual(brief(ledger, other, stat(1, true, { scur: 1 })), [
    ['b', 0, 0, 0, 'ready'],
    ['a', 1, 0, 0, 'maint'],
  ]);
});

test('states, connections of tcp backends, and rows that are no instances', () => {
  const ledger = new CounterLedger();
  const states = ['MAINT', 'DRAIN', 'DOWN 1/2', 'UP', 'no check'].map(
    (status) => brief(ledger, stat(1, false, { status }))[0]?.[4],
  );
  assert.deepEqual(states, ['maint', 'drain', 'down', 'ready', 'ready']);
  assert.equal(brief(new CounterLedger(), stat(1, false, { mode: 'tcp', stot: 7, hrsp_2xx: 1 }))[0]?.[2], 7);
  assert.deepEqual(brief(ledger, stat(1, false, { type: '1' })), []);
  assert.deepEqual(brief(ledger, stat(1, false, { svname: '.handover' })), []);
});
