import { instanceName } from '@timonel/kit/instance.ts';
import { LOG_LEVELS } from '@timonel/kit/log.ts';
import { type Env, readSettings } from '@timonel/kit/settings.ts';
import { z } from 'zod';

const whole = z.coerce.number().int().min(0);

const schema = z.object({
  HOST: z.string().default('0.0.0.0'),
  PORT: whole.max(65_535).default(5001),
  INSTANCE_ID: z.string().optional(),
  LOG_LEVEL: z.enum(LOG_LEVELS).default('INFO'),
  STOP_TIMEOUT_MS: whole.default(30_000),
  PADRON_SLOW_FROM: whole.default(700_000),
  PADRON_SLOW_TO: whole.default(799_999),
  PADRON_SLOW_MS: whole.default(5_000),
  STUB_CONTROL: z.stringbool().default(false),
});

export type PadronSettings = ReturnType<typeof padronSettingsFrom>;

/** Reads and checks the environment of the stub. Throws SettingsError. */
export function padronSettingsFrom(env: Env, pid: number) {
  const raw = readSettings(schema, env);
  return {
    host: raw.HOST,
    port: raw.PORT,
    instance: instanceName(env, pid),
    logLevel: raw.LOG_LEVEL,
    stopTimeoutMs: raw.STOP_TIMEOUT_MS,
    slow: { from: raw.PADRON_SLOW_FROM, to: raw.PADRON_SLOW_TO, ms: raw.PADRON_SLOW_MS },
    control: raw.STUB_CONTROL,
  } as const;
}
