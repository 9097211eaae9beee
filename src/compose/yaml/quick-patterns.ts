/* What `quick.ts` looks for. Those with `y` match where the reading stands. */

/** Tabs and returns anywhere; directives and document markers; a byte order mark. */
export const unknown = /[\t\r\ufeff]|^(?:---|\.\.\.|%)/m;

export const key = /(?:[A-Za-z0-9_./$<^~+=][^\s:#'"]*|"[^"\\\n]+"|'[^'\n]+')(?=:[ \n])/y;
export const anchorName = /&([\w-]+)(?=[ \n])/y;
export const aliasName = /\*([\w-]+)/y;
export const doubleQuoted = /"([^"\\\n]*)"/y;
export const singleQuoted = /'([^'\n]*(?:''[^'\n]*)*)'/y;
/** Up to the end of the line, or a comment. No text may have `: ` in it: that would be a mapping. */
export const plain = /(?:[^\s,[\]{}#&*!|>'"%@`:?-]|[:?-](?=[^\s]))(?:[^\n:#]+|:(?=[^ \n])|(?<=[^ ])#)*/y;
export const flowPlain =
  /(?:[^\s,[\]{}#&*!|>'"%@`:?-]|[:?-](?=[^\s,[\]{}]))(?:[^\n,[\]{}:#]+|:(?=[^\s,[\]{}])|(?<=[^ ])#)*/y;
export const flowKey = /(?:[A-Za-z0-9_./$-][^\s:,[\]{}#'"]*|"[^"\\\n]+"|'[^'\n]+')(?=: )/y;
export const rest = / *(?:(?<= )#[^\n]*)?(?:\n|$)/y;

export const [space, newline, hash, dash, ampersand, doubleQuote, singleQuote] = [32, 10, 35, 45, 38, 34, 39];
