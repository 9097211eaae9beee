import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An image registry of a test's own, on a loopback port, which engines trust without TLS. */
export interface TestRegistry extends AsyncDisposable {
  /** `127.0.0.1:PORT`, the first part of its images' names. */
  readonly host: string;
  /** Puts an image of one layer (a tar) there and returns its digest. */
  push(name: string, tag: string, layer: Buffer, config?: object): string;
  /** Answers nothing any more to requests for layers and configs. */
  silence(): void;
  readonly requests: string[];
}

/** Starts a registry that speaks as much of the distribution API as a pull needs. */
export async function startRegistry(options: { readonly account?: string } = {}): Promise<TestRegistry> {
  const blobs = new Map<string, Buffer>();
  const manifests = new Map<string, string>();
  const requests: string[] = [];
  let isSilent = false;
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    if (options.account !== undefined && !isAllowed(request, options.account)) return deny(response);
    const [, name = '', kind, reference = ''] = /^\/v2\/(.+)\/(manifests|blobs)\/(.+)$/.exec(request.url ?? '') ?? [];
    if (kind === undefined) return void response.end('{}');
    if (kind === 'blobs' && isSilent) return;
    const digest = kind === 'blobs' ? reference : (manifests.get(`${name}:${reference}`) ?? reference);
    const content = blobs.get(digest);
    if (content === undefined) return missing(response);
    const type = kind === 'blobs' ? 'application/octet-stream' : manifestType;
    response.writeHead(200, {
      'content-type': type,
      'content-length': content.length,
      'docker-content-digest': digest,
    });
    response.end(request.method === 'HEAD' ? undefined : content);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const keep = (content: Buffer): { digest: string; size: number } => {
    const digest = `sha256:${createHash('sha256').update(content).digest('hex')}`;
    blobs.set(digest, content);
    return { digest, size: content.length };
  };
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    silence: () => {
      isSilent = true;
    },
    push: (name, tag, layer, config = {}) => {
      const kept = keep(layer);
      const image = {
        ...{ architecture: process.arch === 'arm64' ? 'arm64' : 'amd64', os: 'linux', config },
        rootfs: { type: 'layers', diff_ids: [kept.digest] },
      };
      const manifest = {
        schemaVersion: 2,
        mediaType: manifestType,
        config: { mediaType: 'application/vnd.docker.container.image.v1+json', ...keep(json(image)) },
        layers: [{ mediaType: 'application/vnd.docker.image.rootfs.diff.tar', ...kept }],
      };
      const { digest } = keep(json(manifest));
      manifests.set(`${name}:${tag}`, digest);
      return digest;
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => {
        server.close(() => resolve());
      });
    },
  };
}

const manifestType = 'application/vnd.docker.distribution.manifest.v2+json';

function json(value: object): Buffer {
  return Buffer.from(JSON.stringify(value));
}

function isAllowed(request: IncomingMessage, account: string): boolean {
  return request.headers.authorization === `Basic ${Buffer.from(account).toString('base64')}`;
}

function deny(response: ServerResponse): void {
  response.writeHead(401, { 'www-authenticate': 'Basic realm="test"', 'content-type': 'application/json' });
  response.end(JSON.stringify({ errors: [{ code: 'UNAUTHORIZED', message: 'authentication required' }] }));
}

function missing(response: ServerResponse): void {
  response.writeHead(404, { 'content-type': 'application/json' });
  response.end(JSON.stringify({ errors: [{ code: 'MANIFEST_UNKNOWN', message: 'no such image' }] }));
}
