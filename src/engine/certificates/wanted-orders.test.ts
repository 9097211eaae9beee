import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Authority, Challenge } from '#model/certificate.ts';
import type { Route } from '#model/route.ts';
import { orderKey, wantedOrders } from './wanted-orders.ts';

const directory = 'https://ca.example/dir';
const byDns: Challenge = { kind: 'dns-01', hook: ['./record.sh'], cwd: '/' };

function orders(hosts: readonly (string | readonly string[])[], challenge: Challenge) {
  const authority: Authority = { directory, challenge };
  const routes = hosts.map((host, index): Route => {
    const names = [host].flat();
    const match = { kind: 'host', name: names[0] ?? '' } as const;
    const tls = { kind: 'acme', authority, ...(Array.isArray(host) ? { domains: [names] } : {}) } as const;
    return { name: `r${index}`, project: 'p', service: 'web', port: 80, priority: 1, entries: ['https'], match, tls };
  });
  const exposure = { routes, published: [] };
  const web = { endpoints: [], balance: 'roundrobin', address: undefined, exposure, members: [] } as const;
  return wantedOrders({ p: { web } });
}

test('a wildcard is one order for all hosts that it serves, and names in one certificate are one order', () => {
  const all = orders(['a.b.pe', '*.b.pe', 'b.pe', ['c.pe', 'd.pe']], byDns);
  assert.deepEqual(
    all.map((one) => one.names),
    [['*.b.pe'], ['b.pe'], ['c.pe', 'd.pe']],
  );
  assert.equal(new Set(all.map(orderKey)).size, all.length);
});

test('what no authority would issue is left out: local names, and wildcards by http-01', () => {
  const names = (challenge: Challenge) =>
    orders(['*.b.pe', 'a.b.pe', ['d.localhost', 'd.pe']], challenge).map((one) => one.names);
  assert.deepEqual(names(byDns), [['*.b.pe'], ['d.pe']]);
  assert.deepEqual(names({ kind: 'http-01' }), [['a.b.pe'], ['d.pe']]);
});
