const dateForm =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:(?:([Tt])(\d{1,2}):(\d{1,2}):(\d{1,2})(\.\d+)?(Z|[-+]\d{2}:\d{2}))|(?: (\d{1,2}):(\d{1,2}):(\d{1,2})(\.\d+)?))?$/;

/**
 * Reads an unquoted YAML date or time and writes it as the reference prints it, `2024-01-02 03:04:05 +0000 UTC`: an
 * environment value written as a bare date reaches the container in that form.
 *
 * @returns undefined when `source` is no date or time
 */
export function parseTimestamp(source: string): string | undefined {
  const match = dateForm.exec(source);
  if (match === null) return undefined;
  const [, year = '', month = '', day = ''] = match;
  const [hour = '0', minute = '0', second = '0'] = match[4] === undefined ? match.slice(10, 13) : match.slice(5, 8);
  const fraction = match[8] ?? match[13] ?? '';
  if (!isRealDate(Number(year), Number(month), Number(day))) return undefined;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 59 || fraction.length > 10) return undefined;
  const clock = [hour, minute, second].map((part) => part.padStart(2, '0')).join(':');
  const date = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  return `${date} ${clock}${shortFraction(fraction)} ${zone(match[9])}`;
}

function isRealDate(year: number, month: number, day: number): boolean {
  const date = new Date(Date.UTC(2000, month - 1, day));
  date.setUTCFullYear(year);
  return month >= 1 && month <= 12 && day >= 1 && date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

function shortFraction(fraction: string): string {
  const digits = fraction.replace(/0+$/, '');
  return digits === '.' ? '' : digits;
}

function zone(written: string | undefined): string {
  if (written === undefined || written === 'Z' || /00:00$/.test(written)) return '+0000 UTC';
  const offset = written.replace(':', '');
  return `${offset} ${offset}`;
}
