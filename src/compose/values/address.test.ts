import assert from 'node:assert/strict';
import test from 'node:test';
import { isAddress } from './address.ts';

for (const text of [
  '0.0.0.0',
  '127.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '1::',
  'fe80::1:2',
  '1:2:3:4:5:6:7:8',
  '::ffff:1.2.3.4',
  '1:2:3:4:5:6:1.2.3.4',
]) {
  test(`${text} is an address`, () => assert.equal(isAddress(text), true));
}

for (const text of [
  '',
  '127.0.1',
  '1.2.3.256',
  '01.2.3.4',
  '1.2.3.4.5',
  'localhost',
  ':',
  ':::',
  '1::2::3',
  '1:2:3:4:5:6:7',
  '1:2:3:4:5:6:7:8:9',
  '1:2:3:4:5:6:7::8',
  'fe80::1%eth0',
  '12345::',
  '::1.2.3',
  '1:2',
]) {
  test(`${JSON.stringify(text)} is no address`, () => assert.equal(isAddress(text), false));
}
