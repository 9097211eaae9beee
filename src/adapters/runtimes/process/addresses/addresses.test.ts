import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { layHome } from '../home.ts';
import { blocksIn, claimBlock } from './block.ts';
import { AddressPool } from './pool.ts';

const base = mkdtempSync(join(tmpdir(), 'timonel-addresses-'));
after(() => rmSync(base, { recursive: true }));

function home(name: string) {
  const path = join(base, name);
  mkdirSync(path, { recursive: true });
  return layHome(path);
}

test('the block of a listener is read from the kernel', () => {
  const table = [
    '  sl  local_address rem_address   st',
    '   0: 0100987F:1388 00000000:0000 0A 00000000:00000000',
    '   1: 0100007F:0050 00000000:0000 0A 00000000:00000000',
    '   2: 0100227F:1388 0100227F:9999 01 00000000:00000000',
    '   3: 0000000000000000FFFF00000100337F:1F90 00000000000000000000000000000000:0000 0A',
    '   4: 00000000:0016 00000000:0000 0A 00000000:00000000',
  ].join('\n');
  assert.deepEqual(blocksIn(table), [0x98, 0, 0x33]);
});

test('a home keeps its block, and two homes never share one', () => {
  const [one, two] = [home('one'), home('two')];
  const block = claimBlock(one, undefined);
  assert.equal(claimBlock(one, undefined), block);
  assert.throws(() => claimBlock(two, block), { said: { code: 'RUNTIME_NO_ADDRESS', facts: { home: two.root } } });
  assert.notEqual(claimBlock(two, undefined), block);
});

test('the block of a home that is gone is free again', () => {
  const [gone, next] = [home('gone'), home('next')];
  const block = claimBlock(gone, undefined);
  rmSync(gone.root, { recursive: true });
  assert.equal(claimBlock(next, block), block);
});

test("claims of homes that are gone are in no other account's way", () => {
  const gone = home('left');
  const block = claimBlock(gone, undefined);
  rmSync(gone.root, { recursive: true });
  claimBlock(home('another'), undefined);
  const claim = `/tmp/.timonel-blocks/${block}`;
  assert.notEqual(existsSync(claim) && readFileSync(claim, 'utf8'), gone.root);
});

test('addresses are unique, given back late, and never those taken before', () => {
  const pool = new AddressPool(home('pool'), 77, ['127.77.0.1', '127.77.0.2']);
  const first = pool.take();
  assert.equal(first, '127.77.0.3');
  pool.give(first);
  assert.equal(pool.take(), '127.77.0.4');
  const many = Array.from({ length: 600 }, () => pool.take());
  assert.equal(new Set(many).size, 600);
  for (const address of many)
    assert.match(address, /^127\.77\.([0-9]|1[01]?\d?|12[0-7])\.([1-9]\d?|1\d\d|2[0-4]\d|25[0-4])$/);
});

test('services have addresses of another part, which stay over restarts and differ between projects', () => {
  const place = home('services');
  const pool = new AddressPool(place, 77, []);
  const web = pool.ofService('shop', 'web');
  assert.match(web, /^127\.77\.128\./);
  assert.notEqual(pool.ofService('shop', 'db'), web);
  assert.notEqual(pool.ofService('blog', 'web'), web);
  assert.equal(new AddressPool(place, 77, []).ofService('shop', 'web'), web);
  assert.match(new AddressPool(place, 78, []).ofService('shop', 'web'), /^127\.78\./, 'a home that had to move');
});
