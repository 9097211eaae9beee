import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fail, hasCode } from '#core/errors.ts';
import type { Launcher } from './launcher.ts';
import { chooseLauncher } from './launchers.ts';

const unused = async (): Promise<never> => assert.fail('choosing starts nothing');

function launcher(kind: Launcher['kind'], obstacle?: Error): Launcher {
  return {
    kind,
    terms: { user: undefined, maxConnections: 100 },
    demandUsable: async () => {
      if (obstacle !== undefined) throw obstacle;
    },
    missingImage: unused,
    fetchImage: unused,
    launch: unused,
    complaintAbout: unused,
    listen: unused,
    logCommand: '',
    checkCommand: () => '',
    clear: unused,
  };
}

const none = fail('PROXY_NOT_INSTALLED', {});
const old = fail('PROXY_UNSUITABLE', { version: '2.4', missing: 'what came with version 2.6' });
const away = fail('DOCKER_UNREACHABLE', { socket: '/s', detail: 'nobody' });

interface Machine {
  readonly host?: Error;
  readonly engine?: Error;
  readonly isWanted?: boolean;
  readonly wasContainer?: boolean;
}

const choose = ({ host, engine, isWanted = false, wasContainer = false }: Machine) =>
  chooseLauncher({
    host: launcher('host', host),
    container: async () => launcher('container', engine),
    isWanted,
    wasContainer,
  });

for (const [what, machine, kind] of [
  ['the host’s HAProxy comes first', {}, 'host'],
  ['also where the proxy was a container before', { wasContainer: true }, 'host'],
  ['and without an engine', { engine: away }, 'host'],
  ['a container stands in for none', { host: none }, 'container'],
  ['and for one that is too old', { host: old }, 'container'],
  ['an image that the user named is wanted whatever the host has', { isWanted: true }, 'container'],
] as const) {
  test(what, async () => assert.equal((await choose(machine)).kind, kind));
}

for (const [what, machine, code] of [
  ['with neither, what is said is that HAProxy is missing', { host: none, engine: away }, 'PROXY_NOT_INSTALLED'],
  ['or too old', { host: old, engine: away }, 'PROXY_UNSUITABLE'],
  [
    'where it was a container, the engine is what is wrong',
    { host: none, engine: away, wasContainer: true },
    'DOCKER_UNREACHABLE',
  ],
  ['and where an image was named', { engine: away, isWanted: true }, 'DOCKER_UNREACHABLE'],
] as const) {
  test(what, () => assert.rejects(choose(machine), (error) => hasCode(error, code)));
}
