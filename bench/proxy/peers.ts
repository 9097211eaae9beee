import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Contender, findProgram, start } from './contender.ts';
import type { Upstream } from './ours.ts';

const run = promisify(execFile);

/** Where a peer writes its files and listens. */
export interface Place {
  readonly folder: string;
  readonly address: string;
  readonly upstream: Upstream;
}

/** A peer: how it is found, how to get it, and how it is started, plain or with as much of the policy as it has. */
export interface Peer {
  readonly name: string;
  readonly program: string;
  /** The environment variable that names its binary where it is not installed. */
  readonly variable: string;
  readonly get: string;
  /** What of the policy it has; undefined: it is only measured plain. */
  readonly policy: string | undefined;
  start(program: string, place: Place, wanted: 'plain' | 'policy'): Promise<Contender>;
}

/** The upstream itself: HAProxy that answers by itself costs less than anything behind it. */
export async function upstreamServer(folder: string, { address, port }: Upstream): Promise<Contender> {
  const file = join(folder, 'upstream.cfg');
  writeFileSync(
    file,
    `global
  nbthread 1
  maxconn 2000
defaults
  mode http
  timeout client 60s
  timeout connect 1s
  timeout server 60s
frontend upstream
  bind ${address}:${port}
  http-request return status 200 content-type text/plain string "hello from the upstream"
`,
  );
  return start({ name: 'upstream', program: haproxyProgram(), args: ['-db', '-f', file], address, port });
}

function haproxyProgram(): string {
  const found = findProgram('haproxy', 'HAPROXY');
  if (found === undefined) throw new Error('HAProxy is needed: apt-get install -y haproxy');
  return found;
}

/** The plainest HAProxy that does the same work: what the budget of the data path is measured against. */
const haproxy: Peer = {
  ...{ name: 'HAProxy', program: 'haproxy', variable: 'HAPROXY', get: 'apt-get install -y haproxy', policy: undefined },
  start: async (program, { folder, address, upstream }) => {
    const file = join(folder, 'plain.cfg');
    writeFileSync(
      file,
      `global
  maxconn 4000
defaults
  mode http
  timeout client 60s
  timeout connect 1s
  timeout server 60s
frontend edge
  bind ${address}:8080
  default_backend web
backend web
  server a ${upstream.address}:${upstream.port}
`,
    );
    return start({ name: 'HAProxy', program, args: ['-db', '-f', file], address, port: 8080 });
  },
};

const nginx: Peer = {
  ...{ name: 'nginx', program: 'nginx', variable: 'NGINX', get: 'apt-get install -y nginx' },
  policy: 'rate limit, body limit, headers, next upstream; no breaker',
  start: async (program, { folder, address, upstream }, wanted) => {
    const port = wanted === 'plain' ? 8081 : 8082;
    const file = join(folder, `nginx-${wanted}.conf`);
    const zone = 'limit_req_zone $binary_remote_addr zone=all:10m rate=1000000r/s;';
    const policy = `limit_req zone=all burst=1000000 nodelay; client_max_body_size 10m;
      add_header X-Frame-Options DENY always; add_header X-Content-Type-Options nosniff always;
      add_header Referrer-Policy strict-origin-when-cross-origin always; proxy_set_header X-Tenant bench;
      proxy_next_upstream error timeout; proxy_next_upstream_tries 3;`;
    writeFileSync(
      file,
      `worker_processes 2; daemon off; pid ${folder}/nginx-${wanted}.pid; error_log stderr crit;
events { worker_connections 4000; }
http {
  access_log off; ${wanted === 'policy' ? zone : ''}
  client_body_temp_path ${folder}/b; proxy_temp_path ${folder}/p; fastcgi_temp_path ${folder}/f;
  uwsgi_temp_path ${folder}/u; scgi_temp_path ${folder}/s;
  upstream web { server ${upstream.address}:${upstream.port}; keepalive 64; }
  server {
    listen ${address}:${port};
    location / {
      proxy_pass http://web; proxy_http_version 1.1; proxy_set_header Connection "";
      proxy_set_header Host $host; proxy_set_header X-Forwarded-For $remote_addr; proxy_set_header X-Forwarded-Proto $scheme;
      ${wanted === 'policy' ? policy : ''}
    }
  }
}
`,
    );
    const args = ['-p', folder, '-e', 'stderr', '-c', file];
    return start({ name: labelOf('nginx', wanted), program, args, address, port });
  },
};

const caddy: Peer = {
  ...{ name: 'Caddy', program: 'caddy', variable: 'CADDY', get: 'apt-get install -y caddy' },
  policy: 'body limit, headers, second tries; no rate limit, no breaker',
  start: async (program, { folder, address, upstream }, wanted) => {
    const port = wanted === 'plain' ? 8083 : 8084;
    const file = join(folder, `Caddyfile-${wanted}`);
    const policy = `  request_body {
    max_size 10MB
  }
  header X-Frame-Options DENY
  header X-Content-Type-Options nosniff
  header Referrer-Policy strict-origin-when-cross-origin
`;
    const proxying = `  reverse_proxy ${upstream.address}:${upstream.port}${wanted === 'policy' ? ' {\n    header_up X-Tenant bench\n    lb_try_duration 1s\n  }' : ''}\n`;
    writeFileSync(
      file,
      `{
  admin off
  auto_https off
}
http://${upstream.host}:${port} {
  bind ${address}
${wanted === 'policy' ? policy : ''}${proxying}}
`,
    );
    const env = { HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder };
    const args = ['run', '--adapter', 'caddyfile', '--config', file];
    return start({ name: labelOf('Caddy', wanted), program, args, address, port, env });
  },
};

const traefik: Peer = {
  ...{ name: 'Traefik', program: 'traefik', variable: 'TRAEFIK' },
  get: 'see docs/decisions/0068-proxy-bench.md; then TRAEFIK=/its/path',
  policy: 'all of it',
  start: async (program, { folder, address, upstream }, wanted) => {
    const port = wanted === 'plain' ? 8085 : 8086;
    const file = join(folder, `traefik-${wanted}.yml`);
    const middlewares = `  middlewares:
    limit: { rateLimit: { average: 1000000, burst: 1000000, period: 1s } }
    breaker: { circuitBreaker: { expression: "ResponseCodeRatio(500, 600, 0, 600) > 0.25" } }
    again: { retry: { attempts: 3, initialInterval: 100ms } }
    body: { buffering: { maxRequestBodyBytes: 10485760 } }
    marks:
      headers:
        frameDeny: true
        contentTypeNosniff: true
        referrerPolicy: strict-origin-when-cross-origin
        customRequestHeaders: { X-Tenant: bench }
`;
    writeFileSync(
      file,
      `http:
  routers:
    web:
      rule: "Host(\`${upstream.host}\`)"
      service: web
${wanted === 'policy' ? '      middlewares: [limit, body, breaker, again, marks]\n' : ''}  services:
    web: { loadBalancer: { servers: [{ url: "http://${upstream.address}:${upstream.port}" }] } }
${wanted === 'policy' ? middlewares : ''}`,
    );
    const args = [
      `--entrypoints.web.address=${address}:${port}`,
      `--providers.file.filename=${file}`,
      ...['--global.checknewversion=false', '--global.sendanonymoususage=false', '--log.level=ERROR'],
    ];
    return start({ name: labelOf('Traefik', wanted), program, args, address, port });
  },
};

const kamalProxy: Peer = {
  ...{ name: 'kamal-proxy', program: 'kamal-proxy', variable: 'KAMAL_PROXY', policy: undefined },
  get: 'see docs/decisions/0068-proxy-bench.md; then KAMAL_PROXY=/its/path',
  start: async (program, { folder, address, upstream }) => {
    const env = { HOME: folder, XDG_RUNTIME_DIR: folder, XDG_CONFIG_HOME: folder };
    const args = ['run', '--http-port', '8087', '--https-port', '8088'];
    const started = await start({ name: 'kamal-proxy', program, args, address, port: 8087, env });
    const target = `${upstream.address}:${upstream.port}`;
    await run(program, ['deploy', 'web', '--target', target, '--host', upstream.host, '--health-check-path', '/'], {
      env: { ...process.env, ...env },
      timeout: 30_000,
    });
    return started;
  },
};

function labelOf(name: string, wanted: 'plain' | 'policy'): string {
  return wanted === 'plain' ? name : `${name}, policy`;
}

/** The plain HAProxy first: the others are measured against it. */
export const peers: readonly Peer[] = [haproxy, nginx, caddy, traefik, kamalProxy];
