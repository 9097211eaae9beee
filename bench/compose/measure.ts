/** Loads and prints one project as `timonel config` does, once, in a process of its own, and tells what that took. */
import { dirname } from 'node:path';
import process from 'node:process';
import { projectFiles } from '#adapters/files/project-files.ts';
import { renderProject } from '#compose/config.ts';
import { loadProject } from '#compose/load.ts';

/** What the measuring process prints, as JSON. */
export interface Measured {
  readonly loadMs: number;
  readonly renderMs: number;
  /** Processor time of both, all threads: what other work on the machine changes least. */
  readonly cpuMs: number;
  readonly bytes: number;
  /** Growth of the resident memory during load and print, at its highest. */
  readonly memoryMb: number;
}

if (import.meta.main) {
  const file = process.argv[2] ?? '';
  const memoryBefore = process.memoryUsage.rss();
  const cpuBefore = process.cpuUsage();
  const started = performance.now();
  const { project, findings } = loadProject({ cwd: dirname(file), env: { TOKEN: 'x' }, files: [file] }, projectFiles);
  const loaded = performance.now();
  if (project === undefined) throw new Error(`not loaded: ${JSON.stringify(findings[0])}`);
  const text = renderProject(project, 'yaml');
  const ended = performance.now();
  const cpu = process.cpuUsage(cpuBefore);
  const highest = process.resourceUsage().maxRSS * 1024;
  const measured: Measured = {
    loadMs: loaded - started,
    renderMs: ended - loaded,
    cpuMs: (cpu.user + cpu.system) / 1000,
    bytes: text.length,
    memoryMb: (highest - memoryBefore) / 1024 / 1024,
  };
  process.stdout.write(JSON.stringify(measured));
}
