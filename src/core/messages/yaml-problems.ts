type Say = (detail: string) => string;

interface Problem {
  readonly en: Say;
  readonly es: Say;
  /** What to change. */
  readonly fix: { readonly en: Say; readonly es: Say };
}

function problem(en: string | Say, es: string | Say, fixEn: string | Say, fixEs: string | Say): Problem {
  return { en: asSay(en), es: asSay(es), fix: { en: asSay(fixEn), es: asSay(fixEs) } };
}

function asSay(text: string | Say): Say {
  return typeof text === 'string' ? () => text : text;
}

/** What can be wrong with the syntax of a YAML text, and how to put it right. */
export const yamlProblems = {
  character: problem(
    (f) => `the character ${f} is not allowed`,
    (f) => `el carácter ${f} no está permitido`,
    'remove it; in "…" it can be written as an escape',
    'elimínelo; entre "…" se puede escribir como escape',
  ),
  tab: problem(
    'a tab stands where only spaces indent',
    'hay un tabulador donde solo se indenta con espacios',
    'replace the tab with spaces',
    'cambie el tabulador por espacios',
  ),
  'no-value': problem(
    (f) => `a value cannot begin with ${f}`,
    (f) => `un valor no puede empezar por ${f}`,
    'put the value in quotes',
    'ponga el valor entre comillas',
  ),
  'no-colon': problem(
    'this looks like a key, but no colon follows it on its line',
    'esto parece una clave, pero no le siguen dos puntos en su línea',
    'write key: value, or indent the line if it belongs to the value above',
    'escriba clave: valor, o indente la línea si pertenece al valor anterior',
  ),
  'value-here': problem(
    'a second colon on the line: a value that holds ": " needs quotes, and a mapping begins on a new line',
    'hay otros dos puntos en la línea: un valor con ": " necesita comillas y un mapa empieza en otra línea',
    'put the value in quotes',
    'ponga el valor entre comillas',
  ),
  'key-here': problem(
    'a key cannot begin here',
    'aquí no puede empezar una clave',
    'begin it on a line of its own',
    'empiécela en una línea propia',
  ),
  'item-here': problem(
    'a list item cannot begin here',
    'aquí no puede empezar un elemento de lista',
    'begin the list on the next line, or write it as [a, b]',
    'empiece la lista en la línea siguiente o escríbala como [a, b]',
  ),
  'key-expected': problem(
    'a key of the mapping above is expected here: the indentation fits no block, or a value ended before this',
    'aquí se espera una clave del mapa anterior: la indentación no encaja en ningún bloque o un valor ya terminó',
    'indent the line like the keys beside it, or put the whole value in quotes',
    'indente la línea como las claves vecinas o ponga todo el valor entre comillas',
  ),
  'item-expected': problem(
    'an item "- …" of the list above is expected here',
    'aquí se espera un elemento "- …" de la lista anterior',
    'indent the line like the items beside it, or begin it with "- "',
    'indente la línea como los elementos vecinos o empiécela con "- "',
  ),
  'open-bracket': problem(
    'between [ and ] a comma or the end is missing',
    'entre [ y ] falta una coma o el cierre',
    'write [a, b]',
    'escriba [a, b]',
  ),
  'open-brace': problem(
    'between { and } a comma or the end is missing',
    'entre { y } falta una coma o el cierre',
    'write {a: 1, b: 2}',
    'escriba {a: 1, b: 2}',
  ),
  'content-expected': problem(
    'a value is missing here',
    'aquí falta un valor',
    'write a value, or remove the sign',
    'escriba un valor o elimine el signo',
  ),
  'open-quote': problem(
    'this quote is never closed',
    'esta comilla no se cierra nunca',
    "close it; inside \"…\" write a quote as \\\", inside '…' as ''",
    "ciérrela; dentro de \"…\" una comilla se escribe \\\", dentro de '…' se escribe ''",
  ),
  'document-in-quotes': problem(
    'a document begins or ends inside these quotes',
    'un documento empieza o termina dentro de estas comillas',
    'close the quotes, or indent the line of --- or ...',
    'cierre las comillas o indente la línea de --- o ...',
  ),
  escape: problem(
    (f) => `${f} is no escape`,
    (f) => `${f} no es un escape`,
    "write the backslash twice, or use '…', where it means nothing",
    "escriba dos veces la barra invertida o use '…', donde no significa nada",
  ),
  'block-header': problem(
    (f) => `after | or > comes nothing but + - and an indentation from 1 to 9, not "${f}"`,
    (f) => `tras | o > solo van + - y una indentación de 1 a 9, no "${f}"`,
    'begin the text on the next line',
    'empiece el texto en la línea siguiente',
  ),
  'anchor-name': problem(
    '& and * need a name of letters and digits',
    '& y * necesitan un nombre de letras y dígitos',
    'name it, or put the value in quotes',
    'póngale un nombre o ponga el valor entre comillas',
  ),
  tag: problem(
    'this tag is not well formed',
    'esta etiqueta no está bien formada',
    'write !name before the value, or put the value in quotes',
    'escriba !nombre delante del valor o ponga el valor entre comillas',
  ),
  'tag-handle': problem(
    (f) => `the tag handle ${f} is not declared`,
    (f) => `el prefijo de etiqueta ${f} no está declarado`,
    'declare it with %TAG, or remove the tag',
    'declárelo con %TAG o elimine la etiqueta',
  ),
  directive: problem(
    'a line that begins with % must be %YAML 1.2 or %TAG',
    'una línea que empieza por % debe ser %YAML 1.2 o %TAG',
    'remove the line',
    'elimine la línea',
  ),
  'document-start': problem(
    'another document must begin with ---',
    'otro documento debe empezar por ---',
    'check the indentation of this line, or write --- before it',
    'revise la indentación de esta línea o escriba --- delante',
  ),
} as const satisfies Readonly<Record<string, Problem>>;

export type YamlProblem = keyof typeof yamlProblems;
