import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { TimonelError } from '#core/errors.ts';
import { createPackageInstaller, type PackageInstaller } from './packages.ts';

/** An apt-get of the test's own; it notes its calls and what the policy file says at that moment. */
interface Machine extends Disposable {
  readonly installer: PackageInstaller;
  readonly policyFile: string;
  calls(): string[];
  script(name: string, text: string): void;
}

function machine(options: { readonly systemd?: boolean } = {}): Machine {
  const dir = mkdtempSync(join(tmpdir(), 'timonel-apt-'));
  const policyFile = join(dir, 'policy-rc.d');
  const systemdFolder = join(dir, 'systemd');
  if (options.systemd === true) mkdirSync(systemdFolder);
  const script = (name: string, text: string): void => {
    const note = `echo "$(basename "$0") $* policy=$(cat ${policyFile} 2>/dev/null | tail -1)" >>${dir}/calls`;
    writeFileSync(join(dir, name), `#!/bin/sh\n${note}\n${text}\n`);
    chmodSync(join(dir, name), 0o755);
  };
  script('apt-get', 'exit 0');
  script('systemctl', 'exit 0');
  return {
    installer: createPackageInstaller({ path: `${dir}:/usr/bin:/bin`, isRoot: true, policyFile, systemdFolder }),
    policyFile,
    script,
    calls: () => readFileSync(join(dir, 'calls'), 'utf8').trimEnd().split('\n'),
    [Symbol.dispose]: () => rmSync(dir, { recursive: true }),
  };
}

test('installs at once where the lists know the package, with no service allowed to start meanwhile', async () => {
  using it = machine();
  const said: string[] = [];
  it.script('apt-get', 'echo "Setting up haproxy (2.6)"');
  await it.installer.install(['haproxy'], (line) => said.push(line));
  assert.equal(it.calls().length, 1);
  assert.match(it.calls()[0] ?? '', /^apt-get install -y .* haproxy policy=exit 101$/);
  assert.deepEqual(said, ['Setting up haproxy (2.6)']);
  assert.equal(existsSync(it.policyFile), false);
});

test('fetches the lists only after a first failure', async () => {
  using it = machine();
  it.script('apt-get', `case "$*" in update*) touch "$0.fresh" ;; *) [ -e "$0.fresh" ] ;; esac`);
  await it.installer.install(['haproxy', 'redis-server'], () => {});
  assert.deepEqual(
    it.calls().map((call) => call.split(' ')[1]),
    ['install', 'update', 'install'],
  );
});

test('a failure carries the last lines of apt-get and the line to type, and the policy is gone again', async () => {
  using it = machine();
  it.script(
    'apt-get',
    'for i in $(seq 1 40); do echo "line $i"; done; echo "E: no space left on device" >&2; exit 100',
  );
  await assert.rejects(
    it.installer.install(['haproxy'], () => {}),
    (error: unknown) => {
      assert.ok(error instanceof TimonelError);
      assert.match(error.message, /haproxy \(exit 100\)[\s\S]*line 40\n[\s\S]*no space left/);
      assert.doesNotMatch(error.message, /line 20\b/);
      assert.match(error.hint ?? '', /apt-get install -y haproxy/);
      return true;
    },
  );
  assert.equal(existsSync(it.policyFile), false);
});

test("somebody else's policy stays as it is; one that a crash of ours left goes", async () => {
  using it = machine();
  writeFileSync(it.policyFile, '#!/bin/sh\n# theirs\nexit 101\n');
  await it.installer.install(['haproxy'], () => {});
  assert.match(readFileSync(it.policyFile, 'utf8'), /theirs/);
  writeFileSync(it.policyFile, '#!/bin/sh\n# written by timonel while it installs packages\nexit 101\n');
  await it.installer.install(['haproxy'], () => {});
  assert.equal(existsSync(it.policyFile), false);
});

test('where systemd runs, the services that came along are turned off', async () => {
  using it = machine({ systemd: true });
  await it.installer.install(['haproxy', 'redis-server'], () => {});
  assert.match(it.calls()[1] ?? '', /^systemctl disable --now haproxy\.service redis-server\.service/);
});
