import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { test } from 'node:test';
import { hasCode } from '#core/errors.ts';
import { registryDigest } from './registry.ts';

const digest = `sha256:${'a'.repeat(64)}`;

async function registry(answer: RequestListener): Promise<AsyncDisposable & { readonly host: string }> {
  const server = createServer(answer).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

test('asks for the manifest of the tag and takes the digest', async () => {
  const asked: (string | undefined)[] = [];
  await using it = await registry((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    response.writeHead(200, { 'docker-content-digest': digest }).end();
  });
  assert.equal(await registryDigest(`${it.host}/team/shop:1.2`), digest);
  assert.deepEqual(asked, ['HEAD /v2/team/shop/manifests/1.2']);
});

test('fetches a token where the registry says that it wants one', async () => {
  await using it = await registry((request, response) => {
    if (request.url?.startsWith('/token') === true) {
      const scope = new URL(request.url, 'http://x').searchParams.get('scope');
      response.end(JSON.stringify({ token: `for ${scope}` }));
    } else if (request.headers.authorization === 'Bearer for repository:shop:pull') {
      response.writeHead(200, { 'docker-content-digest': digest }).end();
    } else {
      const challenge = `Bearer realm="http://${it.host}/token",service="reg",scope="repository:shop:pull"`;
      response.writeHead(401, { 'www-authenticate': challenge }).end();
    }
  });
  assert.equal(await registryDigest(`${it.host}/shop:latest`), digest);
});

test('a tag that is not there, and a registry that is not there, are told apart', async () => {
  let host = '';
  {
    await using it = await registry((_request, response) => response.writeHead(404).end());
    host = it.host;
    await assert.rejects(registryDigest(`${host}/shop:1`), (error) => hasCode(error, 'REGISTRY_REFUSED'));
  }
  await assert.rejects(registryDigest(`${host}/shop:1`), (error) => hasCode(error, 'REGISTRY_UNREACHABLE'));
});
