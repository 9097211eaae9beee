/**
 * What Timonel costs while nothing happens, and how long its quick commands take.
 *
 *   ./timonel --node bench/footprint.ts [--seconds 60]
 *
 * Deploys 20 small web services of one instance each, lets the daemon rest, and reads its memory and CPU from /proc.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { freshHome, type Home } from '../test/support/home.ts';
import { printFigures } from './figures.ts';

const { values } = parseArgs({ options: { seconds: { type: 'string', default: '60' } } });
const seconds = Number(values.seconds);
const services = 20;
const clockTicksPerSecond = 100;

await using home = await freshHome();
const project = writeProject(home);
await home.ok(['deploy', project], { timeoutMs: 300_000 });

await rest(3);
const before = cpuTicks(home.daemonPid());
await rest(seconds);
const cpu = ((cpuTicks(home.daemonPid()) - before) / clockTicksPerSecond / seconds) * 100;
const memory = residentMegabytes(home.daemonPid());

printFigures(`Timonel at rest, ${services} services, ${seconds} s`, [
  { name: 'daemon resident memory', value: memory, unit: 'MB', budget: 90 },
  { name: 'daemon CPU', value: cpu, unit: '%', budget: 1 },
  { name: 'timonel --version, median of 11', value: await median(home, ['--version']), unit: 'ms', budget: 120 },
  {
    name: 'timonel status, median of 11',
    value: await median(home, ['status', '-p', 'footprint']),
    unit: 'ms',
    budget: 250,
  },
]);

function writeProject(of: Home): string {
  const folder = join(of.dir, 'footprint');
  mkdirSync(folder);
  writeFileSync(
    join(folder, 'server.mjs'),
    "import http from 'node:http';\nhttp.createServer((_, answer) => answer.end('ok')).listen(process.env.PORT, process.env.HOST);\n",
  );
  const names = Array.from({ length: services }, (_, index) => `web${index + 1}`);
  const text = names.map(
    (name) => `  ${name}:
    build: .
    expose: ["8080"]
    x-timonel:
      process: { command: [${process.execPath}, server.mjs] }
      probe: { http: / }
`,
  );
  writeFileSync(join(folder, 'compose.yaml'), `name: footprint\nservices:\n${text.join('')}`);
  return folder;
}

async function rest(forSeconds: number): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, forSeconds * 1000));
}

/** User and system time of the process, in clock ticks (proc_pid_stat(5), fields 14 and 15). */
function cpuTicks(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return Number(fields[11]) + Number(fields[12]);
}

function residentMegabytes(pid: number): number {
  const kilobytes = /^VmRSS:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
  return Number(kilobytes) / 1024;
}

async function median(of: Home, args: readonly string[]): Promise<number> {
  const times: number[] = [];
  for (let round = 0; round < 11; round++) times.push((await of.cli(args)).tookMs);
  return times.toSorted((a, b) => a - b)[5] ?? Number.NaN;
}
