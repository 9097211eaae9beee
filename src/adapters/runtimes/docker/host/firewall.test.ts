import assert from 'node:assert/strict';
import { test } from 'node:test';
import { renderChain, renderJumps } from './firewall.ts';

const plan = {
  chain: 'TIMONEL-abc',
  guarded: ['198.18.4.0/22', '10.9.0.230/32'],
  admissions: [{ address: '198.18.4.7', from: ['10.9.0.0/24', '10.9.1.0/24'] }],
};

test('only the service’s networks and the host reach its address', () => {
  assert.equal(
    renderChain(plan),
    `*filter
:TIMONEL-abc - [0:0]
-A TIMONEL-abc -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
-A TIMONEL-abc -i lo -j ACCEPT
-A TIMONEL-abc -s 10.9.0.0/24 -d 198.18.4.7/32 -j ACCEPT
-A TIMONEL-abc -s 10.9.1.0/24 -d 198.18.4.7/32 -j ACCEPT
-A TIMONEL-abc -j DROP
COMMIT
`,
  );
});

test('jumps that are there stay, missing ones are inserted, old ones go', () => {
  const listing = [
    '-P INPUT DROP',
    '-A INPUT -d 198.18.4.0/22 -j TIMONEL-abc',
    '-A INPUT -d 10.9.0.229/32 -j TIMONEL-abc',
    '-A INPUT -d 198.18.8.0/22 -j TIMONEL-other',
    '-A INPUT -j ufw-before-input',
  ].join('\n');
  assert.deepEqual(renderJumps(plan, listing), [
    ['-I', 'INPUT', '-d', '10.9.0.230/32', '-j', 'TIMONEL-abc'],
    ['-D', 'INPUT', '-d', '10.9.0.229/32', '-j', 'TIMONEL-abc'],
  ]);
});
