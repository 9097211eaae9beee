import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, test } from 'node:test';
import { hasCode } from '#core/errors.ts';
import { said } from '#core/messages/say.ts';
import { makeRelease, makeSpec } from '../../../test/support/specs.ts';
import { Database } from './database.ts';
import { createStore } from './index.ts';
import { migrate } from './migrate.ts';

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'timonel-store-'));
  file = join(folder, 'state.db');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the records', () => {
  test('are readable for their owner only, also what SQLite keeps beside them', () => {
    const store = createStore({ file });
    store.ensureProject('shop');
    for (const name of readdirSync(folder)) assert.equal(statSync(join(folder, name)).mode & 0o077, 0, name);
    store.close();
  });

  test('survive being closed and opened', () => {
    const first = createStore({ file });
    const release = makeRelease(1, [makeSpec('web', { environment: { A: 'x\ny \u0001 ñ' } })]);
    first.ensureProject('shop');
    first.saveRelease(release);
    first.setServing('shop', 1);
    first.setLastOrdinal('shop', 'web', 1, 3);
    first.close();
    const second = createStore({ file });
    assert.deepEqual(second.release('shop', 1), JSON.parse(JSON.stringify(release)));
    assert.deepEqual(second.project('shop'), { name: 'shop', serving: 1, stopped: false });
    assert.equal(second.lastOrdinal('shop', 'web', 1), 3);
    assert.equal(second.nextReleaseNumber('shop'), 2);
    second.close();
  });

  test('list only releases that served, and never give a number twice', () => {
    const store = createStore({ file });
    store.ensureProject('shop');
    for (const number of [1, 2, 3]) store.saveRelease(makeRelease(number, [makeSpec('web')]));
    store.setServing('shop', 1);
    store.setServing('shop', 3);
    assert.deepEqual(
      store.releases('shop').map((one) => one.number),
      [3, 1],
    );
    store.deleteReleases('shop', [2, 3]);
    assert.equal(store.nextReleaseNumber('shop'), 4);
    store.close();
  });

  test('take all writes of a transaction or none', () => {
    const store = createStore({ file });
    store.ensureProject('shop');
    assert.throws(() =>
      store.transaction(() => {
        store.setServing('shop', 7);
        throw new Error('on the way');
      }),
    );
    assert.equal(store.project('shop')?.serving, undefined);
    store.setServing('shop', 8);
    assert.equal(store.project('shop')?.serving, 8);
    store.close();
  });

  test('number deployments by project and keep journal and events in order', () => {
    const store = createStore({ file });
    store.ensureProject('shop');
    const begin = { project: 'shop', kind: 'deploy', by: 'ana', startedAt: 5 } as const;
    const id = store.createDeployment(begin);
    assert.equal(id, 'shop-1');
    assert.equal(store.createDeployment(begin), 'shop-2');
    store.appendJournal(id, { time: 1, kind: 'step-started', step: 'check' });
    store.appendJournal(id, { time: 2, kind: 'step-done', step: 'check' });
    store.appendEvent(id, { time: 1, event: 'undo-done', step: 'check' });
    assert.deepEqual(
      store.journal(id).map((one) => one.kind),
      ['step-started', 'step-done'],
    );
    assert.equal(store.events(id).length, 1);
    assert.deepEqual(
      store.unfinishedDeployments().map((one) => one.id),
      ['shop-1', 'shop-2'],
    );
    store.endDeployment(id, { state: 'failed', reason: said('INTERRUPTED', { step: undefined }), code: 1, at: 9 });
    store.pruneDeployments('shop', 0);
    assert.equal(store.deployment(id), undefined);
    assert.deepEqual(store.journal(id), []);
    assert.equal(store.deployment('shop-2')?.state, 'running');
    store.close();
  });

  test('give a lock to one, and back only by the one that has it', () => {
    const store = createStore({ file });
    const holder = { deployment: 'shop-1', since: 1, by: 'ana', step: undefined };
    assert.equal(store.lock('shop', holder), undefined);
    assert.equal(store.lock('shop', holder), undefined);
    assert.deepEqual(store.lock('shop', { ...holder, deployment: 'shop-2' }), holder);
    store.unlock('shop', 'shop-2');
    assert.deepEqual(store.lockHolder('shop'), holder);
    store.unlock('shop', 'shop-1');
    assert.equal(store.lockHolder('shop'), undefined);
    store.close();
  });

  test('that are no database say so', () => {
    writeFileSync(file, 'this is no database, but it is long enough to be taken for one'.repeat(20));
    assert.throws(
      () => createStore({ file }),
      (error) => hasCode(error, 'STORE_FAILED'),
    );
  });

  test('of a newer Timonel are refused, not touched', () => {
    createStore({ file }).close();
    const database = new Database(file, 'full');
    database.exec('PRAGMA user_version = 99');
    database.close();
    assert.throws(
      () => createStore({ file }),
      (error) => hasCode(error, 'STORE_NEWER'),
    );
  });

  test('of an older format are copied, then migrated; a failed migration changes nothing', () => {
    const database = new Database(file, 'full');
    migrate(database, file, ['CREATE TABLE a (x TEXT) STRICT']);
    database.run('INSERT INTO a VALUES (?)', 'kept');
    assert.throws(() => migrate(database, file, ['', 'CREATE TABLE b (y TEXT) STRICT; SELECT * FROM missing']));
    assert.equal(database.one("SELECT name FROM sqlite_master WHERE name = 'b'"), undefined);
    migrate(database, file, ['', 'ALTER TABLE a ADD COLUMN z TEXT']);
    assert.deepEqual({ ...database.one('SELECT * FROM a') }, { x: 'kept', z: null });
    const copy = readdirSync(folder).find((name) => name.startsWith('state.db.v1-')) ?? '';
    assert.equal(statSync(join(folder, copy)).mode & 0o077, 0);
    database.close();
  });
});
