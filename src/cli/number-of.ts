import { fail } from '#core/errors.ts';

/** The value of an option that is a whole number of at least `least`. Throws CLI_FLAG_NUMBER. */
export function numberOf(option: string, value: string | undefined, least: number): string | undefined {
  if (value === undefined || (/^\d+$/.test(value) && Number(value) >= least)) return value;
  throw fail('CLI_FLAG_NUMBER', { option, value, least });
}
