import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../../systems/documentos/', import.meta.url));

/** Starts `count` replicas of documentos in mock mode on loopback ports; disposing them stops them. */
export async function startReplicas(count: number): Promise<AsyncDisposable & { readonly urls: readonly string[] }> {
  const children = Array.from({ length: count }, (_, i) => start(`replica-${i + 1}`));
  const urls = await Promise.all(children.map(listening));
  return { urls, [Symbol.asyncDispose]: async () => void (await Promise.all(children.map(stop))) };
}

function start(instance: string): ChildProcess {
  const env = { PATH: process.env.PATH, HOST: '127.0.0.1', PORT: '0', USE_MOCK_DATA: 'true', INSTANCE_ID: instance };
  return spawn(process.execPath, ['src/main.ts'], { cwd: folder, env, stdio: ['ignore', 'pipe', 'inherit'] });
}

/** Resolves with the address it logs, and goes on reading, so that the log never fills the pipe. */
function listening(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    child.once('exit', (code) => reject(new Error(`the replica ended with ${code}`)));
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      const url = /listening at (http:[^"\s]+)/.exec(text)?.[1];
      if (url) resolve(url);
    });
  });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}
