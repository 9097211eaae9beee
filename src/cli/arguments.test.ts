import assert from 'node:assert/strict';
import { test } from 'node:test';
import { hasCode } from '#core/errors.ts';
import type { Code } from '#core/messages/catalogue.ts';
import { parseArguments } from './arguments.ts';
import type { Flags } from './flags.ts';

const text = { en: '', es: '' };
const flags = {
  json: { kind: 'switch', text },
  file: { kind: 'list', short: 'f', value: 'FILE', text },
  runtime: { kind: 'value', value: 'NAME', choices: ['process', 'docker'], text },
} as const satisfies Flags;

const parse = (...argv: string[]) => parseArguments(argv, flags, 'deploy');

test('reads switches, values, lists and arguments in any order', () => {
  const args = parse('a', '-f', '-', '--file=b.yaml', '--json', '-fc.yaml', 'd', '--runtime', 'docker');
  assert.deepEqual(args.positionals, ['a', 'd']);
  assert.deepEqual(args.list('file'), ['-', 'b.yaml', 'c.yaml']);
  assert.equal(args.is('json'), true);
  assert.equal(args.text('runtime'), 'docker');
});

test('after -- everything is an argument; a value given twice counts last', () => {
  const args = parse('--runtime', 'docker', '--runtime=process', '--', '--json');
  assert.deepEqual(args.positionals, ['--json']);
  assert.equal(args.is('json'), false);
  assert.equal(args.text('runtime'), 'process');
});

const wrong: readonly (readonly [readonly string[], Code])[] = [
  [['--jsn'], 'CLI_UNKNOWN_FLAG'],
  [['-x'], 'CLI_UNKNOWN_FLAG'],
  [['--json=yes'], 'CLI_FLAG_TAKES_NO_VALUE'],
  [['--file'], 'CLI_FLAG_NEEDS_VALUE'],
  [['--file', '--json'], 'CLI_FLAG_NEEDS_VALUE'],
  [['--runtime', 'podman'], 'CLI_FLAG_CHOICE'],
];

for (const [argv, code] of wrong) {
  test(`${argv.join(' ')} is refused as ${code}`, () => {
    assert.throws(
      () => parse(...argv),
      (error) => hasCode(error, code),
    );
  });
}
