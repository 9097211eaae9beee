import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Network } from '#model/project.ts';
import { label } from '../labels.ts';
import { describeNetwork, needsSubnet, networkConfig } from './describe.ts';

function describe(definition: Network, subnet?: string) {
  return describeNetwork({ key: 'default', name: 'shop_default', definition, project: 'shop', home: 'abc', subnet });
}

test('a network without a subnet gets one, of which the engine gives out the lower half', () => {
  assert.equal(needsSubnet({}), true);
  const made = describe({}, '10.9.0.0/24');
  assert.deepEqual(made.IPAM.Config, [{ Subnet: '10.9.0.0/24', IPRange: '10.9.0.0/25' }]);
  assert.equal(made.Labels[label.instanceRange], '10.9.0.128-10.9.0.223');
  assert.equal(made.Labels['com.docker.compose.project'], 'shop');
  assert.equal(made.Labels['com.docker.compose.network'], 'default');
});

test('what the file says of a network stays as it is', () => {
  const ipam = {
    driver: 'default',
    config: [
      {
        subnet: '172.30.0.0/24',
        ip_range: '172.30.0.64/26',
        gateway: '172.30.0.254',
        aux_addresses: { a: '172.30.0.9' },
      },
    ],
  };
  const made = describe({ internal: true, attachable: true, driver_opts: { 'com.docker.network.mtu': 1400 }, ipam });
  assert.equal(needsSubnet({ ipam }), false);
  assert.deepEqual(made.IPAM.Config, [
    {
      Subnet: '172.30.0.0/24',
      IPRange: '172.30.0.64/26',
      Gateway: '172.30.0.254',
      AuxiliaryAddresses: { a: '172.30.0.9' },
    },
  ]);
  assert.equal(made.Labels[label.instanceRange], undefined, 'the range of the file is the engine’s');
  assert.deepEqual([made.Internal, made.Attachable, made.Options], [true, true, { 'com.docker.network.mtu': '1400' }]);
});

test('networks of other drivers are left to their drivers', () => {
  assert.equal(needsSubnet({ driver: 'macvlan' }), false);
  assert.deepEqual(describe({ driver: 'macvlan', ipam: { config: [{ subnet: '192.168.1.0/24' }] } }).IPAM.Config, [
    { Subnet: '192.168.1.0/24' },
  ]);
});

test('a name or a label makes no other network, a subnet does', () => {
  assert.equal(networkConfig({ name: 'a', labels: { x: '1' } }), networkConfig({}));
  assert.notEqual(networkConfig({ internal: true }), networkConfig({}));
});
