import type { Service } from '#model/project.ts';

/** How much of a service's output is kept. */
export interface LogOptions {
  readonly kept: boolean;
  readonly maxBytes: number;
  readonly maxFiles: number;
}

const units: Readonly<Record<string, number>> = { '': 1, b: 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };

/** `logging` of the Compose file: 10 MB in 3 files unless `max-size` and `max-file` say otherwise. */
export function logOptionsOf(service: Service): LogOptions {
  const logging = (service.logging ?? {}) as { readonly driver?: unknown; readonly options?: unknown };
  const options = (logging.options ?? {}) as Readonly<Record<string, unknown>>;
  return {
    kept: logging.driver !== 'none',
    maxBytes: Math.max(64 * 1024, sizeOf(options['max-size']) ?? 10 * 1024 ** 2),
    maxFiles: Math.max(1, Math.trunc(Number(options['max-file'] ?? 3)) || 3),
  };
}

function sizeOf(value: unknown): number | undefined {
  const [, number, unit = ''] = /^(\d+(?:\.\d+)?)\s*([bkmg]?)b?$/i.exec(String(value ?? '')) ?? [];
  return number === undefined ? undefined : Number(number) * (units[unit.toLowerCase()] ?? 1);
}
