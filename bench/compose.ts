/**
 * How long `config` takes beyond start-up, how that grows with the number of services, and what memory it needs.
 *
 *   ./timonel --node bench/compose.ts [--runs 5]
 *
 * Every run is a process of its own, so nothing is warm; the fastest of them counts, for what else the machine does only
 * adds time. Where DOCKER_COMPOSE names a docker-compose binary, the same files go through `docker compose config` in
 * the same run.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { Measured } from './compose/measure.ts';
import { projectText } from './compose/project.ts';
import { type Figure, printFigures } from './figures.ts';

const { values } = parseArgs({ options: { runs: { type: 'string', default: '5' } } });
const runs = Number(values.runs);
const binary = process.env.DOCKER_COMPOSE;
const sizes = [1, 10, 100, 1000];
const budgetMs = 1000;
/** Ten times the services may take little more than ten times the time. */
const growthBudget = 12;

const folder = mkdtempSync(join(tmpdir(), 'timonel-bench-compose-'));
try {
  const times = new Map(sizes.map((size) => [size, measure(size)]));
  const of = (size: number): Measured => times.get(size) as Measured;
  const total = (size: number): number => of(size).loadMs + of(size).renderMs;
  const figures: Figure[] = sizes.map((size) => ({
    name: `config of ${size} services, beyond start-up`,
    value: total(size),
    unit: 'ms',
    ...(size === 1000 ? { budget: budgetMs } : {}),
  }));
  printFigures(`The Compose loader, fastest of ${runs} cold runs`, [
    ...figures,
    { name: 'of these 1,000: load', value: of(1000).loadMs, unit: 'ms' },
    { name: 'of these 1,000: print', value: of(1000).renderMs, unit: 'ms' },
    { name: 'of these 1,000: processor time, all threads', value: of(1000).cpuMs, unit: 'ms' },
    { name: 'growth from 100 to 1,000 services', value: total(1000) / total(100), unit: 'x', budget: growthBudget },
    { name: 'memory of 1,000 services', value: of(1000).memoryMb, unit: 'MB' },
    ...peerFigures(total),
  ]);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** The fastest run of a project of that size. */
function measure(size: number): Measured {
  const file = fileOf(size);
  writeFileSync(file, projectText(size));
  const script = fileURLToPath(new URL('./compose/measure.ts', import.meta.url));
  const measured = Array.from({ length: runs }, () => {
    const { status, stdout, stderr } = spawnSync(process.execPath, [script, file], { encoding: 'utf8' });
    if (status !== 0) throw new Error(stderr);
    return JSON.parse(stdout) as Measured;
  });
  const sorted = measured.toSorted((a, b) => a.loadMs + a.renderMs - b.loadMs - b.renderMs);
  return sorted[0] as Measured;
}

/** The same files through `docker compose config`, beyond the time of `docker compose version`. */
function peerFigures(ours: (size: number) => number): Figure[] {
  if (binary === undefined) {
    console.log('DOCKER_COMPOSE names no binary: no peer to compare with');
    return [];
  }
  const startUp = fastest(() => wallMs(['version']));
  return sizes.flatMap((size): Figure[] => {
    const theirs = fastest(() => wallMs(['-f', fileOf(size), 'config'])) - startUp;
    return [
      { name: `docker compose config of ${size}, beyond start-up`, value: theirs, unit: 'ms' },
      ...(size === 1000
        ? [{ name: 'ours / docker compose, 1,000 services', value: ours(1000) / theirs, unit: 'x' }]
        : []),
    ];
  });
}

function wallMs(args: readonly string[]): number {
  const started = performance.now();
  const { status, stderr } = spawnSync(binary ?? '', args, { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  if (status !== 0) throw new Error(stderr);
  return performance.now() - started;
}

function fastest(measureOnce: () => number): number {
  return Math.min(...Array.from({ length: runs }, measureOnce));
}

function fileOf(size: number): string {
  return join(folder, `compose-${size}.yaml`);
}
