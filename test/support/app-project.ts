import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { CliOptions, CliResult, Home } from './home.ts';
import { root } from './home.ts';

/** A project of one web service that behaves as its environment says (test/fixtures/app), in a folder of its own. */
export interface AppProject {
  readonly name: string;
  readonly folder: string;
  readonly host: string;
  /** Writes the Compose file anew: environment of `web`, and more lines for the service or the file. */
  write(app: AppOptions): void;
  /** `write`, then `deploy --json`. */
  deploy(app: AppOptions, options?: CliOptions & { readonly args?: readonly string[] }): Promise<CliResult>;
}

export interface AppOptions {
  readonly env?: Readonly<Record<string, string | number>>;
  readonly replicas?: number;
  readonly strategy?: string;
  /** YAML lines of the service, without indent. */
  readonly service?: string;
  /** YAML lines of the service's `x-timonel`, without indent. */
  readonly settings?: string;
  /** More members of `x-timonel.route`, as YAML in one line. */
  readonly route?: string;
  /** YAML of the whole file's end, as it stands. */
  readonly file?: string;
}

/** Makes the project's folder inside the home, so that it goes with it. */
export function appProject(home: Home, name = 'app'): AppProject {
  const folder = join(home.dir, `project-${name}`);
  mkdirSync(folder);
  copyFileSync(join(root, 'test/fixtures/app/server.mjs'), join(folder, 'server.mjs'));
  const host = `${name}.localhost`;
  const write = (app: AppOptions) => writeFileSync(join(folder, 'compose.yaml'), composeFile(name, host, app));
  return {
    name,
    folder,
    host,
    write,
    deploy: (app, options = {}) => {
      write(app);
      return home.cli(['deploy', folder, '--json', ...(options.args ?? [])], options);
    },
  };
}

function composeFile(name: string, host: string, app: AppOptions): string {
  const environment = Object.entries(app.env ?? {}).map(([key, value]) => `${key}: ${JSON.stringify(String(value))}`);
  return `name: ${name}
services:
  web:
    build: .
    environment: { ${environment.join(', ')} }
    expose: ["8080"]
    stop_grace_period: 8s
    deploy: { replicas: ${app.replicas ?? 2} }
${indent(app.service ?? '', 4)}
    x-timonel:
      strategy: ${app.strategy ?? 'rolling'}
      process: { command: [${process.execPath}, server.mjs] }
      probe: { http: /health, startPeriod: 2s, interval: 200ms, retries: 2 }
      observe: 1500ms
      route: { host: ${host}${app.route === undefined ? '' : `, ${app.route}`} }
${indent(app.settings ?? '', 6)}
${app.file ?? ''}
`;
}

function indent(text: string, by: number): string {
  return text.replace(/^(?=.)/gm, ' '.repeat(by));
}
