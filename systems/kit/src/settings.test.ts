import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { z } from 'zod';
import { readSettings, SettingsError } from './settings.ts';

const folder = mkdtempSync(join(tmpdir(), 'kit-settings-'));
after(() => rmSync(folder, { recursive: true }));

const schema = z.object({
  PORT: z.coerce.number().int().default(5000),
  MODE: z.enum(['a', 'b']).default('a'),
  DB_PASSWORD: z.string().optional(),
});

test('unset and empty variables take their defaults', () => {
  assert.deepEqual(readSettings(schema, { PORT: '', MODE: '' }), { PORT: 5000, MODE: 'a' });
});

test('NAME_FILE gives the exact content of the file but for its last line end', () => {
  const secret = ' a$$b\n"c" ';
  const file = join(folder, 'password');
  for (const end of ['', '\n', '\r\n']) {
    writeFileSync(file, secret + end);
    assert.equal(readSettings(schema, { DB_PASSWORD: '', DB_PASSWORD_FILE: file }).DB_PASSWORD, secret);
  }
});

test('every problem is told at once, and no secret with it', () => {
  const env = { PORT: 'x', MODE: 'c', DB_PASSWORD: 'hush', DB_PASSWORD_FILE: join(folder, 'absent') };
  assert.throws(
    () => readSettings(schema, env),
    (error: unknown) => {
      assert.ok(error instanceof SettingsError);
      assert.equal(error.problems.length, 3);
      assert.match(error.message, /MODE: .*got "c"/);
      assert.match(error.message, /DB_PASSWORD: set either DB_PASSWORD or DB_PASSWORD_FILE/);
      assert.doesNotMatch(error.message, /hush/);
      return true;
    },
  );
});

test('a secret file that cannot be read is named', () => {
  const file = join(folder, 'absent');
  assert.throws(
    () => readSettings(schema, { DB_PASSWORD_FILE: file }),
    /DB_PASSWORD_FILE: cannot read .*absent \(ENOENT\)/,
  );
});
