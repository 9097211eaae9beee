import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TestEngine } from './docker.ts';
import { root } from './home.ts';

/** documentos as its users have it: the folder of its Compose file, unchanged. */
export interface StagedDocumentos {
  readonly folder: string;
  readonly name: string;
  readonly service: string;
  readonly host: string;
}

/**
 * Copies documentos and gives it images that can be built without a registry: the Compose file stays word for word,
 * only the Dockerfiles take their packages from this machine instead of `npm install`.
 */
export function stageDocumentos(engine: TestEngine, into: string): StagedDocumentos {
  const systems = join(into, 'systems');
  const folder = join(systems, 'documentos');
  mkdirSync(systems);
  for (const name of ['kit', 'documentos']) {
    const from = join(root, 'systems', name);
    cpSync(from, join(systems, name), { recursive: true, filter: (path) => !path.includes('node_modules') });
  }
  execFileSync(process.execPath, ['kit/src/vendor.ts', 'documentos'], {
    cwd: systems,
    env: { ...process.env, TIMONEL_CONTEXT: join(root, 'systems') },
  });
  const base = engine.nodeImage();
  engine.redisImage();
  const recipes = { Dockerfile: ['5000', 'src/main.ts'], 'padron.Dockerfile': ['5001', 'padron/main.ts'] } as const;
  for (const [file, [port, program]] of Object.entries(recipes)) {
    writeFileSync(
      join(folder, file),
      `FROM ${base}\nWORKDIR /app\nCOPY . .\nWORKDIR /app/documentos\nEXPOSE ${port}\nCMD ["node", "${program}"]\n`,
    );
    writeFileSync(join(folder, `${file}.dockerignore`), '**/*.test.ts\ndocumentos/.env*\ndocumentos/*.yaml\n');
  }
  engine.docker('network', 'create', 'carlosred');
  return { folder, name: 'documentos', service: 'documentos-service', host: 'documentos.universidad.localhost' };
}
