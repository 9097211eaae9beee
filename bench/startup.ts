/**
 * How long quick commands take from the shell's view, beside Node's own start-up on the same machine.
 *
 *   ./timonel --node bench/startup.ts [--rounds 21]
 *
 * Medians, because a busy machine only ever adds. The daemon runs over an empty home.
 */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { freshHome, type Home, root } from '../test/support/home.ts';
import { printFigures } from './figures.ts';

const { values } = parseArgs({ options: { rounds: { type: 'string', default: '21' } } });
const rounds = Number(values.rounds);

await using home = await freshHome();
await home.ok(['daemon', 'start']);

printFigures(`Start-up, median of ${rounds}`, [
  { name: 'node -e 0, for comparison', value: await median(() => timeNode()), unit: 'ms' },
  { name: 'timonel --version', value: await median(() => timeCli(home, ['--version'])), unit: 'ms', budget: 120 },
  { name: 'timonel help', value: await median(() => timeCli(home, ['help'])), unit: 'ms' },
  {
    name: 'timonel daemon status',
    value: await median(() => timeCli(home, ['daemon', 'status'])),
    unit: 'ms',
    budget: 250,
  },
  {
    name: "timonel config of documentos's file",
    value: await median(() => timeCli(home, ['config', join(root, 'systems/documentos'), '--quiet'])),
    unit: 'ms',
  },
]);

async function timeCli(of: Home, args: readonly string[]): Promise<number> {
  return (await of.ok(args)).tookMs;
}

async function timeNode(): Promise<number> {
  const begun = performance.now();
  spawnSync(process.execPath, ['-e', '0']);
  return performance.now() - begun;
}

async function median(measure: () => Promise<number>): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) times.push(await measure());
  return times.toSorted((a, b) => a - b)[Math.floor(rounds / 2)] ?? Number.NaN;
}
