import type { Service } from '#model/project.ts';
import { mapOf, textMapOf, textOf } from './values.ts';

/** A container's log grows without end unless the engine is told; this is our cap where the file says nothing. */
const defaultLog = { Type: 'json-file', Config: { 'max-size': '10m', 'max-file': '3' } };

/** The log driver and its options, for the container's HostConfig. */
export function loggingPart(service: Service): Record<string, unknown> {
  const logging = mapOf(service.logging);
  if (Object.keys(logging).length === 0) return { LogConfig: defaultLog };
  const driver = textOf(logging.driver) ?? defaultLog.Type;
  return { LogConfig: { Type: driver, Config: textMapOf(logging.options) } };
}
