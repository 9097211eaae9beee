import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  divide,
  nextFree,
  parseAddress,
  parseBlock,
  parseRange,
  renderAddress,
  renderBlock,
  renderRange,
} from './subnet.ts';

const text = (address: number | undefined) => (address === undefined ? undefined : renderAddress(address));

test('blocks and addresses are read and written', () => {
  for (const block of ['10.1.2.0/24', '172.17.0.0/16', '0.0.0.0/0', '255.255.255.255/32']) {
    const parsed = parseBlock(block);
    assert.equal(parsed === undefined ? undefined : renderBlock(parsed), block);
  }
  assert.equal(renderBlock(parseBlock('10.1.2.77/24') ?? { base: 0, bits: 0 }), '10.1.2.0/24');
  for (const wrong of ['10.1.2.0', 'fd00::/64', '10.1.2.0/33', '10.1.2.999/24', '', '10.1/16'])
    assert.equal(parseBlock(wrong), undefined, wrong);
  assert.equal(text(parseAddress('192.168.255.254')), '192.168.255.254');
});

test('a subnet is divided between the engine, instances and services', () => {
  const division = divide(parseBlock('10.1.2.0/24') ?? { base: 0, bits: 0 });
  assert.deepEqual(
    division && [renderBlock(division.dynamic), renderRange(division.instances), renderRange(division.services)],
    ['10.1.2.0/25', '10.1.2.128-10.1.2.223', '10.1.2.224-10.1.2.254'],
  );
  assert.equal(divide({ base: 0, bits: 29 }), undefined, 'too small to divide');
});

test('the search for a free address goes on where it ended and goes round once', () => {
  const range = parseRange('10.0.0.4-10.0.0.6') ?? { first: 0, last: 0 };
  const at = (address: string) => parseAddress(address) ?? 0;
  const taken = (...addresses: string[]) => new Set(addresses.map(at));
  assert.equal(text(nextFree(range, range.first, taken())), '10.0.0.4');
  assert.equal(text(nextFree(range, at('10.0.0.5'), taken('10.0.0.5'))), '10.0.0.6');
  assert.equal(text(nextFree(range, at('10.0.0.7'), taken())), '10.0.0.4');
  assert.equal(text(nextFree(range, at('10.0.0.6'), taken('10.0.0.6', '10.0.0.4'))), '10.0.0.5');
  assert.equal(nextFree(range, range.first, taken('10.0.0.4', '10.0.0.5', '10.0.0.6')), undefined);
});
