import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fakeDaemon } from '../support/fake-daemon.ts';
import { fakeEngine } from '../support/fake-engine.ts';
import { freshHome } from '../support/home.ts';
import { shop } from '../support/shop.ts';

/* Wrong command lines and help. */

test('a wrong command line ends with 2 and names what was probably meant', async () => {
  await using home = await freshHome();
  const cases: readonly (readonly [readonly string[], RegExp])[] = [
    [['statsu'], /did you mean: timonel status/],
    [['deploy', '--wiat', '5s'], /did you mean --wait\?/],
    [['deploy', '--wait'], /--wait needs a value: --wait DURATION/],
    [['deploy', '--wait', 'soon', '-f', '-'], /--wait soon: should be a duration/],
    [['deploy', '--runtime', 'podman'], /should be one of process, docker/],
    [['status', '--json=1'], /--json takes no value/],
    [['deploy', 'a', 'b'], /it is: timonel deploy \[DIR \| -f FILE\]/],
    [['deploy', '/does/not/exist'], /there is no file or folder/],
    [['scale', 'web'], /should be SERVICE=COUNT/],
    [['rollback', 'last'], /no release number/],
    [['daemon', 'strat'], /did you mean: timonel daemon start/],
    [['logs', '--tail', '-3', '-p', 'shop'], /--tail/],
  ];
  await using _daemon = await fakeDaemon(home.dir, fakeEngine({ statuses: { shop: shop() } }));
  for (const [args, says] of cases) {
    const result = await home.cli([...args, '--lang', 'en']);
    assert.equal(result.code, 2, `${args.join(' ')}: ${result.stderr}`);
    assert.match(result.stderr, says, args.join(' '));
  }
});

test('every command has help in both languages, on standard output, with exit code 0', async () => {
  await using home = await freshHome();
  const list = await home.ok(['help']);
  const names = [...list.stdout.matchAll(/^ {2}(\w+) {2,}/gm)].map((match) => match[1] ?? '');
  assert.ok(names.length >= 15, list.stdout);
  for (const name of names) {
    const english = await home.ok([name, '--help']);
    const spanish = await home.ok([name, '--help', '--lang', 'es']);
    assert.match(english.stdout, new RegExp(`^Usage: timonel ${name}`));
    assert.match(spanish.stdout, new RegExp(`^Uso: timonel ${name}`));
    assert.match(english.stdout, /--json/);
  }
});
