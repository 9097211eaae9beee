import type { FastifyServerOptions } from 'fastify';

/** The levels of LOG_LEVEL, in the words that the deployment guides use. */
export const LOG_LEVELS = ['DEBUG', 'INFO', 'WARNING', 'ERROR'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** Where log lines go instead of standard output; tests read them back. */
export type LogSink = { write(line: string): void };

const PINO_LEVEL = { DEBUG: 'debug', INFO: 'info', WARNING: 'warn', ERROR: 'error' } as const;
const SHOWN: Readonly<Record<string, string>> = {
  trace: 'DEBUG',
  debug: 'DEBUG',
  info: 'INFO',
  warn: 'WARNING',
  error: 'ERROR',
  fatal: 'CRITICAL',
};

/** Logger options: one JSON object a line, with the level as a word and the time as ISO 8601. */
export function loggerOptions(parts: {
  readonly service: string;
  readonly instance: string;
  readonly level: LogLevel;
  readonly sink: LogSink | undefined;
}): Exclude<FastifyServerOptions['logger'], undefined> {
  return {
    level: PINO_LEVEL[parts.level],
    base: { service: parts.service, instance: parts.instance },
    timestamp: () => `,"time":"${new Date().toISOString()}"`,
    formatters: { level: (label: string) => ({ level: SHOWN[label] ?? label }) },
    ...(parts.sink ? { stream: parts.sink } : {}),
  };
}
