import { availableParallelism } from 'node:os';
import { instanceName } from '@timonel/kit/instance.ts';
import { LOG_LEVELS } from '@timonel/kit/log.ts';
import { type Env, readSettings } from '@timonel/kit/settings.ts';
import { z } from 'zod';
import manifest from '../package.json' with { type: 'json' };
import { existeZona } from './modelo/fecha.ts';

const port = z.coerce.number().int().min(0).max(65535);
const whole = z.coerce.number().int();
const baseUrl = z.url({ protocol: /^https?$/ });
const ttl = whole.min(1).max(86_400);

const schema = z.object({
  HOST: z.string().default('0.0.0.0'),
  PORT: port.optional(),
  APP_PORT: port.default(5000),
  INSTANCE_ID: z.string().optional(),
  APP_VERSION: z.string().default(manifest.version),
  FLASK_CONTEXT: z.enum(['production', 'development', 'testing']).default('development'),
  LOG_LEVEL: z.enum(LOG_LEVELS).default('INFO'),
  USE_MOCK_DATA: z.stringbool().default(false),
  REDIS_HOST: z.string().default('localhost'),
  REDIS_PORT: port.default(6379),
  REDIS_PASSWORD: z.string().optional(),
  REDIS_DB: whole.min(0).default(0),
  ALUMNOS_HOST: baseUrl.optional(),
  ALUMNO_SERVICE_URL: baseUrl.default('http://localhost:5001/api/v1'),
  ACADEMICA_HOST: baseUrl.optional(),
  ESPECIALIDAD_SERVICE_URL: baseUrl.default('http://localhost:5002/api/v1'),
  UPSTREAM_PATH_PREFIX: z
    .string()
    .regex(/^(\/[\w.-]+)+$/, 'must start with / and not end with it')
    .default(''),
  CACHE_ALUMNO_TTL: ttl.default(300),
  CACHE_ESPECIALIDAD_TTL: ttl.default(600),
  REQUEST_TIMEOUT: z.coerce.number().positive().max(120).default(10),
  RETRY_ATTEMPTS: whole.min(1).max(10).default(3),
  RETRY_BASE_MS: whole.min(0).max(60_000).default(500),
  WORKERS: whole.min(1).max(32).optional(),
  QUEUE_MAX: whole.min(1).default(500),
  STOP_TIMEOUT_MS: whole.min(0).default(30_000),
  STOP_LINGER_MS: whole.min(0).default(0),
  TZ: z.string().refine(existeZona, 'is not a time zone that Node knows').default('America/Argentina/Mendoza'),
  FACULTAD_CIUDAD: z.string().default('San Rafael'),
  FACULTAD_PROVINCIA: z.string().default('Mendoza'),
  FACULTAD_UNIVERSIDAD: z.string().default('Universidad Tecnológica Nacional'),
});

/** The settings of one process, read once at start. */
export type Settings = ReturnType<typeof settingsFrom>;

/** Reads and checks the environment. Throws SettingsError with every problem it has. */
export function settingsFrom(env: Env, pid: number) {
  const raw = readSettings(schema, env);
  return {
    host: raw.HOST,
    port: raw.PORT ?? raw.APP_PORT,
    instance: instanceName(env, pid),
    version: raw.APP_VERSION,
    context: raw.FLASK_CONTEXT,
    logLevel: raw.LOG_LEVEL,
    mock: raw.USE_MOCK_DATA,
    redis: { host: raw.REDIS_HOST, port: raw.REDIS_PORT, password: raw.REDIS_PASSWORD, db: raw.REDIS_DB },
    alumnosUrl: upstreamUrl(raw.ALUMNOS_HOST ?? raw.ALUMNO_SERVICE_URL, raw.UPSTREAM_PATH_PREFIX),
    academicaUrl: upstreamUrl(raw.ACADEMICA_HOST ?? raw.ESPECIALIDAD_SERVICE_URL, raw.UPSTREAM_PATH_PREFIX),
    ttl: { alumno: raw.CACHE_ALUMNO_TTL, especialidad: raw.CACHE_ESPECIALIDAD_TTL },
    upstream: { timeoutMs: raw.REQUEST_TIMEOUT * 1000, attempts: raw.RETRY_ATTEMPTS, baseMs: raw.RETRY_BASE_MS },
    // More than four threads a replica only pays where replicas are few; the guide runs two to five of them.
    render: { workers: raw.WORKERS ?? Math.min(4, availableParallelism()), queueMax: raw.QUEUE_MAX },
    stop: { timeoutMs: raw.STOP_TIMEOUT_MS, lingerMs: raw.STOP_LINGER_MS },
    zona: raw.TZ,
    lugar: {
      ciudad: raw.FACULTAD_CIUDAD,
      provincia: raw.FACULTAD_PROVINCIA,
      universidad: raw.FACULTAD_UNIVERSIDAD,
    },
  } as const;
}

function upstreamUrl(base: string, prefix: string): string {
  return `${base.replace(/\/+$/, '')}${prefix}`;
}
