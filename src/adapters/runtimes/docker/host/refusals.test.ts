import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refusedPorts } from './refusals.ts';

const ports = [80, 8000, 8443];

test('a host that lets everything in refuses nothing', () => {
  assert.deepEqual(refusedPorts('-P INPUT ACCEPT\n-P FORWARD DROP\n', ports), []);
});

test('a host that drops by default refuses what no rule accepts, whatever chain the rule is in', () => {
  const ufw = `-P INPUT DROP
-N ufw-user-input
-A INPUT -j ufw-user-input
-A ufw-user-input -p tcp -m tcp --dport 80 -j ACCEPT
-A ufw-user-input -p tcp -m multiport --dports 443,8400:8500 -j ACCEPT
-A ufw-user-input -p tcp -m tcp --dport 8000 -j DROP
`;
  assert.deepEqual(refusedPorts(ufw, ports), [8000]);
});

test('a last rule that drops everything counts as the policy', () => {
  const own = `-P INPUT ACCEPT
-A INPUT -p tcp -m tcp --dport 8000 -j ACCEPT
-A INPUT -j REJECT --reject-with icmp-host-prohibited
`;
  assert.deepEqual(refusedPorts(own, ports), [80, 8443]);
});
