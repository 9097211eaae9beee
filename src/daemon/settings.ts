import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { isAddressRange } from '#core/address-range.ts';
import { fail, reasonOf } from '#core/errors.ts';
import type { EdgeSettings } from './contract.ts';
import { writeWhole } from './whole-file.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The edge's settings that the environment names; what it does not name is left out. */
export function readEdgeSettings(env: Environment): Partial<EdgeSettings> {
  const httpPort = readPort(env, 'TIMONEL_HTTP_PORT');
  const httpsPort = readPort(env, 'TIMONEL_HTTPS_PORT');
  const edgeAddress = readAddress(env, 'TIMONEL_EDGE_ADDRESS');
  const trustedProxies = readRanges(env, 'TIMONEL_TRUSTED_PROXIES');
  const proxyImage = readImage(env, 'TIMONEL_PROXY_IMAGE');
  const metricsAddress = readListener(env, 'TIMONEL_METRICS_ADDRESS');
  return {
    ...(httpPort === undefined ? {} : { httpPort }),
    ...(httpsPort === undefined ? {} : { httpsPort }),
    ...(edgeAddress === undefined ? {} : { edgeAddress }),
    ...(trustedProxies === undefined ? {} : { trustedProxies }),
    ...(proxyImage === undefined ? {} : { proxyImage }),
    ...(metricsAddress === undefined ? {} : { metricsAddress }),
  };
}

/** Where the edge listens when nobody says so. */
export const usualSettings: EdgeSettings = {
  httpPort: 80,
  httpsPort: 443,
  edgeAddress: '0.0.0.0',
  trustedProxies: [],
  proxyImage: '',
  metricsAddress: '',
};

/**
 * What the environment names, else what an earlier start left in `file`, else 80, 443 and every address. The result
 * is remembered, so that a daemon started again by any command listens where the first one did.
 */
export function settleEdgeSettings(env: Environment, file: string): EdgeSettings {
  const settings = { ...usualSettings, ...recall(file), ...readEdgeSettings(env) };
  writeWhole(file, `${JSON.stringify(settings, undefined, 2)}\n`);
  return settings;
}

function recall(file: string): Partial<EdgeSettings> {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Partial<EdgeSettings>;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return {};
    throw fail('DAEMON_SETTINGS_BROKEN', { file, reason: reasonOf(error) }, { cause: error });
  }
}

function readPort(env: Environment, variable: string): number | undefined {
  const value = env[variable];
  if (value === undefined || value === '') return undefined;
  const port = Number(value);
  if (/^\d+$/.test(value) && port >= 1 && port <= 65_535) return port;
  throw fail('DAEMON_SETTING', { variable, value, demand: '1-65535' });
}

/**
 * A port of 127.0.0.1, or an address with a port. Every address would show to everybody what runs here. `none` takes
 * back what an earlier start was told.
 */
function readListener(env: Environment, variable: string): string | undefined {
  const value = env[variable]?.trim();
  if (value === undefined || value === '') return undefined;
  if (value === 'none') return '';
  const [, address = '127.0.0.1', port = ''] = /^(?:\[?([^\]]+)\]?:)?(\d{1,5})$/.exec(value) ?? [];
  const family = isIP(address);
  if (family !== 0 && !/^[0:.]+$/.test(address) && Number(port) >= 1 && Number(port) <= 65_535)
    return family === 6 ? `[${address}]:${Number(port)}` : `${address}:${Number(port)}`;
  throw fail('DAEMON_SETTING', { variable, value, demand: '9180, 172.17.0.1:9180, ... | none' });
}

/** An image's name, as `docker pull` takes it; `none` takes back what an earlier start was told. */
function readImage(env: Environment, variable: string): string | undefined {
  const value = env[variable]?.trim();
  if (value === undefined || value === '') return undefined;
  if (value === 'none') return '';
  if (/^[a-z0-9][\w./:@-]*$/.test(value)) return value;
  throw fail('DAEMON_SETTING', { variable, value, demand: 'haproxy:2.8-alpine, ... | none' });
}

/** `none` takes back what an earlier start was told. */
function readRanges(env: Environment, variable: string): readonly string[] | undefined {
  const value = env[variable]?.trim();
  if (value === undefined || value === '') return undefined;
  if (value === 'none') return [];
  const ranges = value.split(/[\s,]+/).filter((one) => one !== '');
  if (ranges.every((one) => isAddressRange(one) && !one.endsWith('/0'))) return ranges;
  throw fail('DAEMON_SETTING', { variable, value, demand: '10.0.0.0/8, 192.0.2.7, ... | none' });
}

function readAddress(env: Environment, variable: string): string | undefined {
  const value = env[variable];
  if (value === undefined || value === '') return undefined;
  if (isIP(value) !== 0) return value;
  throw fail('DAEMON_SETTING', { variable, value, demand: '0.0.0.0, 127.0.0.1, ...' });
}
