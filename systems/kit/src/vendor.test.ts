import assert from 'node:assert/strict';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after, test } from 'node:test';
import { vendor } from './vendor.ts';

const folder = mkdtempSync(join(tmpdir(), 'kit-vendor-'));
after(() => rmSync(folder, { recursive: true }));

/** A repository with hoisted packages, one nested version, an optional one that is absent, and a workspace. */
function repository(): string {
  const root = join(folder, 'repository');
  const packages = {
    'node_modules/a': { dependencies: { b: '1' }, optionalDependencies: { absent: '1' } },
    'node_modules/b': { version: '1.0.0' },
    'node_modules/unused': {},
    'systems/shop': { dependencies: { a: '1', b: '2', '@x/kit': '1' } },
    'systems/shop/node_modules/b': { version: '2.0.0' },
    'systems/kit': { dependencies: { c: '1' } },
    'node_modules/c': {},
  };
  for (const [path, manifest] of Object.entries(packages)) {
    mkdirSync(join(root, path), { recursive: true });
    writeFileSync(join(root, path, 'package.json'), JSON.stringify(manifest));
  }
  mkdirSync(join(root, 'node_modules/@x'));
  symlinkSync('../../systems/kit', join(root, 'node_modules/@x/kit'));
  return root;
}

test('a snapshot gets what its system needs, in the places where Node looks, and nothing else', () => {
  const context = join(repository(), 'systems');
  const snapshot = join(folder, 'snapshot');
  mkdirSync(join(snapshot, 'kit'), { recursive: true });
  assert.equal(vendor({ context, snapshot, system: 'shop' }), 5);

  const version = (path: string) => JSON.parse(readFileSync(join(snapshot, path, 'package.json'), 'utf8')).version;
  assert.equal(version('node_modules/b'), '1.0.0');
  assert.equal(version('shop/node_modules/b'), '2.0.0');
  assert.ok(existsSync(join(snapshot, 'node_modules/c/package.json')), 'what the workspace needs is there');
  assert.ok(!existsSync(join(snapshot, 'node_modules/unused')));
  assert.equal(realpathSync(join(snapshot, 'node_modules/@x/kit')), realpathSync(join(snapshot, 'kit')));
});

test('a package that is not installed is named', () => {
  const context = join(folder, 'bare/systems');
  mkdirSync(join(context, 'shop'), { recursive: true });
  writeFileSync(join(context, 'shop/package.json'), JSON.stringify({ dependencies: { lost: '1' } }));
  assert.throws(() => vendor({ context, snapshot: dirname(context), system: 'shop' }), /^Error: lost, which /);
});
