/* What the value of a label must be, and what to do instead of a label that cannot be honoured. English, then Spanish. */

const demands = {
  'true or false': 'true o false',
  'a port': 'un puerto',
  'a whole number': 'un número entero',
  'host names': 'nombres de host',
  'a host name': 'un nombre de host',
  'a header name': 'un nombre de cabecera',
  'names of headers': 'nombres de cabeceras',
  'names of headers, between commas': 'nombres de cabeceras, separados por comas',
  'the value of a header with a valid name': 'el valor de una cabecera con nombre válido',
  'a duration such as 10s or 100ms': 'una duración como 10s o 100ms',
  'a regular expression': 'una expresión regular',
  'regular expressions, between commas': 'expresiones regulares, separadas por comas',
  'a regular expression with at most 9 groups': 'una expresión regular con 9 grupos como mucho',
  'without line breaks and other control characters': 'un texto sin saltos de línea ni otros caracteres de control',
  'a path that begins with /': 'una ruta que empiece por /',
  'paths that begin with /, between commas': 'rutas que empiecen por /, separadas por comas',
  'addresses or ranges such as 10.0.0.0/8, between commas': 'direcciones o rangos como 10.0.0.0/8, separados por comas',
  'NAME:HASH as htpasswd writes it, between commas': 'NOMBRE:HASH como lo escribe htpasswd, separados por comas',
  'a status from 400 to 599': 'un estado de 400 a 599',
  'a status from 200 to 599 that has a body': 'un estado de 200 a 599 que tenga cuerpo',
  'a status from 400 to 599, or a range, with the status to send':
    'un estado de 400 a 599, o un rango, con el estado que se envía',
  'statuses and ranges from 400 to 599, such as 404,500-599': 'estados y rangos de 400 a 599, como 404,500-599',
  'of 401, 403, 404, 408, 425, 500, 501, 502, 503, 504, or a range with some of them':
    'uno de 401, 403, 404, 408, 425, 500, 501, 502, 503, 504, o un rango con alguno de ellos',
  'http or https': 'http o https',
  'wrr, p2c or leasttime': 'wrr, p2c o leasttime',
  'none, lax or strict': 'none, lax o strict',
  'letters, digits, _ and -': 'letras, cifras, _ y -',
  'the only criterion': 'el único criterio',
  'not beside includedcontenttypes': 'sola, sin includedcontenttypes',
} as const;

export type Demand = keyof typeof demands | `a whole number from ${number} on`;

const insteads = {
  'several Compose services cannot share one Traefik service; use the strategy canary':
    'varios servicios de Compose no pueden compartir un servicio de Traefik; use la estrategia canary',
  'the proxy speaks HTTP/1.1 to instances': 'el proxy habla HTTP/1.1 con las instancias',
  'sticky.cookie keeps a client at its instance': 'sticky.cookie mantiene a cada cliente en su instancia',
  'it is for all paths': 'la cookie vale para todas las rutas',
  'the cookie is for the host that set it': 'la cookie es del host que la puso',
  'instances are asked with GET': 'a las instancias se les pregunta con GET',
  'it is asked over HTTP': 'se pregunta por HTTP',
  'a service has one probe, and another Traefik service of it is asked':
    'un servicio tiene una sola sonda, y se pregunta a otro servicio de Traefik suyo',
  'answers are passed on as they come': 'las respuestas se pasan según llegan',
  'use the retry middleware': 'use el middleware retry',
  'attempts and initialinterval bound how long it takes': 'attempts e initialinterval ya limitan lo que tarda',
  'what no instance took is always tried again': 'lo que ninguna instancia recibió siempre se reintenta',
  'what may not run twice reaches an instance once': 'lo que no debe ejecutarse dos veces llega una sola vez',
  'name the users in the label users, or in x-timonel.route.basicAuth':
    'nombre a los usuarios en la etiqueta users, o en x-timonel.route.basicAuth',
  'the proxy knows gzip only': 'el proxy solo conoce gzip',
  'use redirectregex': 'use redirectregex',
  'only X-Forwarded-Proto of a trusted proxy tells that it spoke HTTPS':
    'solo X-Forwarded-Proto de un proxy de confianza dice que habló HTTPS',
  'limits are kept in the proxy': 'los límites los lleva el proxy',
  'addresses of trusted proxies are skipped everywhere': 'las direcciones de proxies de confianza se saltan siempre',
  'IPv6 addresses are counted one by one': 'las direcciones IPv6 se cuentan una a una',
  'use basicauth over HTTPS': 'use basicauth sobre HTTPS',
  'ask the service that knows the users from inside': 'pregunte al servicio que conoce a los usuarios desde dentro',
  'the service must speak gRPC-Web itself': 'el servicio debe hablar gRPC-Web por sí mismo',
  'client certificates are not asked for': 'no se piden certificados de cliente',
  "plugins are Traefik's own": 'los plugins son propios de Traefik',
} as const;

export type Instead = keyof typeof insteads;

/** A demand, or what to do instead, in Spanish. */
export function inSpanish(words: Demand | Instead): string {
  const [, least] = /^a whole number from (\d+) on$/.exec(words) ?? [];
  if (least !== undefined) return `un número entero desde ${least}`;
  return { ...demands, ...insteads }[words as keyof typeof demands | Instead] ?? words;
}
