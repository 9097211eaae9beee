/**
 * Certificates per second and p95 by format, and the load and spike profiles of the deployment guide, shortened.
 *
 *   ./timonel --node bench/documentos.ts [BASE_URL] [--host NAME] [--seconds 60] [--users 50]
 *
 * Without BASE_URL it starts two replicas in mock mode on this machine and spreads the requests over them. With a
 * proxy, `--host documentos.universidad.localhost` names the route. Published: 2 replicas of 4 workers, 12 threads of a
 * laptop, TLS through the proxy, 541 s of load and 95 s of spike.
 */
import { parseArgs } from 'node:util';
import { startReplicas } from './documentos/replicas.ts';
import { Target } from './documentos/target.ts';
import { FORMATOS, type Formato, runUsers, type Sample } from './documentos/users.ts';
import { type Figure, printFigures } from './figures.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    host: { type: 'string' },
    seconds: { type: 'string', default: '60' },
    users: { type: 'string', default: '50' },
  },
});
const seconds = Number(values.seconds);
const users = Number(values.users);

await using replicas = positionals.length > 0 ? undefined : await startReplicas(2);
await using target = new Target(replicas?.urls ?? positionals, values.host);

await runUsers(target, { stages: [{ seconds: 2, users: 8 }], pause: [0, 0] });

for (const formato of FORMATOS) {
  const samples = await runUsers(target, { stages: [{ seconds: 5, users: 8 }], pause: [0, 0], formatos: [formato] });
  printFigures(`Capacity, ${formato}, 8 clients without pause, 5 s`, [
    { name: 'certificates a second', value: good(samples).length / 5, unit: '/s' },
    { name: 'p95', value: percentile(good(samples), 0.95), unit: 'ms' },
    errors(samples),
  ]);
}

/** The guide's stages, 1:3:2:2:1, up to 50 users. */
const load = [
  { seconds: seconds / 9, users: users / 5 },
  { seconds: seconds / 3, users: (users * 3) / 5 },
  { seconds: (seconds * 2) / 9, users },
  { seconds: (seconds * 2) / 9, users: (users * 3) / 5 },
  { seconds: seconds / 9, users: 0 },
];
const loaded = await runUsers(target, { stages: load, pause: [1, 3] });
printFigures(`Load profile, up to ${users} users with pauses of 1 to 3 s, ${seconds} s (published)`, [
  { name: 'requests a second (12.95)', value: loaded.length / seconds, unit: '/s' },
  { name: 'p95 (171.3)', value: percentile(good(loaded), 0.95), unit: 'ms', budget: 171.3 },
  ...FORMATOS.map((formato) => byFormat(loaded, formato)),
  errors(loaded),
]);

const spike = [
  { seconds: 3, users: 10, from: 10 },
  { seconds: 1, users: 100 },
  { seconds: 10, users: 100 },
  { seconds: 1, users: 0 },
];
const spiked = await runUsers(target, { stages: spike, pause: [0, 0] });
printFigures('Spike profile, 10 to 100 users without pause, 15 s (published)', [
  { name: 'requests a second (49.2)', value: spiked.length / 15, unit: '/s' },
  { name: 'success (83.18)', value: (100 * good(spiked).length) / spiked.length, unit: '%', atLeast: 83.18 },
  {
    name: '429 (15.13)',
    value: (100 * spiked.filter(({ status }) => status === 429).length) / spiked.length,
    unit: '%',
  },
  { name: 'p95 of all (1001.6)', value: percentile(spiked, 0.95), unit: 'ms', budget: 1001.6 },
  { name: 'neither 200, 429 nor 503 (79)', value: strange(spiked), unit: 'requests', budget: 0 },
]);

function byFormat(samples: readonly Sample[], formato: Formato): Figure {
  const published = { pdf: 'p95 224', docx: 'mean 15.5', odt: 'mean 21.7' }[formato];
  const own = good(samples).filter((sample) => sample.formato === formato);
  return { name: `p95 ${formato} (${published})`, value: percentile(own, 0.95), unit: 'ms' };
}

function errors(samples: readonly Sample[]): Figure {
  return { name: 'errors (0)', value: samples.length - good(samples).length, unit: 'requests', budget: 0 };
}

function good(samples: readonly Sample[]): readonly Sample[] {
  return samples.filter(({ status, bytes }) => status === 200 && bytes > 1000);
}

function strange(samples: readonly Sample[]): number {
  return samples.filter(({ status }) => ![200, 429, 503].includes(status)).length;
}

function percentile(samples: readonly Sample[], share: number): number {
  const times = samples.map(({ ms }) => ms).toSorted((a, b) => a - b);
  return times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? Number.NaN;
}
