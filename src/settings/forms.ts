import { z } from 'zod';
import { isAddressRange } from '#core/address-range.ts';
import { parseDuration } from '#core/duration.ts';
import { isHeaderName } from '#core/header-name.ts';
import { demands } from '#core/messages/demands.ts';
import { groupsOf, isPattern, mostGroups } from '#core/pattern.ts';

/* Forms of values that several settings share. */

/** Milliseconds, from text or from a number of seconds. */
export const duration = z
  .union([z.number().nonnegative(), z.string()])
  .transform((value, context) => {
    const ms = typeof value === 'number' ? value * 1000 : parseDuration(value);
    if (ms !== undefined && ms >= 0) return ms;
    context.addIssue({ code: 'custom', message: demands.durationForm.en });
    return z.NEVER;
  })
  .meta({ type: 'duration' });

const powers = ['b', 'k', 'm', 'g'];

/** Bytes, from text such as `10MB` (powers of 1024, as in Compose) or from a number. */
export const size = z
  .union([z.number().int().positive(), z.string()])
  .transform((value, context) => {
    if (typeof value === 'number') return value;
    const [, number, unit = 'b'] = /^(\d+(?:\.\d+)?) ?(b|[kmg](?:i?b)?)?$/i.exec(value.trim()) ?? [];
    const bytes = Math.floor(Number(number) * 1024 ** powers.indexOf(unit[0]?.toLowerCase() ?? 'b'));
    if (bytes > 0) return bytes;
    context.addIssue({ code: 'custom', message: demands.size.en });
    return z.NEVER;
  })
  .meta({ type: 'size' });

/** A text that can stand in a header. */
export const line = z
  .string()
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must be kept out
  .refine((text) => !/[\u0000-\u001f\u007f]/.test(text), { message: demands.line.en });

/** Addresses and ranges of peers whose word is taken; everybody's word would be nobody's. */
export const trustedRange = z.string().refine((text) => isAddressRange(text) && !text.endsWith('/0'), {
  message: demands.ranges.en,
});

export const headerName = z.string().refine(isHeaderName, { message: demands.header.en });

/** A pattern whose groups a replacement can name. */
export const pattern = line.refine((text) => isPattern(text) && groupsOf(text).length <= mostGroups, {
  message: `a regular expression with at most ${mostGroups} groups`,
});
