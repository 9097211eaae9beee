/** The text as a YAML scalar on one line: bare where no reader takes it for anything else, quoted otherwise. */
export function plainOrQuoted(text: string): string {
  return isPlain(text) ? text : quoted(text);
}

/** The text in double quotes. JSON's escapes are YAML's; what YAML may not hold bare is escaped besides. */
export function quoted(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\u00a0\u2028\u2029\ufeff\ufffe\uffff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Booleans and nothing in YAML 1.1 or 1.2, in small letters. */
const words = new Set(['y', 'n', 'yes', 'no', 'on', 'off', 'true', 'false', 'null']);

const startsPlain = /^[A-Za-z_/$(]/;
/** A number with a unit or in a version: `1m30s`, `10.0.0.1`; not `1e3`, `0x1F`, a date or `22:22`. */
const startsWithUnit = /^[0-9]+[a-df-wyzA-DF-WYZ]|^[0-9]+\.[0-9]+\.[0-9]/;
const plainBody = /^[\w./$(){}[\]@%+=,:;&|<>*?!~^"'`#\\ -]*$/;

function isPlain(text: string): boolean {
  if (!plainBody.test(text)) return false;
  if (startsPlain.test(text)) return !endsOrBreaks(text) && !isWord(text);
  return startsWithUnit.test(text) && !/^0[ob]/i.test(text) && !endsOrBreaks(text);
}

function isWord(text: string): boolean {
  // `e1` is a number to some readers of YAML 1.1.
  return (text.length < 6 && words.has(text.toLowerCase())) || /^[eE][0-9]+$/.test(text);
}

/** Does it hold what ends a bare scalar: a comment, a key's colon, white space at its end? */
function endsOrBreaks(text: string): boolean {
  return text.includes(' #') || text.includes(': ') || text.endsWith(':') || text.endsWith(' ');
}
